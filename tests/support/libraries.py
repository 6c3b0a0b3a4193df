"""A service on the loopback interface that tells of fictional papers as Crossref, arXiv and ORCID do, or misbehaves."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from tests.support.answering import Answer, Question, Service, answering

JOURNAL_PAPER = {
    "DOI": "10.5555/LIB.1",
    "type": "journal-article",
    "title": ["Hearing <i>Rooms</i> &amp; Halls: {50%} at $5"],
    "author": [
        {"given": "Test", "family": "Jia", "sequence": "first", "affiliation": []},
        {"given": "Ada Maria", "family": "Schröder", "suffix": "Jr.", "sequence": "additional", "affiliation": []},
        {"name": "Consortium for Tests and Trials", "sequence": "additional", "affiliation": []},
        {"given": "试乙", "family": "测", "sequence": "additional", "affiliation": []},
    ],
    "container-title": ["Journal of Fictional Sound"],
    "issued": {"date-parts": [[2024, 11, 30]]},
    "published-print": {"date-parts": [[2025, 1]]},
    "volume": "12",
    "issue": "3",
    "page": "101-118",
    "publisher": "Fictional Society",
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We hear rooms.</jats:p>",
}
CHAPTER = {
    "DOI": "10.5555/lib.2",
    "type": "book-chapter",
    "title": ["A Chapter"],
    "subtitle": ["With More"],
    "author": [{"given": "Test", "family": "Yi"}],
    "container-title": ["Lecture Notes in Fiction", "Fictional Vision 2023"],
    "issued": {"date-parts": [[2023]]},
    "publisher": "Fictional Press",
    "article-number": "e7",
}
POSTED = {
    "DOI": "10.5555/lib,3",
    "type": "posted-content",
    "title": ["Posted"],
    "author": [{"given": "Test", "family": "Jia"}],
    "issued": {"date-parts": [[2026, 2]]},
    "publisher": "Fictional Laboratory",
}


@dataclass(frozen=True)
class Preprint:
    """One entry of arXiv's feed."""

    title: str = "Tones of \\'{E}t\\'e: $O(n)$ & more"
    authors: tuple[str, ...] = ("Test Jia", "Ada Schröder")
    summary: str = "We hear 5% more."
    published: str = "2025-02-03T04:05:06Z"
    doi: str = ""
    category: str = "eess.AS"

    def entry(self, number: str) -> str:
        """As it stands in the feed."""
        names = "".join(f"<author><name>{escape(name)}</name></author>" for name in self.authors)
        doi = f"<arxiv:doi>{escape(self.doi)}</arxiv:doi>" if self.doi else ""
        return (
            f"<entry><id>http://arxiv.org/abs/{number}v2</id><title>{escape(self.title)}</title>"
            f"<updated>2026-01-01T00:00:00Z</updated><published>{self.published}</published>"
            f"<summary>{escape(self.summary)}\n</summary>{names}{doi}"
            f'<arxiv:primary_category term="{self.category}"/><category term="{self.category}"/></entry>'
        )


FEED = (
    '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom"><title>arXiv Query</title>{}</feed>'
)


def shown(title: str, **numbers: str) -> dict[str, object]:
    """A work as ORCID shows it, with its numbers by their type."""
    listed = [
        {"external-id-type": kind, "external-id-value": number, "external-id-relationship": "self"}
        for kind, number in numbers.items()
    ]
    return {
        "external-ids": {"external-id": listed},
        "work-summary": [{"title": {"title": {"value": title}}, "type": "journal-article"}],
    }


@dataclass
class Libraries(Service):
    """Three services in one: Crossref's `works`, arXiv's `preprints` by number, and what `people` show by ORCID iD."""

    works: list[object] = field(default_factory=list)
    preprints: dict[str, Preprint] = field(default_factory=dict)
    people: dict[str, list[object]] = field(default_factory=dict)
    # What is looked at while somebody waits for an answer.
    look: Callable[[], None] = lambda: None

    @property
    def settings(self) -> dict[str, object]:
        """The settings that lead a portal here."""
        return {"PAPER_LOOKUP": True} | dict.fromkeys(("CROSSREF_URL", "ARXIV_URL", "ORCID_URL"), self.url)

    def known(self, question: Question) -> Answer:
        """As the services do."""
        self.look()
        if question.path == "/api/query":
            entries = [
                self.preprints[number].entry(number)
                for number in question.query["id_list"].split(",")
                if number in self.preprints
            ]
            return Answer(raw=FEED.format("".join(entries)).encode())
        if question.path.startswith("/v3.0/"):
            return self._person(question.path.split("/")[2])
        return self._works(question)

    def _person(self, number: str) -> Answer:
        if number not in self.people:
            return Answer({"response-code": 404, "error-code": 9016}, status=404)
        return Answer({"group": self.people[number], "path": f"/{number}/works"})

    def _works(self, question: Question) -> Answer:
        wanted = [part.removeprefix("doi:") for part in question.query.get("filter", "").split(",")]
        one = question.path.removeprefix("/works/")
        found = [work for work in self.works if isinstance(work, dict) and work["DOI"].lower() in [*wanted, one]]
        if question.path == "/works":
            return Answer({"status": "ok", "message": {"total-results": len(found), "items": found}})
        return Answer({"message": found[0]}) if found else Answer(raw=b"Resource not found.", status=404)


def libraries() -> AbstractContextManager[Libraries]:
    """Such services, for as long as they are needed."""
    return answering(Libraries())
