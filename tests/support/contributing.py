"""A member of tests who was asked to keep their profile, and what they propose."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.content.people.models import Member
from s2group.content.proposals.models import Contributor
from s2group.content.proposals.rules import ProposalKind
from s2group.content.proposals.services import ask_for_profile, propose
from s2group.core import clock
from s2group.extensions import db


def contribution_values() -> dict[str, dict[str, Any]]:
    """What the addresses of contributions are made of, by endpoint: of a member whose proposal waits."""
    now, tokens = clock.now(), list[str]()
    member, editor = db.session.scalars(select(Member)).first(), db.session.scalars(select(User)).first()
    assert member and editor

    def keep(_session: Session, _asked: Contributor, token: str) -> None:
        tokens.append(token)

    asked = ask_for_profile(member=member, email="member@example.org", locale="en", mailer=keep, actor=editor, now=now)
    said = {"day": "2026-09-01", "title": {"zh": "", "en": "We met whales"}, "body": {"zh": "", "en": ""}}
    made = propose(contributor=asked, kind=ProposalKind.NEWS, said=said, mailer=lambda *_: None, now=now)
    assert made
    behind = ("editor.contribute", "editor.contribute_news", "editor.contribute_paper")
    return {
        **{endpoint: {"token": tokens[0]} for endpoint in behind},
        "editor.proposal": {"proposal_id": made.id},
        **{endpoint: {"key": asked.member.slug} for endpoint in ("editor.ask_member", "editor.import_homepage")},
    }
