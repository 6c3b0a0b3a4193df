"""Asking one service over HTTP, with patience and with distrust."""

import json
import math
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

PIECE = 64 * 1024
# How often a service may ask to wait.
MOST_WAITS = 2
BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class SourceError(Exception):
    """A service did not answer a question; `status` is that of its answer, `said` how its answer begins."""

    def __init__(self, message: str, *, status: int | None = None, said: str = "") -> None:
        super().__init__(message)
        self.status, self.said = status, said


class GaveUpError(SourceError):
    """A service wants to be asked nothing more for now."""


class _SameHostOnly(HTTPRedirectHandler):
    """Follows a service to another of its addresses, never to another host: a token goes along."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise URLError("it leads to another host")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    return build_opener(_SameHostOnly, HTTPSHandler(context=ssl.create_default_context()))


def who_asks(config: Mapping[str, Any]) -> dict[str, str]:
    """The header that tells a service who asks, and how to reach them."""
    email = f"; mailto:{config['COUNTS_EMAIL']}" if config["COUNTS_EMAIL"] else ""
    return {"User-Agent": f"s2group-portal (+{config['PUBLIC_URL']}{email})"}


@dataclass
class Client:
    """One service at `base`, asked with `headers`; `key` is never part of an error's message."""

    base: str
    headers: dict[str, str]
    # Seconds without a byte, and seconds for a whole answer.
    timeout: float = 10
    deadline: float = 30
    most_bytes: int = 4 * 1024 * 1024
    # For how many seconds the service may ask to wait, and when, by time.monotonic, all asking has to end.
    longest_wait: float = 60
    until: float = math.inf
    _opener: OpenerDirector = field(default_factory=_opener)

    def json(self, path: str, body: object = None) -> Any:
        """The answer to GET `path`, or to POST `path` with `body`.

        Waits where the service asks for a short wait. Raises GaveUpError where it refuses to be asked on,
        and SourceError where this question failed, or no time is left for it.
        """
        answer = self._patiently(path, None if body is None else json.dumps(body).encode())
        try:
            return json.loads(answer)
        except (ValueError, RecursionError) as error:
            raise SourceError("its answer is not JSON") from error

    def text(self, path: str) -> str:
        """The answer to GET `path` as text. Raises as `json` does."""
        try:
            return str(self._patiently(path, None), "utf-8")
        except UnicodeDecodeError as error:
            raise SourceError("its answer is not UTF-8") from error

    def _patiently(self, path: str, data: bytes | None) -> bytes:
        for _ in range(MOST_WAITS):
            try:
                return self._ask(path, data)
            except HTTPError as error:
                with error:
                    seconds = self._wait(error)
            time.sleep(seconds)
        try:
            return self._ask(path, data)
        except HTTPError as error:
            with error:
                raise GaveUpError(f"HTTP {error.code} after {MOST_WAITS} waits", status=error.code) from error

    def _ask(self, path: str, data: bytes | None) -> bytes:
        started = time.monotonic()
        if started >= self.until:
            raise SourceError("no time is left to ask it")
        headers = self.headers | ({} if data is None else {"Content-Type": "application/json"})
        timeout = min(self.timeout, self.until - started)
        try:
            with self._opener.open(Request(self.base + path, data, headers), timeout=timeout) as response:  # noqa: S310
                return self._read(response, started)
        except HTTPError:
            raise
        except URLError as error:
            raise SourceError(str(error.reason)) from error
        except (OSError, HTTPException) as error:
            raise SourceError(str(error) or type(error).__name__) from error

    def _read(self, response: Any, started: float) -> bytes:
        """The whole answer, unless it is too long or takes too long."""
        answer, until = bytearray(), min(started + self.deadline, self.until)
        while piece := response.read1(PIECE):
            answer += piece
            if len(answer) > self.most_bytes:
                raise SourceError(f"its answer is longer than {self.most_bytes} bytes")
            if time.monotonic() > until:
                raise SourceError(f"its answer took longer than {until - started:.0f} s")
        return bytes(answer)

    def _wait(self, error: HTTPError) -> float:
        """The seconds for which it asks to wait, where it asks for some that are bearable; raises otherwise."""
        seconds = _seconds(error.headers.get("Retry-After", ""))
        if seconds is not None and (error.code in BUSY or error.code == HTTPStatus.FORBIDDEN):
            if seconds <= self.longest_wait:
                return seconds
            raise GaveUpError(f"HTTP {error.code}, and a wait of {seconds:.0f} s", status=error.code) from error
        raise _refusal(error)


def _refusal(error: HTTPError) -> SourceError:
    used_up = error.code == HTTPStatus.FORBIDDEN and error.headers.get("X-RateLimit-Remaining") == "0"
    for_good = used_up or error.code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED)
    kind = GaveUpError if for_good else SourceError
    return kind(f"HTTP {error.code}", status=error.code, said=_beginning(error))


def _beginning(error: HTTPError) -> str:
    try:
        return str(error.read1(PIECE), errors="replace")
    except (OSError, HTTPException):
        return ""


def _seconds(retry_after: str) -> float | None:
    """What `Retry-After` says, be it a number of seconds or a moment."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
