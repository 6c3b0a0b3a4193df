"""Asking members for proposals, keeping what they propose, and letting it go once it is decided."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.audit.rules import (
    Details,
    ProfileAsked,
    ProposalAccepted,
    ProposalDeclined,
    ProposalMade,
    Subject,
    SubjectKind,
)
from s2group.audit.services import record
from s2group.content.people.models import Member
from s2group.content.proposals.models import Contributor, Proposal
from s2group.content.proposals.rules import MOST_WAITING, ProposalKind
from s2group.core.database import transaction
from s2group.core.identifiers import new_token
from s2group.core.localized import Locale
from s2group.extensions import db
from s2group.links.rules import Purpose
from s2group.links.services import issue, remove

# Puts a mail into the outbox: with the link of this token, or about this proposal.
LinkMailer = Callable[[Session, Contributor, str], None]
Mailer = Callable[[Session, Proposal], None]


class TooManyError(Exception):
    """So much of this member waits already that no more is taken."""


class DecidedError(Exception):
    """Somebody else has decided on the proposal meanwhile."""


def ask_for_profile(
    *, member: Member, email: str, locale: Locale, mailer: LinkMailer, actor: User, now: datetime
) -> Contributor:
    """Have `mailer` write to a member, with a link to keep their profile; earlier links of theirs stop working.

    What they propose, `actor` hears of.
    """
    with transaction() as session:
        found = session.scalar(select(Contributor).where(Contributor.member_id == member.id))
        asked = found or Contributor(key=new_token(), member_id=member.id)
        asked.email, asked.locale, asked.asked_by_id = email, locale, actor.id
        session.add(asked)
        session.flush()
        remove(session, [Purpose.CONTRIBUTE], [asked.key])
        mailer(session, asked, issue(session, purpose=Purpose.CONTRIBUTE, subject=asked.key, now=now))
        _tell(session, member, ProfileAsked(), actor.id, now)
    return asked


def propose(
    *,
    contributor: Contributor,
    kind: ProposalKind,
    said: Mapping[str, Any],
    before: Mapping[str, Any] = {},
    mailer: Mailer,
    now: datetime,
) -> Proposal | None:
    """Keep what a member proposes, and have `mailer` tell whoever asked them. Of a profile one proposal waits at most.

    One that says nothing is taken back, which gives None. Raises TooManyError.
    """
    with transaction() as session:
        # The other of two requests at once waits here.
        session.scalar(select(Contributor.id).where(Contributor.id == contributor.id).with_for_update())
        of_them = Proposal.contributor_id == contributor.id
        if kind is ProposalKind.PROFILE:
            session.execute(delete(Proposal).where(of_them, Proposal.kind == kind))
        if not said:
            return None
        if (session.scalar(select(func.count()).select_from(Proposal).where(of_them)) or 0) >= MOST_WAITING:
            raise TooManyError
        made = Proposal(contributor=contributor, kind=kind, said=dict(said), before=dict(before), made_at=now)
        session.add(made)
        session.flush()
        mailer(session, made)
        _tell(session, contributor.member, ProposalMade(), None, now)
    return made


def end_proposal(*, proposal_id: int, accepted: bool, mailer: Mailer, actor: User, now: datetime) -> None:
    """Let a proposal go that was decided, and have `mailer` tell its author. Raises DecidedError."""
    with transaction() as session:
        found = session.get(Proposal, proposal_id, with_for_update=True)
        if found is None:
            raise DecidedError
        mailer(session, found)
        _tell(session, found.contributor.member, ProposalAccepted() if accepted else ProposalDeclined(), actor.id, now)
        session.delete(found)


def asker_of(contributor: Contributor) -> User:
    """Who asked them."""
    return db.session.get_one(User, contributor.asked_by_id)


def _tell(session: Session, member: Member, details: Details, actor_id: int | None, now: datetime) -> None:
    about = Subject(SubjectKind.RECORD, f"member/{member.slug}")
    record(session, details, about=about, at=now, actor_id=actor_id)
