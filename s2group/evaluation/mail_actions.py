"""Acting on an application from the mail that told of it: as the account to which the mail went."""

from dataclasses import dataclass
from datetime import datetime

from s2group.accounts.models import User
from s2group.accounts.queries import user_by_mark
from s2group.admissions.models import Application
from s2group.admissions.rules.states import Mover, State, may_move
from s2group.admissions.services.mail_actions import Verb
from s2group.core.database import transaction
from s2group.core.permissions import Action
from s2group.evaluation.access import visible_to
from s2group.evaluation.pipeline.queries import decision_of
from s2group.evaluation.pipeline.services import Choice, put
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.queries import find
from s2group.links.rules import Purpose
from s2group.links.services import use

LEADS_TO = {Verb.SHORTLIST: State.SCREENING, Verb.INVITE: State.INTERVIEW, Verb.DECLINE: State.DECLINED}


@dataclass(frozen=True)
class MailAction:
    """What a link does: to which application, where it moves it, and as whom."""

    application: Application
    to: State
    user: User

    @property
    def is_possible(self) -> bool:
        """Whether the application may still be moved there."""
        return may_move(State(self.application.state), self.to, Mover.STAFF)


def action_of_link(token: str, *, now: datetime) -> MailAction | None:
    """What the link with this token does; None where it works no longer. Asking does not use it up."""
    return _read(find(token, Purpose.ACT_FROM_MAIL, now=now))


def application_to_rate(token: str, *, now: datetime) -> Application | None:
    """The application whose rubric the link with this token opens; None where it acts, or works no longer."""
    link = find(token, Purpose.ACT_FROM_MAIL, now=now)
    found = _whose(link) if link else None
    return found[0] if found and found[1] is Verb.RATE else None


def act(*, token: str, now: datetime) -> MailAction | None:
    """Use the link: the application is moved, and its applicant hears nothing before that is released.

    None where the link works no longer or somebody was faster. Raises ForbiddenMoveError where it was moved meanwhile;
    then the link is not used up.
    """
    with transaction() as session:
        found = _read(use(session, token, Purpose.ACT_FROM_MAIL, now=now))
        if found:
            before = decision_of(found.user, found.application)
            choice = Choice(found.to, note=before.note if before else "")
            put(session, application=found.application, choice=choice, actor=found.user, now=now)
    return found


def _read(link: Link | None) -> MailAction | None:
    found = _whose(link) if link else None
    if found is None or found[1] not in LEADS_TO:
        return None
    application, verb, user = found
    return MailAction(application, LEADS_TO[verb], user)


def _whose(link: Link) -> tuple[Application, Verb, User] | None:
    reference, verb, user_id, mark = link.subject.split(":")
    if (user := user_by_mark(int(user_id), mark)) is None:
        return None
    theirs = visible_to(user, Action.DECIDE_APPLICATIONS).where(Application.reference == reference)
    application = db.session.scalar(theirs)
    return (application, Verb(verb), user) if application else None
