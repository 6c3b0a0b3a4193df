"""A service on the loopback interface that counts citations and stars as the real ones tell them, or misbehaves."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.support.answering import Answer, Question, Service, answering


@dataclass
class CountingService(Service):
    """Three services in one: citations by 'doi:…' or 'arxiv:…', and stars by 'owner/name', in `counts`."""

    counts: dict[str, object] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """The settings that lead a portal here."""
        return {"S2_CITATIONS_URL": self.url, "S2_GITHUB_URL": self.url}

    def known(self, question: Question) -> Answer:
        """As the services do."""
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


def counting_service() -> AbstractContextManager[CountingService]:
    """Such a service, for as long as it is needed."""
    return answering(CountingService())
