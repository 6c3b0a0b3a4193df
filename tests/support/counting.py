"""A service on the loopback interface that counts citations and stars as the real ones tell them, or misbehaves."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


@dataclass
class CountingService:
    """Three services in one: citations by 'doi:…' or 'arxiv:…', and stars by 'owner/name', in `counts`.

    `answers` come first, one a question, whatever was asked.
    """

    counts: dict[str, object] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    url: str = ""
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def environ(self) -> dict[str, str]:
        """The settings that lead a portal here."""
        return {"S2_CITATIONS_URL": self.url, "S2_GITHUB_URL": self.url}

    def answer(self, question: Question) -> Answer:
        """As the services do."""
        self.questions.append(question)
        if self.answers:
            return self.answers.pop(0)
        if question.path == "/works":
            return Answer({"results": list(self._works(question.query["filter"]))})
        if question.path == "/graph/v1/paper/batch":
            return self._papers(question)
        return self._repository(question.path.removeprefix("/repos/"))

    def _works(self, wanted: str) -> Iterator[dict[str, object]]:
        for doi in wanted.removeprefix("doi:").split("|"):
            subject = doi.replace("10.48550/arxiv.", "arxiv:") if "arxiv" in doi else f"doi:{doi}"
            if subject in self.counts:
                yield {"doi": f"https://doi.org/{doi.upper()}", "cited_by_count": self.counts[subject]}

    def _papers(self, question: Question) -> Answer:
        assert question.method == "POST"
        assert isinstance(question.body, dict)
        numbers = [self.counts.get(paper.lower()) for paper in question.body["ids"]]
        if all(number is None for number in numbers):
            return Answer({"error": "No valid paper ids given"}, status=400)
        return Answer([None if number is None else {"citationCount": number} for number in numbers])

    def _repository(self, name: str) -> Answer:
        if name not in self.counts:
            return Answer({"message": "Not Found"}, status=404)
        return Answer({"full_name": name, "stargazers_count": self.counts[name]})


def _handler(service: CountingService) -> type[BaseHTTPRequestHandler]:
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
                self.wfile.write(answer.body)
            except OSError:
                return  # whoever asked has heard enough
            if answer.hangs:
                service.closing.wait(30)

        do_GET: Callable[..., None] = _do  # noqa: N815 - the library's name
        do_POST: Callable[..., None] = _do  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    return Handler


@contextmanager
def counting_service() -> Iterator[CountingService]:
    """Such a service, for as long as it is needed."""
    service = CountingService()
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
