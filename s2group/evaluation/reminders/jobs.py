"""What the worker does by the clock: it reminds those who owe an answer that is due soon."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlalchemy.orm import Session, contains_eager

from s2group.accounts.models import User
from s2group.accounts.queries import accounts
from s2group.accounts.rules import Notify
from s2group.admissions.models import Application, ApplicationFacts
from s2group.content.group.queries import group_zone
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.access import facts_visible_to, has_row
from s2group.evaluation.assignments.models import Assignment
from s2group.evaluation.assignments.queries import has_conflict
from s2group.evaluation.reminders.models import AnswerReminder
from s2group.evaluation.reviews.models import Review
from s2group.evaluation.reviews.queries import RATED_IN
from s2group.extensions import db
from s2group.mail.services import enqueue

MESSAGE = "answers_due"
MOST_LISTED = 20
# How long before an answer is due those who owe it are reminded.
BEFORE = timedelta(days=3)
HAS_RATED = (
    select(1)
    .where(
        Review.application_id == Assignment.application_id,
        Review.user_id == Assignment.user_id,
        Review.submitted_at.is_not(None),
    )
    .exists()
)
# Somebody is assigned who has not rated yet.
AWAITS_RATING = has_row(Assignment.application_id, ~HAS_RATED)


def remind_of_answers(*, notify: Notify, now: datetime) -> int:
    """Remind those who want mail in this way of the answers that they owe, each of each once; how many mails that is.

    All that somebody owes is one mail.
    """
    with transaction() as session:
        readers = [user for user in accounts() if user.active and user.notify == notify]
        return sum(_remind(session, user, owed, now) for user in readers if (owed := owed_by(user, now)))


def _remind(session: Session, user: User, owed: Sequence[ApplicationFacts], now: datetime) -> bool:
    """Nothing in it but references says whom it is about: it may lie in any mailbox, and the reader may be blind."""
    listed = [(facts.application.reference, facts.application.route.title, facts.answer_due_at) for facts in owed]
    enqueue(
        session, message=MESSAGE, topic=f"account-{user.id}", to=[user.notify_address], locale=user.locale,
        context={"count": len(owed), "listed": listed[:MOST_LISTED], "timezone": str(group_zone())},
        letterhead=False, now=now,
    )  # fmt: skip
    session.add_all(AnswerReminder(user_id=user.id, application_id=facts.application_id, at=now) for facts in owed)
    return True


def owed_by(user: User, now: datetime) -> Sequence[ApplicationFacts]:
    """The applications whose answer is due within BEFORE and waits for `user`, who was not reminded; soonest first.

    It waits for those who are assigned and have not rated; once all have, or where nobody is, for the route's PI.
    """
    statement = (
        facts_visible_to(user)
        .join(ApplicationFacts.application)
        .options(contains_eager(ApplicationFacts.application).joinedload(Application.route))
        .where(
            ApplicationFacts.answer_due_at > now,
            ApplicationFacts.answer_due_at <= now + BEFORE,
            ApplicationFacts.state.in_(RATED_IN),
            ~has_row(AnswerReminder.application_id, AnswerReminder.user_id == user.id),
            _owes(user),
        )
    )
    return db.session.scalars(statement.order_by(ApplicationFacts.answer_due_at, ApplicationFacts.application_id)).all()


def _owes(user: User) -> ColumnElement[bool]:
    mine = has_row(Assignment.application_id, Assignment.user_id == user.id, ~HAS_RATED)
    return and_(mine, ~has_conflict(user)) | and_(_leads_route(user), ~AWAITS_RATING)


def _leads_route(user: User) -> ColumnElement[bool]:
    routes = {grant.route_id for grant in user.grants if grant.role == Role.PI}
    if None in routes:
        return true()
    return ApplicationFacts.route_id.in_(routes) if routes else false()
