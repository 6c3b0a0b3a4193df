"""Applications on several routes by what seems to be one person, with everything that can be asked of them."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select, update

from s2group.admissions.models import AdmissionRoute, Application, RequirementSet
from s2group.admissions.services.letters import receive_letter
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.permissions import Action
from s2group.documents.pages import draw_wanted
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_of
from tests.support.applying import MORNING, load_fictional_content
from tests.support.changing import change, upload
from tests.support.pdf import make_pdf
from tests.support.refereeing import ANSWERS, FIRST, SECOND, apply_with_referees

# Whose application is on which route: the names are told apart in every page, the address is the same.
APPLICANTS = {
    "Testalpha": "phd-assessment",
    "Testbeta": "phd-assessment",
    "Testgamma": "recommended-exemption-master",
    "Testdelta": "national-exam-master",
}
READ, DECIDE = Action.READ_APPLICATIONS, Action.DECIDE_APPLICATIONS
PAGES = {
    "": READ, "tags/": READ, "resume.pdf": READ, "resume.txt": READ, "resume/1.webp": READ, "versions/": READ,
    "versions/1/resume/": READ, "letters/1.pdf": READ, "decision/": DECIDE, "request/": DECIDE,
    "replies/add/": Action.MANAGE_MAIL,
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """An application as the pages know it."""

    name: str
    reference: str
    route_id: int
    route_address: str
    mail_keys: tuple[str, ...]
    message_id: str

    @property
    def pages(self) -> dict[str, Action]:
        """The addresses of all that is shown of it, and what one must be allowed to do to it for each."""
        return {f"/en/review/{self.reference}/{page}": action for page, action in PAGES.items()}


def apply_on_several_routes(app: Flask) -> list[Seen]:
    """Load the fictional content and let APPLICANTS apply, change what they sent, and have a letter each.

    Requirements have changed since, and the first mail about each application was given up.
    """
    load_fictional_content(app)
    found = [_apply(name, key) for name, key in APPLICANTS.items()]
    _change_requirements()
    draw_wanted()
    return [_seen(application) for application in found]


def _apply(name: str, key: str) -> Application:
    route = db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == key)).one()
    answers = {**ANSWERS, "referees": [FIRST, SECOND], "exemption_status": "has"}
    application = apply_with_referees(key=f"key-{name}", name=name, route=route, answers=answers)
    document = upload(make_pdf(f"letter {name}"), now=MORNING)
    receive_letter(referee_id=application.referees[0].id, document=document, now=clock.now())
    change(application, files={"resume": make_pdf(f"newer {name}")}, key=f"change-{name}")
    with transaction() as session:
        first = mails_of(application.reference)[0].id
        session.execute(update(OutboxMail).where(OutboxMail.id == first).values(state="stuck"))
    return application


def _change_requirements() -> None:
    with transaction() as session:
        for newest in session.scalars(select(RequirementSet)).all():
            session.add(
                RequirementSet(
                    route_id=newest.route_id, version=2, requirements=newest.requirements, created_at=MORNING
                )
            )


def _seen(application: Application) -> Seen:
    mails, route = mails_of(application.reference), application.route
    return Seen(
        application.name,
        application.reference,
        route.id,
        f"/en/review/requirements/{route.call.key}/{route.key}/",
        tuple(mail.key for mail in mails),
        mails[0].message_id,
    )
