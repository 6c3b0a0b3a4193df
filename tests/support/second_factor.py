"""A phone with an app for codes, and a device with a passkey, of tests."""

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from html import unescape
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from passlib.totp import TOTP
from webauthn.helpers import bytes_to_base64url
from werkzeug.test import TestResponse

from s2group.core.clock import now
from tests.support.headings import text_of
from tests.support.staff import PASSWORD, form_token, submit

LOGIN, APP, FACTOR = "/en/account/login", "/en/account/second-factor/app/", "/en/account/second-factor/"
CODE, RECOVERY, CODES = "/en/account/code", "/en/account/recovery-code", "/en/account/recovery-codes"
RECOVERY_CODE = re.compile(r"<code>((?:[0-9a-f]{4}-){3}[0-9a-f]{4})</code>")


@dataclass
class Phone:
    """What an app keeps of the key that it was shown."""

    key: str

    def code(self, at: datetime | None = None) -> str:
        """What it shows at that moment."""
        return str(TOTP(self.key).generate(at or now()).token)


def set_up_app(client: FlaskClient) -> tuple[Phone, list[str]]:
    """Set up an app for whoever is signed in; the phone and the recovery codes."""
    page = client.get(APP).text
    found = re.search(r"<code>([A-Z2-7 -]+)</code>", page)
    assert found, text_of(page)
    phone = Phone(found[1])
    answer = client.post(APP, data={"csrf_token": form_token(page), "code": phone.code()})
    assert answer.status_code in (200, 303), text_of(answer.text)
    return phone, RECOVERY_CODE.findall(answer.text)


def give_password(client: FlaskClient, email: str) -> TestResponse:
    """The first step of signing in."""
    return submit(client, LOGIN, email=email, password=PASSWORD)


def give_code(client: FlaskClient, code: str, *, page: str = CODE) -> TestResponse:
    """The second one."""
    return submit(client, page, code=code)


class Device:
    """A device with passkeys, without a browser before it."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self.origin = origin
        self.id = secrets.token_bytes(16)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, page: str) -> str:
        """Its answer to the page that adds a passkey."""
        x, y = (
            number.to_bytes(32, "big")
            for number in (self._key.public_key().public_numbers().x, self._key.public_key().public_numbers().y)
        )
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        data = self._data(0x45, 0) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(self._client("webauthn.create", page), attestationObject=attestation)

    def sign(self, page: str, *, count: int = 0, flags: int = 0x05) -> str:
        """Its answer to the page that signs in; its holder was present and verified."""
        data, client = self._data(flags, count), self._client("webauthn.get", page)
        signature = self._key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(client, authenticatorData=data, signature=signature)

    def _data(self, flags: int, count: int) -> bytes:
        host = urlsplit(self.origin).hostname or ""
        return sha256(host.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _client(self, kind: str, page: str) -> bytes:
        found = re.search(r'data-options="([^"]+)"', page)
        assert found, text_of(page)
        challenge = json.loads(unescape(found[1]))["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, client: bytes, **parts: bytes) -> str:
        response = {name: bytes_to_base64url(value) for name, value in parts.items()}
        response["clientDataJSON"] = bytes_to_base64url(client)
        raw = bytes_to_base64url(self.id)
        return json.dumps({"id": raw, "rawId": raw, "type": "public-key", "response": response})
