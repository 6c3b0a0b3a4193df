"""Asking one link after another, politely: of a host one at a time, and never a host inside.

What an editor writes into a record would else make the portal ask machines that only its own network reaches. The
address that is checked is the one that is connected to; names are not looked up twice.
"""

import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from s2group.content.outgoing_links.rules import Failure, LinkFault, failure_of, is_public

MOST_REDIRECTS = 6
# Seconds without a byte, seconds for a whole answer, and seconds between two questions to a host.
TIMEOUT, DEADLINE, PAUSE = 10.0, 20.0, 1.0
MOVED = (
    HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)  # fmt: skip
# What may stand in an address as it is.
AS_IT_IS = "/%:@!$&'()*+,;=~?"


class _NotPublicError(OSError):
    """A name leads to no address that everybody reaches."""


class _Plain(HTTPConnection):
    """To the address that was checked."""

    address = ""

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _Encrypted(HTTPSConnection):
    """To the address that was checked, whose certificate is of the name."""

    address = ""
    trusted: ssl.SSLContext

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        encrypted = self.trusted.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = encrypted
        encrypted.do_handshake()


@dataclass
class Asker:
    """Asks links with `headers`; `may_ask` tells of an IP address whether it may be connected to."""

    headers: Mapping[str, str]
    may_ask: Callable[[str], bool] = is_public
    pause: float = PAUSE
    timeout: float = TIMEOUT
    deadline: float = DEADLINE
    _context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _turns: dict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))
    _asked: dict[str, float] = field(default_factory=dict)

    def ask(self, url: str) -> Failure | None:
        """Why a link leads nowhere; None where something answers. It follows where the answers lead."""
        try:
            return self._follow(url)
        except socket.gaierror:
            return Failure(LinkFault.NO_SUCH_HOST)
        except _NotPublicError:
            return Failure(LinkFault.NOT_PUBLIC)
        except ssl.SSLError:
            return Failure(LinkFault.CERTIFICATE)
        except TimeoutError:
            return Failure(LinkFault.SLOW)
        except (HTTPException, ValueError):
            return Failure(LinkFault.NO_ANSWER)
        except OSError:
            return Failure(LinkFault.NO_CONNECTION)

    def _follow(self, url: str) -> Failure | None:
        for _ in range(MOST_REDIRECTS + 1):
            status, location = self._head_or_get(urlsplit(url))
            if status not in MOVED or not location:
                return failure_of(status)
            url = urljoin(url, location)
            if urlsplit(url).scheme not in ("http", "https"):
                return None  # such as into an app
        return Failure(LinkFault.REDIRECTS)

    def _head_or_get(self, parts: SplitResult) -> tuple[int, str]:
        """Status and new address. Some servers know no HEAD, or answer it otherwise."""
        try:
            status, location = self._request("HEAD", parts)
        except HTTPException:
            status, location = HTTPStatus.NOT_IMPLEMENTED, ""
        return (status, location) if status < HTTPStatus.BAD_REQUEST else self._request("GET", parts)

    def _request(self, method: str, parts: SplitResult) -> tuple[int, str]:
        host = parts.hostname or ""
        with self._turn(host):
            connection = self._connection(parts, host)
            with self._ended_in_time(connection):
                connection.connect()
                connection.request(method, _target(parts), headers=dict(self.headers))
                # Of the answer itself nothing is read.
                answer = connection.getresponse()
                return answer.status, answer.headers.get("Location", "")

    def _connection(self, parts: SplitResult, host: str) -> _Plain | _Encrypted:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = (_Encrypted if parts.scheme == "https" else _Plain)(host, port, timeout=self.timeout)
        connection.address = self._address(host, port)
        if isinstance(connection, _Encrypted):
            connection.trusted = self._context
        return connection

    def _address(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise socket.gaierror(str(error)) from error
        public = [str(address[0]) for *_, address in found if self.may_ask(str(address[0]))]
        if not public:
            raise _NotPublicError(host)
        return public[0]

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        """One question at a time to a host, and a pause between two."""
        with self._guard:
            turn = self._turns[host]
        with turn:
            since = time.monotonic() - self._asked.get(host, float("-inf"))
            time.sleep(max(0.0, self.pause - since))
            try:
                yield
            finally:
                self._asked[host] = time.monotonic()

    @contextmanager
    def _ended_in_time(self, connection: HTTPConnection) -> Iterator[None]:
        """Give up an answer that comes byte by byte; the waiting read then ends."""
        late = threading.Event()

        def end() -> None:
            late.set()
            with suppress(OSError):
                if connection.sock:
                    connection.sock.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(self.deadline, end)
        timer.start()
        try:
            yield
        except (OSError, HTTPException) as error:
            if late.is_set():
                raise TimeoutError from error
            raise
        else:
            # To the reader of a head, a connection that was cut is the end of it.
            if late.is_set():
                raise TimeoutError
        finally:
            timer.cancel()
            connection.close()


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=AS_IT_IS)
    return f"{path}?{quote(parts.query, safe=AS_IT_IS)}" if parts.query else path
