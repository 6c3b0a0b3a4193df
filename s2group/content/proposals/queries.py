"""Reads of proposals; none of them commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from s2group.content.people.models import Member
from s2group.content.proposals.models import Contributor, Proposal
from s2group.content.proposals.rules import ProposalKind
from s2group.core.paging import Page, fetch_page
from s2group.extensions import db
from s2group.links.queries import find
from s2group.links.rules import Purpose

WITH_MEMBER = joinedload(Proposal.contributor).joinedload(Contributor.member)


def contributor_of(member: Member) -> Contributor | None:
    """Whoever was asked to keep this profile; None where nobody was."""
    return db.session.scalar(select(Contributor).where(Contributor.member_id == member.id))


def contributor_behind(token: str, *, now: datetime) -> Contributor | None:
    """Whose link it is; None where it does not work, or no longer."""
    link = find(token, Purpose.CONTRIBUTE, now=now)
    return db.session.scalar(select(Contributor).where(Contributor.key == link.subject)) if link else None


def count_waiting() -> int:
    """How many proposals wait for an editor."""
    return db.session.scalar(select(func.count()).select_from(Proposal)) or 0


def waiting(*, size: int, after: int | None = None) -> Page[Proposal]:
    """A page of what waits for an editor, the oldest first, from the one `after` an id on."""
    statement = select(Proposal).options(WITH_MEMBER).order_by(Proposal.id)
    if after is not None:
        statement = statement.where(Proposal.id > after)
    return fetch_page(statement, size=size, key=lambda proposal: str(proposal.id))


def proposal_by_id(proposal_id: int) -> Proposal | None:
    """One of them, with whose it is."""
    return db.session.scalar(select(Proposal).options(WITH_MEMBER).where(Proposal.id == proposal_id))


def of_contributor(contributor: Contributor) -> Sequence[Proposal]:
    """What of somebody's waits, the oldest first."""
    return db.session.scalars(
        select(Proposal).where(Proposal.contributor_id == contributor.id).order_by(Proposal.id)
    ).all()


def waiting_profile(contributor: Contributor) -> Proposal | None:
    """What somebody wants changed of their profile, if anything waits."""
    of_them = Proposal.contributor_id == contributor.id, Proposal.kind == ProposalKind.PROFILE
    return db.session.scalar(select(Proposal).where(*of_them))
