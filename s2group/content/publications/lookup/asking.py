"""Asking who keeps record of papers for those that are named, within a short time in all."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from threading import Lock
from typing import Any, Protocol

from s2group.content.publications.lookup.arxiv import ArXiv
from s2group.content.publications.lookup.crossref import Crossref
from s2group.content.publications.lookup.identifiers import Identifier, Scheme
from s2group.content.publications.lookup.orcid import Orcid, Work
from s2group.content.publications.lookup.told import Told
from s2group.core.outgoing import Client, GaveUpError, SourceError, who_asks
from s2group.extensions import db

# Somebody waits for the page.
SECONDS, TIMEOUT_SECONDS = 20.0, 8.0
MOST_PAPERS = 50
# Somebody's whole list is long; taking XML apart is slow.
MOST_BYTES_OF_A_LIST, MOST_BYTES_OF_A_FEED = 8_000_000, 2_000_000
# What arXiv says of a preprint that a journal has: Crossref does not know it.
OF_THE_PREPRINT = ("eprint", "archiveprefix", "primaryclass", "abstract")

log = logging.getLogger(__name__)
# One request at a time in each process: the threads are for everybody, and arXiv wants a single one who asks.
turn = Lock()


class Why(StrEnum):
    """Why there is no entry for something."""

    UNKNOWN = "unknown"
    SILENT = "silent"
    BEYOND = "beyond"
    NAMELESS = "nameless"
    EMPTY = "empty"
    OCCUPIED = "occupied"


# What may well be answered another time.
PASSING = frozenset({Why.SILENT, Why.BEYOND, Why.OCCUPIED})


@dataclass(frozen=True)
class Missed:
    """What there is no entry for, as its reader knows it; `again` is the number to ask by another time, if any."""

    what: str
    why: Why
    service: str = ""
    again: str = ""


@dataclass(frozen=True)
class Found:
    """Entries in BibTeX, and what there is none for."""

    entries: Sequence[str] = ()
    missed: Sequence[Missed] = ()


class Papers(Protocol):
    """Whoever tells of papers."""

    @property
    def name(self) -> str:
        """As readers are told."""

    def batches(self, subjects: Sequence[str]) -> Iterator[Sequence[str]]:
        """As many as one question may name."""

    def told(self, subjects: Sequence[str]) -> dict[str, Told]:
        """What it says of each subject that it knows. Raises SourceError."""


def look_up(identifiers: Iterable[Identifier], config: Mapping[str, Any], *, room: int) -> Found:
    """The entries of the papers that are named, by themselves or by who wrote them, in at most `room` letters.

    Holds no view of the database while it asks.
    """
    asked = list(dict.fromkeys(identifiers))
    if not turn.acquire(blocking=False):
        return Found(missed=[Missed(each.value, Why.OCCUPIED, again=each.value) for each in asked])
    try:
        db.session.rollback()
        return _lookup(config, room).found(asked)
    finally:
        turn.release()


def _lookup(config: Mapping[str, Any], room: int) -> "_Lookup":
    until = time.monotonic() + SECONDS
    client = Client("", who_asks(config), timeout=TIMEOUT_SECONDS, longest_wait=0, until=until)
    json, atom = (client.headers | {"Accept": f"application/{kind}"} for kind in ("json", "atom+xml"))
    return _Lookup(
        Crossref(replace(client, base=config["CROSSREF_URL"], headers=json)),
        ArXiv(replace(client, base=config["ARXIV_URL"], headers=atom, most_bytes=MOST_BYTES_OF_A_FEED)),
        Orcid(replace(client, base=config["ORCID_URL"], headers=json, most_bytes=MOST_BYTES_OF_A_LIST)),
        room,
    )


@dataclass
class _Lookup:
    crossref: Crossref
    arxiv: ArXiv
    orcid: Orcid
    room: int
    missed: list[Missed] = field(default_factory=list)
    # What a service did not answer.
    unanswered: set[str] = field(default_factory=set)

    def found(self, identifiers: Iterable[Identifier]) -> Found:
        works = self.first_of(_distinct(work for each in identifiers for work in self.works(each)))
        preprints = self.ask(self.arxiv, [work.arxiv for work in works if work.arxiv])
        with_doi = {work: work.doi or _doi(preprints.get(work.arxiv)) for work in works}
        published = self.ask(self.crossref, list(dict.fromkeys(filter(None, with_doi.values()))))
        entries = [
            self.entry(work, _together(published.get(doi), preprints.get(work.arxiv))) for work, doi in with_doi.items()
        ]
        return Found([entry for entry in entries if entry], self.missed)

    def works(self, identifier: Identifier) -> Iterator[Work]:
        """What is to be asked for, where somebody is named all that they show."""
        if identifier.scheme is Scheme.ORCID:
            yield from self.works_of_somebody(identifier.value)
        else:
            is_doi = identifier.scheme is Scheme.DOI
            yield Work(*((identifier.value, "") if is_doi else ("", identifier.value)), identifier.value)

    def works_of_somebody(self, number: str) -> Iterator[Work]:
        try:
            works = self.orcid.works(number)
        except SourceError as error:
            log.warning("%s: %s", self.orcid.name, error)
            self.missed.append(Missed(number, Why.SILENT, self.orcid.name, again=number))
            return
        if not works:
            self.missed.append(Missed(number, Why.UNKNOWN if works is None else Why.EMPTY, self.orcid.name))
        for work in works or ():
            if work.doi or work.arxiv:
                yield work
            else:
                self.missed.append(Missed(work.said, Why.NAMELESS, self.orcid.name))

    def first_of(self, works: Sequence[Work]) -> Sequence[Work]:
        """As many as are asked for at a time."""
        self.missed += (Missed(work.said, Why.BEYOND, again=work.doi or work.arxiv) for work in works[MOST_PAPERS:])
        return works[:MOST_PAPERS]

    def ask(self, service: Papers, subjects: Sequence[str]) -> dict[str, Told]:
        """What a service says of the subjects; one that wants to be asked nothing more is left alone."""
        told: dict[str, Told] = {}
        self.unanswered.update(subjects)
        for batch in service.batches(subjects):
            try:
                told |= service.told(batch)
                self.unanswered.difference_update(batch)
            except SourceError as error:
                log.warning("%s: %s", service.name, error)
                if isinstance(error, GaveUpError):
                    break
        return told

    def entry(self, work: Work, told: Told | None) -> str:
        """The entry of a work; nothing where there is none, or no room for it, which is noted."""
        entry = told.entry if told else ""
        if not told:
            self.missed.append(self.without_answer(work))
        elif len(entry) > self.room:
            self.missed.append(Missed(work.said, Why.BEYOND, again=work.doi or work.arxiv))
            return ""
        self.room -= len(entry) + 2
        return entry

    def without_answer(self, work: Work) -> Missed:
        number, service = (work.doi, self.crossref.name) if work.doi else (work.arxiv, self.arxiv.name)
        if number in self.unanswered:
            return Missed(work.said, Why.SILENT, service, again=number)
        return Missed(work.said, Why.UNKNOWN, service)


def _distinct(works: Iterable[Work]) -> list[Work]:
    """Each paper once, where it is named first."""
    found: dict[str, Work] = {}
    for work in works:
        found.setdefault(work.doi or work.arxiv, work)
    return list(found.values())


def _doi(told: Told | None) -> str:
    return told.fields.get("doi", "") if told else ""


def _together(published: Told | None, preprint: Told | None) -> Told | None:
    """The paper as it was published, with what its preprint adds."""
    if not (published and preprint):
        return published or preprint
    said = {name: value for name, value in published.fields.items() if value}
    added = {name: preprint.fields[name] for name in OF_THE_PREPRINT if name not in said}
    return replace(published, fields=said | added)
