"""Pages that are the same for everybody, kept in front of the app until something changes that one of them shows.

The app says of an answer that it is such a page (`ENVIRON_KEY`). What is kept holds for a `Period`: until the public
record is in another generation, or until the next moment at which time alone changes a page. A process keeps its own.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_accept_header

from s2group.core import clock, logs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENVIRON_KEY = "s2group.may_be_kept"
# So often, at most, a process asks whether the public record has changed: what it shows is never older than this.
SECONDS_BETWEEN_LOOKS = 0.2
# Whoever knows nothing younger than a second waits so long for somebody else's look. Only where the database does not
# answer at all, which its client takes seconds to notice, are pages shown that are older, but no longer than that.
FRESH_SECONDS, PATIENCE_SECONDS, SECONDS_WITHOUT_ANSWER = 1.0, 0.5, 5.0
MOST_BYTES = 32 * 1024 * 1024
LARGEST_PAGE = 1024 * 1024
# Requests that say these ask for something of their own.
PERSONAL = ("HTTP_AUTHORIZATION", "HTTP_RANGE")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
# Best first.
ENCODINGS = ("br", "gzip")
# What an answer without the page does not say of it (RFC 9110, 15.4.5), and what each answer says anew.
OF_THE_BODY = ("content-length", "content-type", "content-encoding")
OF_THE_ANSWER = ("content-length", "etag", logs.HEADER.lower())
Key = tuple[str, ...]
Headers = list[tuple[str, str]]


class Page(NamedTuple):
    """An answer as it goes over the line, encoded; `etag` is strong, and another one for every encoding."""

    headers: Headers
    body: bytes
    etag: str


@dataclass(eq=False)
class Period:
    """A time in which no page changes, and the pages made in it; what was asked for longest ago gives way."""

    generation: str
    ends: datetime
    pages: OrderedDict[Key, Page] = field(default_factory=OrderedDict)
    size: int = 0
    lock: Lock = field(default_factory=Lock)

    def find(self, key: Key) -> Page | None:
        """The page that was made for such a request."""
        with self.lock:
            page = self.pages.get(key)
            if page:
                self.pages.move_to_end(key)
            return page

    def keep(self, key: Key, page: Page) -> None:
        """Have `page` for further requests."""
        with self.lock:
            before = self.pages.pop(key, None)
            self.pages[key] = page
            self.size += len(page.body) - (len(before.body) if before else 0)
            while self.size > MOST_BYTES:
                self.size -= len(self.pages.popitem(last=False)[1].body)

    def nginx_seconds(self) -> str:
        """For how long nginx may keep a page of it: a second, but not into the next period."""
        return "1" if (self.ends - clock.now()).total_seconds() > 1 else "0"


class Periods:
    """Says which period it is, by the token of the public record and by when time next changes what it shows."""

    def __init__(self, generation: Callable[[], str], next_change: Callable[[datetime], datetime]) -> None:
        self.generation, self.next_change = generation, next_change
        self.lock = Lock()
        self.latest: Period | None = None
        self.looked_at = -math.inf

    def current(self) -> Period | None:
        """The period of this moment; None where the database does not say. Looks while somebody else does not."""
        if self._age() >= SECONDS_BETWEEN_LOOKS:
            self._look_or_wait(0 if self._age() < FRESH_SECONDS else PATIENCE_SECONDS)
        period = self.latest
        return period if period and self._age() < SECONDS_WITHOUT_ANSWER and clock.now() < period.ends else None

    def _age(self) -> float:
        return monotonic() - self.looked_at

    def _look_or_wait(self, patience: float) -> None:
        if not self.lock.acquire(timeout=patience):
            return
        try:
            if self._age() >= SECONDS_BETWEEN_LOOKS:  # else somebody has just looked
                self.latest, self.looked_at = self._look(), monotonic()
        except SQLAlchemyError:
            self.latest = None
        finally:
            self.lock.release()

    def _look(self) -> Period:
        generation, now, latest = self.generation(), clock.now(), self.latest
        if latest and latest.generation == generation and now < latest.ends:
            return latest
        return Period(generation, self.next_change(now))


class PageCache:
    """WSGI middleware: answers with a page that is kept, and keeps what the app says may be.

    Whoever shows the cookie of a session, being signed in or having a draft, is left to the app.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        periods: Periods,
        *,
        session_cookie: str,
        request_id: Callable[["WSGIEnvironment"], str],
    ) -> None:
        self.app, self.periods = app, periods
        self.session_cookie, self.request_id = f"{session_cookie}=", request_id

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        key = self._key(environ)
        period = self.periods.current() if key else None
        if key is None or period is None:
            return self.app(environ, start_response)
        if page := period.find(key):
            return self._answer(page, period, environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.app(environ, start_response)
        return self._make(key, period, environ, start_response)

    def _key(self, environ: "WSGIEnvironment") -> Key | None:
        """What such a page depends on; None for a request that is not for everybody's page."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or any(name in environ for name in PERSONAL):
            return None
        if self.session_cookie in environ.get("HTTP_COOKIE", ""):
            return None
        address = (environ.get(name, "") for name in ("HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"))
        return environ["wsgi.url_scheme"], *address, best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))

    def _make(
        self, key: Key, period: Period, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Have the app answer, and keep it if it may be kept and nothing has changed meanwhile."""
        self.request_id(environ)  # the app and the answer tell the same one
        asked = {name: value for name, value in environ.items() if name not in CONDITIONS}
        asked["HTTP_ACCEPT_ENCODING"] = key[-1]
        said: list[tuple[str, Headers]] = []

        def listen(status: str, headers: Headers, _error: object = None) -> Callable[[bytes], object]:
            said.append((status, headers))
            return lambda _data: None

        body = self.app(asked, listen)
        status, headers = said[-1]
        if not asked.get(ENVIRON_KEY) or int(dict(headers).get("Content-Length", 0)) > LARGEST_PAGE:
            start_response(status, headers)
            return body
        page = _page(headers, body, key[-1])
        if len(page.body) <= LARGEST_PAGE and self.periods.current() is period:
            period.keep(key, page)
        return self._answer(page, period, environ, start_response)

    def _answer(
        self, page: Page, period: Period, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        headers = [*page.headers, ("X-Accel-Expires", period.nginx_seconds()), (logs.HEADER, self.request_id(environ))]
        if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 NOT MODIFIED", [each for each in headers if each[0].lower() not in OF_THE_BODY])
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]


def _page(headers: Headers, body: Iterable[bytes], encoding: str) -> Page:
    try:
        data = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    kept = [(name, value) for name, value in headers if name.lower() not in OF_THE_ANSWER]
    etag = f'"{sha256(encoding.encode() + data).hexdigest()[:32]}"'
    return Page([*kept, ("Content-Length", str(len(data))), ("ETag", etag)], data, etag)


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """The best of ENCODINGS that a browser takes, by its Accept-Encoding; else "identity"."""
    takes = parse_accept_header(accepted)
    return next((encoding for encoding in ENCODINGS if takes.quality(encoding) > 0), "identity")
