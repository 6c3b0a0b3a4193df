"""Which applications, and which mail about them, an account may see: where every query for staff begins.

tests/conventions/test_access_to_applications.py proves that nothing else of the reviewers' side reaches applications.
"""

from typing import TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts, Extension
from s2group.admissions.replies.models import Reply
from s2group.audit.models import Event
from s2group.core.permissions import Action, reach
from s2group.evaluation.releases.models import MessageRelease, ReleaseItem
from s2group.mail.models import OutboxMail
from s2group.mail.queries import staff_mails

T = TypeVar("T")


def visible_to(user: User, action: Action = Action.READ_APPLICATIONS) -> Select[Application]:
    """The applications on which `user` may do `action`, in no order. Of the others they hear nothing: 404."""
    return _within_reach(select(Application), Application.route_id, user, action)


def facts_visible_to(user: User) -> Select[ApplicationFacts]:
    """The facts of the applications that `user` may read, in no order: for counts and searches."""
    return _within_reach(select(ApplicationFacts), ApplicationFacts.route_id, user, Action.READ_APPLICATIONS)


def routes_visible_to(user: User, action: Action = Action.READ_APPLICATIONS) -> Select[AdmissionRoute]:
    """The routes on whose applications `user` may do `action`, in no order."""
    return _within_reach(select(AdmissionRoute), AdmissionRoute.id, user, action)


def release_items_visible_to(user: User) -> Select[ReleaseItem]:
    """The messages to applicants about whom `user` may decide, in no order, whatever became of them."""
    items = select(ReleaseItem).join(ReleaseItem.application)
    return _within_reach(items, Application.route_id, user, Action.DECIDE_APPLICATIONS)


def items_to_tell() -> Select[ReleaseItem]:
    """What is left of the releases that have begun, in no order: for the worker, who shows it to nobody."""
    begun = (MessageRelease.begun_at.is_not(None), MessageRelease.done_at.is_(None))
    return select(ReleaseItem).join(ReleaseItem.release).where(*begun, ReleaseItem.done_at.is_(None))


def extensions_visible_to(user: User) -> Select[Extension]:
    """The leaves to apply late on whose routes `user` may decide, in no order."""
    return _within_reach(select(Extension), Extension.route_id, user, Action.DECIDE_APPLICATIONS)


def mails_visible_to(user: User) -> Select[OutboxMail]:
    """The mail with which `user` may deal, in no order: about visible applications, or all that is for the staff."""
    if reach(user, Action.MANAGE_MAIL).everywhere:
        return staff_mails()
    about = visible_to(user, Action.MANAGE_MAIL).with_only_columns(Application.reference)
    return staff_mails().where(OutboxMail.topic.in_(about))


def replies_visible_to(user: User) -> Select[Reply]:
    """The replies to mail about applications with which `user` may deal, in no order, confirmed or not."""
    replies = select(Reply).join(Reply.application)
    return _within_reach(replies, Application.route_id, user, Action.MANAGE_MAIL)


def rows_of(application: Application, table: type[T]) -> Select[T]:
    """The rows of `table` that belong to an application which visible_to has given."""
    return select(table).filter_by(application_id=application.id)


def has_row(application_id: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition on a statement over facts: a row names the application by this column and meets the conditions."""
    of_it = application_id == ApplicationFacts.application_id
    return select(1).where(of_it, *conditions).correlate(ApplicationFacts).exists()


def is_among(application_id: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same, where few rows meet the conditions and an index finds them: the database looks these up at once."""
    return ApplicationFacts.application_id.in_(named_by(application_id, *conditions))


def named_by(application_id: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> Select[int]:
    """The ids that this column names in the rows that meet the conditions; for a part of a condition alone."""
    return select(application_id).where(*conditions).correlate(None)


def events_visible_to(user: User) -> Select[Event]:
    """The events that `user` may read in the audit log, in no order: all, or those of the applications in reach."""
    if reach(user, Action.READ_AUDIT).everywhere:
        return select(Event)
    # For each event by itself: the index has the order of time, and no list of applications comes before it.
    about = visible_to(user, Action.READ_AUDIT).where(Application.id == Event.application_id)
    return select(Event).where(about.exists())


def _within_reach(statement: Select[T], route_id: InstrumentedAttribute[int], user: User, action: Action) -> Select[T]:
    found = reach(user, action)
    return statement if found.everywhere else statement.where(route_id.in_(found.route_ids))
