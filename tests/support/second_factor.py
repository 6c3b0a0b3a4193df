"""A phone with an app for codes, of tests."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask.testing import FlaskClient
from passlib.totp import TOTP
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
