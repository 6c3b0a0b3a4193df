"""What reviewers do to an application."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from s2group.accounts.models import User
from s2group.admissions.decision_words import TOLD, words_for
from s2group.admissions.models import Application
from s2group.admissions.rules.states import State
from s2group.admissions.services import states
from s2group.admissions.services.notices import Preview, notify_applicant, preview
from s2group.audit.rules import Opened
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.evaluation.looks.rules import Look
from s2group.evaluation.looks.services import remember_look
from s2group.evaluation.pipeline.services import Choice, put
from s2group.evaluation.queries import application_in_full, has_opened

DECISION_TOLD = "decision_told"


@dataclass(frozen=True)
class OpenedApplication:
    """An application, and what its reader had seen of it before."""

    application: Application
    look: Look


def open_application(*, reference: str, actor: User, now: datetime) -> OpenedApplication | None:
    """Give `actor` the application with this reference, or None.

    Their first look is recorded as an event, and each of their looks is remembered for themselves.
    """
    application = application_in_full(actor, reference)
    if application and not has_opened(application, actor.id):
        with transaction() as session:
            record(session, Opened(), about=application.subject, at=now, actor_id=actor.id)
        application = application_in_full(actor, reference)
    if application is None:
        return None
    return OpenedApplication(application, remember_look(application=application, user=actor, now=now))


def decide(*, application: Application, choice: Choice, release: bool, actor: User, now: datetime) -> None:
    """Move an application to another state, and show the applicant what they may see of it where `release` says so.

    To where it stands already means to release that. What is released is also mailed to the applicant. Raises
    ForbiddenMoveError, and NoPlaceLeftError where more offers than places want a reason.
    """
    with transaction() as session:
        put(session, application=application, choice=choice, actor=actor, now=now)
        if not release or application.shown_state == choice.to:
            return
        states.release(session, application=application, actor=actor, now=now)
        if choice.to in TOLD:
            words = words_for(choice.to, cast("Locale", application.locale))
            notify_applicant(session, message=DECISION_TOLD, application=application, now=now, words=words)


def decision_mail(application: Application, to: State) -> Preview | None:
    """The mail that the applicant gets when this state is released; None where they get none."""
    if to not in TOLD or application.shown_state == to:
        return None
    words = words_for(to, cast("Locale", application.locale))
    return preview(message=DECISION_TOLD, application=application, words=words)
