"""The services that count, each spoken to in its own way."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import quote, urlencode

from s2group.core.outgoing import Client, SourceError

# Under this prefix every arXiv preprint has a DOI as well.
ARXIV_DOI = "10.48550/arxiv."
# What OpenAlex's filters are put together with.
OPENALEX_SIGNS = frozenset("|,")
DOI_ADDRESS = "https://doi.org/"


class Counter(Protocol):
    """Whoever counts."""

    @property
    def name(self) -> str:
        """As readers are told."""

    @property
    def batch(self) -> int:
        """How many subjects one question may name."""

    def count(self, subjects: Sequence[str]) -> dict[str, object]:
        """What it says of each subject that it knows, not yet believed. Raises SourceError."""


@dataclass(frozen=True)
class OpenAlex:
    """https://docs.openalex.org: works by DOI."""

    client: Client
    key: str | None
    name: str = "OpenAlex"
    batch: int = 50

    def count(self, subjects: Sequence[str]) -> dict[str, object]:
        """Citations by DOI; a preprint goes by the DOI that arXiv gave it."""
        wanted = {doi: subject for subject in subjects if not OPENALEX_SIGNS & set(doi := _doi(subject))}
        if not wanted:
            return {}
        asked = {"filter": "doi:" + "|".join(wanted), "select": "doi,cited_by_count", "per-page": self.batch}
        answer = self.client.json("/works?" + urlencode(asked | ({"api_key": self.key} if self.key else {})))
        try:
            told = [(str(work["doi"]).lower().removeprefix(DOI_ADDRESS), work) for work in answer["results"]]
            return {wanted[doi]: work["cited_by_count"] for doi, work in told if doi in wanted}
        except (KeyError, TypeError) as error:
            raise SourceError("its answer is not a list of works") from error


def _doi(subject: str) -> str:
    scheme, _, number = subject.partition(":")
    return number if scheme == "doi" else ARXIV_DOI + number


@dataclass(frozen=True)
class SemanticScholar:
    """https://api.semanticscholar.org/api-docs: papers by DOI or arXiv number."""

    client: Client
    name: str = "Semantic Scholar"
    batch: int = 100

    def count(self, subjects: Sequence[str]) -> dict[str, object]:
        """Citations in the order of the question, nothing for a paper that is unknown."""
        ids = [f"{scheme.upper()}:{number}" for scheme, _, number in (subject.partition(":") for subject in subjects)]
        try:
            answer = self.client.json("/graph/v1/paper/batch?fields=citationCount", {"ids": ids})
        except SourceError as error:
            if error.status == HTTPStatus.BAD_REQUEST and "No valid paper ids" in error.said:
                return {}  # how it says that it knows none of them
            raise
        try:
            papers = zip(subjects, answer, strict=True)
            return {subject: paper["citationCount"] for subject, paper in papers if paper is not None}
        except (KeyError, TypeError, ValueError) as error:
            raise SourceError("its answer is not one paper for each that was asked for") from error


@dataclass(frozen=True)
class GitHub:
    """https://docs.github.com/rest/repos: one repository at a time."""

    client: Client
    name: str = "GitHub"
    batch: int = 1

    def count(self, subjects: Sequence[str]) -> dict[str, object]:
        """The stars of one repository; a renamed one is followed to its new name."""
        [subject] = subjects
        try:
            answer = self.client.json("/repos/" + quote(subject.removeprefix("github:")))
        except SourceError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return {}
            raise
        try:
            return {subject: answer["stargazers_count"]}
        except (KeyError, TypeError) as error:
            raise SourceError("its answer is not a repository") from error
