"""The rows of a page of the list: each with all that its columns may show, in a handful of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import contains_eager, joinedload, load_only

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.rules import Outcome
from s2group.audit.models import Event
from s2group.audit.rules import Kind
from s2group.core.localized import Locale
from s2group.evaluation.access import visible_to
from s2group.evaluation.desk.strips import Strip, strip_of
from s2group.extensions import db
from s2group.mail.models import OutboxMail

LISTED = load_only(
    Application.reference, Application.route_id, Application.name, Application.submitted_at, Application.state,
    Application.shown_state, Application.answers, Application.outcomes, Application.locale,
)  # fmt: skip
# Worst first: what one mail suffers, the whole delivery suffers.
MAIL_STATES = ("stuck", "bounced", "waiting", "sending", "written", "accepted", "replaced")


@dataclass(frozen=True)
class ApplicationRow:
    """One application as a row of the list, with its facts and its route."""

    application: Application
    outcomes: Strip
    is_new: bool
    mail_state: str


def rows_of(user: User, ids: Sequence[int], locale: Locale) -> list[ApplicationRow]:
    """What `user` sees of these applications, in the same order."""
    statement = visible_to(user).join(Application.facts).options(
        contains_eager(Application.facts), joinedload(Application.route), LISTED
    )  # fmt: skip
    found = db.session.scalars(statement.where(Application.id.in_(ids))).all()
    by_id = {application.id: application for application in found}
    opened, mails = _opened(user, ids), _mail_states(user, [application.reference for application in found])
    return [
        ApplicationRow(
            application=by_id[each],
            outcomes=strip_of(map(Outcome.from_dict, by_id[each].outcomes), locale),
            is_new=each not in opened,
            mail_state=mails.get(by_id[each].reference, "accepted"),
        )
        for each in ids
        if each in by_id
    ]


def _opened(user: User, ids: Sequence[int]) -> set[int]:
    """Which of them `user` has looked at in their newest version."""
    came_at = func.coalesce(Application.changed_at, Application.submitted_at)
    looks: Any = (Event.kind == Kind.OPENED, Event.actor_id == user.id, Event.at >= came_at)
    statement = visible_to(user).join(Application.events).with_only_columns(Event.application_id)
    return set(db.session.scalars(statement.where(Application.id.in_(ids), *looks)))


def _mail_states(user: User, references: list[str]) -> dict[str, str]:
    mails = visible_to(user).join(OutboxMail, OutboxMail.topic == Application.reference)
    states = mails.with_only_columns(OutboxMail.topic, OutboxMail.state).distinct()
    # Of both, because PostgreSQL does not carry the list over to the mail by itself.
    statement = states.where(Application.reference.in_(references), OutboxMail.topic.in_(references))
    found: dict[str, str] = {}
    for topic, state in db.session.execute(statement):
        found[topic] = min(found.get(topic, state), state, key=MAIL_STATES.index)
    return found
