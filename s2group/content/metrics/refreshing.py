"""Counting everything anew, and keeping what was counted."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.metrics.counters import Counter, GitHub, OpenAlex, SemanticScholar
from s2group.content.metrics.models import Metric
from s2group.content.metrics.queries import counted_papers, counted_repositories, metrics_of
from s2group.content.metrics.rules import believable
from s2group.core.database import transaction
from s2group.core.outgoing import Client, GaveUpError, SourceError, who_asks
from s2group.extensions import db

PAUSE_SECONDS = 1
# So many questions in a row without an answer, and a service is left alone.
MOST_FAILURES = 3


@dataclass
class Outcome:
    """What became of asking one service: the numbers by subject, and a line for each thing that went wrong."""

    service: str
    numbers: dict[str, int] = field(default_factory=dict)
    unknown: int = 0
    failed: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def wholly_failed(self) -> bool:
        """Whether it was asked, and answered nothing that is of use."""
        return bool(self.failed) and not self.numbers and not self.unknown

    def __str__(self) -> str:
        """The sum, for the operator."""
        return f"{self.service}: {len(self.numbers)} counted, {self.unknown} unknown, {self.failed} failed"

    def miss(self, subjects: Sequence[str], why: str) -> None:
        """Note that `subjects` stay as they were."""
        more = f" and {len(subjects) - 1} more" if len(subjects) > 1 else ""
        self.failed += len(subjects)
        self.lines.append(f"{self.service}: {subjects[0]}{more}: {why}")

    def take(self, subjects: Sequence[str], told: Mapping[str, object]) -> None:
        """Keep what is believable of what was told."""
        for subject in subjects:
            number = believable(told.get(subject))
            if subject not in told:
                self.unknown += 1
            elif number is None:
                self.miss([subject], "its answer is not a count")
            else:
                self.numbers[subject] = number


def configured(config: Mapping[str, Any]) -> list[tuple[Counter, set[str]]]:
    """The services that are turned on, and what each is to count."""
    found: list[tuple[Counter, set[str]]] = []
    if config["CITATIONS_SOURCE"] != "off":
        found.append((_citations(config), counted_papers()))
    if config["STARS"]:
        token = {"Authorization": f"Bearer {config['GITHUB_TOKEN']}"} if config["GITHUB_TOKEN"] else {}
        found.append((GitHub(Client(config["GITHUB_URL"], _headers(config) | token)), counted_repositories()))
    return found


def _citations(config: Mapping[str, Any]) -> Counter:
    key, base = config["CITATIONS_KEY"], config["CITATIONS_URL"]
    if config["CITATIONS_SOURCE"] == "openalex":
        return OpenAlex(Client(base, _headers(config)), key)
    return SemanticScholar(Client(base, _headers(config) | ({"x-api-key": key} if key else {})))


def _headers(config: Mapping[str, Any]) -> dict[str, str]:
    return who_asks(config) | {"Accept": "application/json"}


def refresh(counters: Iterable[tuple[Counter, Collection[str]]], *, now: datetime) -> list[Outcome]:
    """Ask each counter for its subjects, and keep the numbers in one transaction at the end.

    Where one gave no number the last one stays. What the record no longer names is forgotten.
    """
    asked = [(counter, _longest_ago_first(subjects)) for counter, subjects in counters]
    db.session.rollback()  # asking may take minutes: hold no view of the database meanwhile
    outcomes = [_ask(counter, subjects) for counter, subjects in asked]
    with transaction() as session:
        _keep(session, outcomes, now)
    return outcomes


def _longest_ago_first(subjects: Collection[str]) -> list[str]:
    """So that a service that stops half way gets to all of them in the end."""
    counted = {subject: metric.counted_at.timestamp() for subject, metric in metrics_of(subjects).items()}
    return sorted(subjects, key=lambda subject: (counted.get(subject, 0.0), subject))


def _ask(counter: Counter, subjects: Sequence[str]) -> Outcome:
    outcome, failures = Outcome(counter.name), 0
    for start, batch in _batches(subjects, counter.batch):
        if start:
            time.sleep(PAUSE_SECONDS)
        try:
            outcome.take(batch, counter.count(batch))
            failures = 0
        except SourceError as error:
            failures += 1
            if isinstance(error, GaveUpError) or failures == MOST_FAILURES:
                outcome.miss(subjects[start:], f"{error}; gave up")
                break
            outcome.miss(batch, str(error))
    return outcome


def _batches(subjects: Sequence[str], size: int) -> Iterator[tuple[int, Sequence[str]]]:
    return ((start, subjects[start : start + size]) for start in range(0, len(subjects), size))


def _keep(session: Session, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Only what the record still names, which may have changed while the services were asked."""
    named = counted_papers() | counted_repositories()
    for metric in session.scalars(select(Metric)):
        if metric.subject not in named:
            session.delete(metric)
    for outcome in outcomes:
        for subject in outcome.numbers.keys() & named:
            session.merge(
                Metric(subject=subject, value=outcome.numbers[subject], source=outcome.service, counted_at=now)
            )
