"""Which stored paper each paper of the file is, so that a new key or an import makes no second record."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session, selectinload

from s2group.content.bibtex import Paper
from s2group.content.importing import bibtex_renamed, closest, free_key, identity_of, take_in
from s2group.content.models import (
    FormerKey,
    Publication,
    news_publication,
    project_publication,
    release_publication,
)
from s2group.content.rules import identity_shared

LINKED: tuple[Table, ...] = (news_publication, project_publication, release_publication)


@dataclass
class Matching:
    """The stored papers beside those of the file."""

    # By the keys of the file.
    found: dict[str, Publication] = field(default_factory=dict)
    # Keys by which papers of the file went until now, each with the key that they have in it.
    renamed: dict[str, str] = field(default_factory=dict)


def match(session: Session, papers: Sequence[Paper]) -> Matching:
    """Find each paper of the file among the stored ones, by its key or by what it is.

    What the file no longer names is deleted; a second record of one of its papers becomes part of the first.
    """
    loaded = selectinload(Publication.authors), selectinload(Publication.lines)
    rest = {stored.key: stored for stored in session.scalars(select(Publication).options(*loaded))}
    matching = Matching()
    for paper in papers:
        if paper.key in rest and _is_it(rest[paper.key], paper):
            matching.found[paper.key] = rest.pop(paper.key)
    for paper in papers:
        if paper.key not in matching.found and (same := closest(paper.identity, rest.values())):
            matching.found[paper.key] = rest.pop(same.key)
            matching.renamed[same.key] = paper.key
    for stored in rest.values():
        _settle(session, stored, papers, matching)
    session.flush()
    return matching


def _is_it(stored: Publication, paper: Paper) -> bool:
    return stored.source == "files" or identity_shared(identity_of(stored), paper.identity) is not None


def _settle(session: Session, stored: Publication, papers: Sequence[Paper], matching: Matching) -> None:
    """Decide on a stored paper that is none of the file's by its key."""
    twin = next((paper for paper in papers if _is_second(stored, paper)), None)
    kept = matching.found.get(twin.key) if twin else None
    if twin and kept:
        take_in(kept, stored)
        _move_links(session, stored, kept)
        matching.renamed[stored.key] = twin.key
    if kept or stored.source == "files":
        session.delete(stored)
    elif any(paper.key == stored.key for paper in papers):
        stored.key, stored.bibtex = bibtex_renamed(stored, free_key(session, stored.key))


def _is_second(stored: Publication, paper: Paper) -> bool:
    if stored.source == "files":
        return stored.key in paper.former_keys
    return identity_shared(identity_of(stored), paper.identity) is not None


def _move_links(session: Session, gone: Publication, kept: Publication) -> None:
    """Let news, projects and releases name the record that stays."""
    for table in LINKED:
        [other] = [column for column in table.columns if column.name != "publication_id"]
        there = select(other).where(table.c.publication_id == kept.id)
        session.execute(
            update(table).where(table.c.publication_id == gone.id, other.not_in(there)).values(publication_id=kept.id)
        )


def keep_former_addresses(session: Session, papers: Sequence[Paper], matching: Matching) -> None:
    """Let each former key lead to its paper; a key in use again leads nowhere else."""
    keys = {paper.key for paper in papers}
    reused = session.scalars(select(FormerKey.key).where(FormerKey.key.in_(keys))).all()
    if reused:
        session.execute(delete(FormerKey).where(FormerKey.key.in_(reused)))
    wanted = {former: paper.key for paper in papers for former in paper.former_keys} | matching.renamed
    known = set(session.scalars(select(FormerKey.key))) | set(session.scalars(select(Publication.key)))
    for former in wanted.keys() - known:
        kept = session.scalars(select(Publication).where(Publication.key == wanted[former])).one()
        session.add(FormerKey(key=former, publication=kept))
