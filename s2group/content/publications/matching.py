"""Which stored paper each paper of the file is, so that a new key or an import makes no second record."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session, selectinload

from s2group.content.news.models import news_publication
from s2group.content.projects.models import project_publication
from s2group.content.publications.bibtex import Paper
from s2group.content.publications.importing import Catalogue, bibtex_renamed, closest, identity_of, import_paper
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Publication
from s2group.content.publications.rules.papers import Identity, identity_shared
from s2group.content.records.addresses import former_keys, lead_on
from s2group.content.records.services import head, remove
from s2group.content.releases.models import release_publication
from s2group.content.samples.models import sample_publication

LINKED: tuple[Table, ...] = (news_publication, project_publication, release_publication, sample_publication)


@dataclass
class Matching:
    """The stored papers beside those of the file."""

    # By the keys of the file.
    found: dict[str, Publication] = field(default_factory=dict)
    # Keys by which papers of the file went until now, each with the key that they have in it.
    renamed: dict[str, str] = field(default_factory=dict)


def match(session: Session, papers: Sequence[Paper], *, now: datetime) -> Matching:
    """Find each paper of the file among the stored ones, by its key or by what it is.

    A second record of one of its papers becomes part of the first.
    """
    loaded = selectinload(Publication.authors), selectinload(Publication.areas)
    rest = {stored.key: stored for stored in session.scalars(select(Publication).options(*loaded))}
    matching = Matching()
    for paper in papers:
        if paper.key in rest and _is_it(rest[paper.key], paper):
            matching.found[paper.key] = rest.pop(paper.key)
    stored_alike = _by_mark((identity_of(stored), stored) for stored in rest.values())
    for paper in papers:
        alike = [stored for stored in _alike(stored_alike, paper.identity) if stored.key in rest]
        if paper.key not in matching.found and (same := closest(paper.identity, alike)):
            matching.found[paper.key] = rest.pop(same.key)
            matching.renamed[same.key] = paper.key
    of_file = _OfFile(papers)
    for stored in rest.values():
        _settle(session, stored, of_file, matching, now)
    session.flush()
    return matching


def _is_it(stored: Publication, paper: Paper) -> bool:
    return stored.source == "files" or identity_shared(identity_of(stored), paper.identity) is not None


T = TypeVar("T")
ByMark = dict[tuple[str, str], list[T]]


def _by_mark(known: Iterable[tuple[Identity, T]]) -> ByMark[T]:
    """What has a mark of a paper, by that mark: nobody compares each with each."""
    found: ByMark[T] = defaultdict(list)
    for identity, each in known:
        for mark in identity.marks:
            found[mark].append(each)
    return found


def _alike(by_mark: ByMark[T], identity: Identity) -> list[T]:
    return [each for mark in identity.marks for each in by_mark.get(mark, ())]


class _OfFile:
    """The papers of the file, by their keys and by their marks."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.by_key = {paper.key: paper for paper in papers}
        self.by_former_key = {key: paper for paper in papers for key in paper.former_keys}
        self.by_mark = _by_mark((paper.identity, paper) for paper in papers)

    def twin(self, stored: Publication) -> Paper | None:
        """The paper of which `stored` is a second record."""
        if stored.source == "files":
            return self.by_former_key.get(stored.key)
        identity = identity_of(stored)
        alike = _alike(self.by_mark, identity)
        return next((paper for paper in alike if identity_shared(identity, paper.identity)), None)


def _settle(session: Session, stored: Publication, of_file: _OfFile, matching: Matching, now: datetime) -> None:
    """Decide on a stored paper that is none of the file's by its key."""
    twin = of_file.twin(stored)
    kept = matching.found.get(twin.key) if twin else None
    if twin and kept:
        import_paper(kept, stored)
        move_links(session, stored, kept)
        matching.renamed[stored.key] = twin.key
        remove(session, PUBLICATION, stored, head(session, PUBLICATION, stored), actor=None, now=now)
    elif stored.source != "files" and stored.key in of_file.by_key:
        stored.key, stored.bibtex = bibtex_renamed(stored, Catalogue(session).free_key(stored.key))


def move_links(session: Session, gone: Publication, kept: Publication) -> None:
    """Let news, projects, releases and recordings name the record that stays."""
    for table in LINKED:
        [other] = [column for column in table.columns if column.name != "publication_id"]
        there = select(other).where(table.c.publication_id == kept.id)
        session.execute(
            update(table).where(table.c.publication_id == gone.id, other.not_in(there)).values(publication_id=kept.id)
        )


def keep_former_addresses(session: Session, papers: Sequence[Paper], matching: Matching) -> None:
    """Let each former key lead to its paper, unless it is in use or leads on already."""
    ids = {row.key: row.id for row in session.execute(select(Publication.key, Publication.id))}
    wanted = {former: paper.key for paper in papers for former in paper.former_keys} | matching.renamed
    for former in wanted.keys() - ids.keys() - former_keys(session, PUBLICATION.name).keys():
        if wanted[former] in ids:
            lead_on(session, PUBLICATION.name, former, ids[wanted[former]])
