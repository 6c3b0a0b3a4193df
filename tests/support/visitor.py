"""Somebody who uses the portal over HTTP as a browser does: with cookies, following redirects."""

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from io import BytesIO

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.support.applying import hidden_fields


@dataclass(frozen=True)
class Page:
    """What a visitor sees in the end."""

    url: str
    status: int
    text: str


class UnreachableError(Exception):
    """No answer came, or not all of it."""


@dataclass
class Visitor:
    """One browser."""

    url: str
    timeout: float = 60
    cookies: CookieJar = field(default_factory=CookieJar)
    # What its proxy says of it.
    address: str = ""

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        if self.address:
            self.opener.addheaders.append(("X-Forwarded-For", self.address))

    def get(self, path: str) -> Page:
        """Open a page. Raises UnreachableError."""
        return self._ask(urllib.request.Request(self.url + path))

    def send(self, path: str, fields: dict[str, str], resume: bytes) -> Page:
        """Send a form with a résumé. Raises UnreachableError."""
        file = FileStorage(BytesIO(resume), filename="cv.pdf", name="resume", content_type="application/pdf")
        boundary, body = encode_multipart({**fields, "resume": file})
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Origin": self.url}
        return self._ask(urllib.request.Request(self.url + path, data=body, headers=headers))

    def post(self, path: str, on: str = "", **fields: str) -> Page:
        """Send a form to `path`, from the page `on`, which is the same where none is given. Raises UnreachableError."""
        data = urllib.parse.urlencode({**self.opened_form(on or path), **fields}).encode()
        return self._ask(urllib.request.Request(self.url + path, data=data, headers={"Origin": self.url}))

    def opened_form(self, path: str) -> dict[str, str]:
        """What the form at `path` sends along by itself. Raises UnreachableError."""
        return hidden_fields(self.get(path).text)

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            with self.opener.open(request, timeout=self.timeout) as response:
                return Page(response.url, response.status, response.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.url, error.code, error.read().decode())
        except (OSError, HTTPException) as error:
            raise UnreachableError from error
