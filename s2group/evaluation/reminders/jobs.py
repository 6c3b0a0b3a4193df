"""What the worker does by the clock: it reminds those who owe an answer that is due soon."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, insert, literal, select, true
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.accounts.queries import accounts
from s2group.accounts.rules import Notify
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts
from s2group.content.group.queries import group_zone
from s2group.core.database import UtcDateTime, transaction
from s2group.core.paging import unindexed
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

    All that somebody owes is one mail, in a transaction of its own; whoever owes nothing costs no write.
    """
    readers = [user for user in accounts() if user.active and user.notify == notify]
    owing = [user for user in readers if db.session.scalar(_owed_by(user, now).exists().select())]
    return sum(_remind(user, now) for user in owing)


def _remind(user: User, now: datetime) -> bool:
    """Nothing in it but references says whom it is about: it may lie in any mailbox, and the reader may be blind."""
    columns = (Application.reference, AdmissionRoute.title, ApplicationFacts.answer_due_at)
    with transaction() as session:
        owed = _owed_by(user, now)
        soonest = owed.with_only_columns(*columns).order_by(ApplicationFacts.answer_due_at, Application.id)
        listed = [tuple(row) for row in session.execute(soonest.limit(MOST_LISTED))]
        if count := _keep_told(session, user, owed, now):
            enqueue(
                session, message=MESSAGE, topic=f"account-{user.id}", to=[user.notify_address], locale=user.locale,
                context={"count": count, "listed": listed, "timezone": str(group_zone())}, letterhead=False, now=now,
            )  # fmt: skip
    return bool(count)


def _keep_told(session: Session, user: User, owed: Select[ApplicationFacts], now: datetime) -> int:
    """How many there are; in one statement, because those of a whole call may be due in the same days."""
    told = owed.with_only_columns(literal(user.id), ApplicationFacts.application_id, literal(now, UtcDateTime()))
    keep = insert(AnswerReminder).from_select(["user_id", "application_id", "at"], told)
    return session.connection().execute(keep).rowcount


def _owed_by(user: User, now: datetime) -> Select[ApplicationFacts]:
    """The applications whose answer is due within BEFORE and waits for `user`, who was not reminded, in no order.

    It waits for those who are assigned and have not rated; once all have, or where nobody is, for the route's PI.
    """
    return (
        facts_visible_to(user)
        .join(ApplicationFacts.application)
        .join(Application.route)
        .where(
            ApplicationFacts.answer_due_at > now,
            ApplicationFacts.answer_due_at <= now + BEFORE,
            unindexed(ApplicationFacts.state.in_(RATED_IN)),
            ~has_row(AnswerReminder.application_id, AnswerReminder.user_id == user.id),
            _owes(user),
        )
    )


def _owes(user: User) -> ColumnElement[bool]:
    mine = has_row(Assignment.application_id, Assignment.user_id == user.id, ~HAS_RATED)
    return and_(mine, ~has_conflict(user)) | and_(_leads_route(user), ~AWAITS_RATING)


def _leads_route(user: User) -> ColumnElement[bool]:
    routes = {grant.route_id for grant in user.grants if grant.role == Role.PI}
    if None in routes:
        return true()
    return ApplicationFacts.route_id.in_(routes) if routes else false()
