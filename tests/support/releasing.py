"""Releases of tests, made and told as the portal does it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.services import add_account
from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.services.mail_actions import Verb, action_token
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.core.permissions import Role
from s2group.evaluation.messages.services import add_file
from s2group.evaluation.releases import services
from s2group.evaluation.releases.models import MessageRelease
from s2group.extensions import db
from tests.support.changing import upload
from tests.support.moving import move
from tests.support.pdf import make_pdf
from tests.support.refereeing import ANSWERS, apply_with_referees
from tests.support.staff import PASSWORD

NOW = datetime(2026, 9, 20, 6, 0, tzinfo=UTC)
HELD = timedelta(minutes=10)


def releaser() -> User:
    """A PI with an address of their own, who makes the releases."""
    email = "releaser@example.org"
    found = user_by_email(email)
    return found or add_account(email=email, role=Role.PI, password=PASSWORD, now=NOW)


def written_release(application: Application) -> MessageRelease:
    """One with a message that tells no decision, prepared."""
    messages = services.free_messages([application], services.free_template())
    return services.prepare(messages=messages, actor=releaser(), now=NOW)


def acting_token(application: Application, verb: Verb = Verb.SHORTLIST, *, now: datetime | None = None) -> str:
    """The token of a link with which the releaser can act on the application from a mail."""
    user = releaser()
    with transaction() as session:
        return action_token(session, application, verb, user, now=now or clock.now())


def applicants(number: int, *, locale: str = "en") -> list[Application]:
    """So many applications, in this language."""
    route = db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == "phd-assessment")).one()
    found = [
        apply_with_referees(
            key=f"key-{at}", name=f"测试·{at}", email=f"applicant-{at}@example.org", route=route,
            answers={**ANSWERS, "referees": []},
        )
        for at in range(number)
    ]  # fmt: skip
    with transaction() as session:
        session.execute(update(Application).values(locale=locale))
    return found


def decided(application: Application, to: str) -> Application:
    """Moved there, and not told."""
    move(application, to, release=False)
    return application


def prepared(applications: Sequence[Application]) -> MessageRelease:
    """A release of their decisions that nobody has let go."""
    return services.prepare(messages=services.decision_messages(applications), actor=releaser(), now=NOW)


def queued(applications: Sequence[Application]) -> MessageRelease:
    """The same, held from NOW on."""
    found = prepared(applications)
    assert services.queue(release=found, actor=releaser(), now=NOW)
    return found


def told(applications: Sequence[Application]) -> MessageRelease:
    """The same, and told."""
    found = queued(applications)
    services.take_effect(now=NOW + timedelta(minutes=current_app.config["HOLD_MINUTES"]))
    return found


def file_that_goes_along(
    actor: User, name: str = "guidelines.pdf", *, key: str = "offer", locale: Locale = "en"
) -> str:
    """The random name of a PDF that goes along with the mails of a template."""
    document = upload(make_pdf("Guidelines"), name=name, now=NOW)
    add_file(key=key, locale=locale, document=document, actor=actor, now=NOW)
    return document.token
