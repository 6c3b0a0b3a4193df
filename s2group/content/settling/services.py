"""Settling what nobody but an editor can: it takes effect once, also where two press at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from s2group.audit.rules import RecordChanged, Subject, SubjectKind
from s2group.audit.services import record
from s2group.content.editing import EDITABLE, follow, known_of
from s2group.content.people.files import MEMBER
from s2group.content.people.models import Member
from s2group.content.publications.importing import Catalogue, complete, paper_of_record
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.matching import move_links
from s2group.content.publications.models import Authorship, Publication
from s2group.content.publications.rules.papers import person_key
from s2group.content.records.addresses import lead_on
from s2group.content.records.services import head, keep, revise, save
from s2group.content.search.services import index_kind, words_prepared
from s2group.content.settling.models import DistinctPapers
from s2group.content.settling.queries import Pair, UnlinkedName, unlinked_names
from s2group.content.settling.rules import rank
from s2group.content.trash.services import take_out
from s2group.core.database import transaction


def merge_papers(pair: Pair, *, actor: int, now: datetime) -> Publication | None:
    """Make one of two papers; gives the one that stays, or None where one of them is no longer there.

    The published one stays as it is and gets what only the other says; the other lies among what was removed, its
    addresses lead to the one that stays, and what named it names that one. `actor` is the id of an account.
    """
    with words_prepared([PUBLICATION.name]), transaction() as session:
        papers = _locked(session, pair)
        if len(papers) != 2:
            return None
        kept, gone = sorted(papers, key=lambda paper: rank(paper.kind, paper.doi, paper.id))
        keep(session, PUBLICATION, kept, now=now)
        _take_over(session, kept, gone, actor=actor, now=now)
        _revise(session, kept, actor=actor, now=now)
        index_kind(session, PUBLICATION.name)
    return kept


def _take_over(session: Session, kept: Publication, gone: Publication, *, actor: int, now: datetime) -> None:
    paper, picture, areas = paper_of_record(gone), gone.picture, list(gone.areas)
    move_links(session, gone, kept)
    removed = take_out(session, PUBLICATION, gone, actor=actor, now=now)
    removed.merged_into = kept.id
    for key in (removed.key, *removed.former_keys):
        lead_on(session, PUBLICATION.name, key, kept.id)
    complete(kept, paper, Catalogue(session).is_used)
    kept.picture = kept.picture or picture
    kept.areas += [area for area in areas if area not in kept.areas]


def keep_apart(pair: Pair, *, undo: bool = False) -> bool:
    """Remember for good that two papers are two, or forget it; False where one of them is no longer there."""
    with transaction() as session:
        if len(_locked(session, pair)) != 2:
            return False
        one, other = sorted(pair)
        if undo:
            session.execute(
                delete(DistinctPapers).where(DistinctPapers.one_key == one, DistinctPapers.other_key == other)
            )
        else:
            session.merge(DistinctPapers(one_key=one, other_key=other))
    return True


def _locked(session: Session, pair: Pair) -> Sequence[Publication]:
    """Those of the two that there are, held so that others who settle the same wait."""
    wanted = select(Publication).where(Publication.key.in_(pair)).order_by(Publication.id)
    return session.scalars(wanted.with_for_update(of=Publication)).all()


def link_name(key: str, slug: str, *, actor: int, now: datetime) -> UnlinkedName | None:
    """Let a member publish under a name, so that all papers that bear it are theirs, also those to come.

    Gives what was settled; None where that has been done, or the member cannot be meant. It is a version of the member.
    """
    with words_prepared(EDITABLE[MEMBER.name].indexed), transaction() as session:
        member = session.scalar(select(Member).where(Member.slug == slug).with_for_update(of=Member))
        found = _unlinked(session, key)
        if member is None or found is None or member not in found.likely:
            return None
        values = MEMBER.of(member)
        values = {**values, "aliases": [*values["aliases"], found.name]}
        seen, known = head(session, MEMBER, member).number, known_of(session, MEMBER, values)
        save(session, MEMBER, member, values, seen=seen, actor=actor, now=now, known=known)
        follow(session, MEMBER, EDITABLE[MEMBER.name].indexed)
    return found


def mark_namesake(key: str, *, actor: int, now: datetime) -> UnlinkedName | None:
    """Mark the authors of a name as somebody else, on each paper as a version of it.

    Gives what was settled; None where that has been done.
    """
    with transaction() as session:
        found = _unlinked(session, key)
        if found is None:
            return None
        wanted = select(Publication).where(Publication.id.in_(found.papers)).order_by(Publication.id)
        for paper in session.scalars(wanted.with_for_update(of=Publication)):
            keep(session, PUBLICATION, paper, now=now)
            for author in paper.authors:
                _mark(author, key)
            _revise(session, paper, actor=actor, now=now)
    return found


def _mark(author: Authorship, key: str) -> None:
    if author.member_id is None and person_key(author.name) == key:
        author.namesake = True


def _unlinked(session: Session, key: str) -> UnlinkedName | None:
    return next((each for each in unlinked_names(session) if each.key == key), None)


def _revise(session: Session, paper: Publication, *, actor: int, now: datetime) -> None:
    number = revise(session, PUBLICATION, paper, actor=actor, now=now)
    about = Subject(SubjectKind.RECORD, f"{PUBLICATION.name}/{paper.key}")
    record(session, RecordChanged(number), about=about, at=now, actor_id=actor)
