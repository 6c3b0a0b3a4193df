"""A service on the loopback interface that answers as it is told to, or misbehaves."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Answer:
    """What it answers: JSON of `told`, or `raw` bytes, after `seconds`."""

    told: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    # Whether nothing more comes for as long as the service is up, after the head and `raw`.
    hangs: bool = False

    @property
    def body(self) -> bytes:
        """What goes over the line."""
        return json.dumps(self.told).encode() if self.raw is None else self.raw


@dataclass(frozen=True)
class Question:
    """One question as it came over the line."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: object


Kind = TypeVar("Kind", bound="Service")


@dataclass
class Service:
    """Notes what it is asked; `answers` come first, one a question, whatever was asked."""

    answers: list[Answer] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    url: str = ""
    closing: threading.Event = field(default_factory=threading.Event)

    def answer(self, question: Question) -> Answer:
        """The next of the answers that were laid down, or what is known."""
        self.questions.append(question)
        return self.answers.pop(0) if self.answers else self.known(question)

    def known(self, question: Question) -> Answer:
        """As the real one answers."""
        raise NotImplementedError


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            address = urlsplit(self.path)
            length = int(self.headers.get("Content-Length", 0))
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            body = json.loads(self.rfile.read(length)) if length else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            question = Question(self.command, unquote(address.path), query, headers, body)
            self._tell(service.answer(question))

        def _tell(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                if self.command != "HEAD":
                    self.wfile.write(answer.body)
            except OSError:
                return  # whoever asked has heard enough
            if answer.hangs:
                service.closing.wait(30)

        do_GET: Callable[..., None] = _do  # noqa: N815 - the library's name
        do_HEAD: Callable[..., None] = _do  # noqa: N815
        do_POST: Callable[..., None] = _do  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    return Handler


@contextmanager
def answering(service: Kind) -> Iterator[Kind]:
    """Such a service, for as long as it is needed."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(service)) as server:
        server.daemon_threads = True
        service.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield service
        finally:
            service.closing.set()
            server.shutdown()
            thread.join()
