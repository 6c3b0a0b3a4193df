"""Applications on several routes by what seems to be one person, and a reader whose grants change."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from s2group.accounts.models import RoleGrant, User
from s2group.accounts.queries import user_by_email
from s2group.admissions.models import AdmissionRoute, Application, RequirementSet
from s2group.admissions.services.letters import receive_letter
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.permissions import Action, Role
from s2group.documents.pages import draw_wanted
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_of
from tests.support.applying import MORNING, load_fictional_content
from tests.support.changing import change, upload
from tests.support.pdf import make_pdf
from tests.support.refereeing import ANSWERS, FIRST, SECOND, apply_with_referees
from tests.support.staff import sign_in

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


# Said once more, so that a change of the table of rights is seen.
MAY = {
    READ: {Role.ADMIN, Role.PI, Role.REVIEWER},
    DECIDE: {Role.ADMIN, Role.PI},
    Action.MANAGE_MAIL: {Role.ADMIN, Role.PI},
    Action.EXPORT_APPLICATIONS: {Role.ADMIN, Role.PI},
}
ROUTES = ("phd-assessment", "recommended-exemption-master", "national-exam-master")
LIMITED = [(role, place) for role in (Role.PI, Role.REVIEWER) for place in range(len(ROUTES))]
# A role, and the place of its route among ROUTES; None: everywhere.
Given = tuple[Role, int | None]
GRANTS = st.sets(st.one_of(st.sampled_from(LIMITED), st.sampled_from([(role, None) for role in Role])), max_size=3)


@dataclass(frozen=True)
class Seen:
    """An application as the pages know it."""

    name: str
    reference: str
    route_id: int
    route_address: str
    mail_keys: tuple[str, ...]
    message_id: str
    requirement: str

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
        application.outcomes[0]["key"],
    )


class Reader:
    """Somebody of the staff whose grants change from one example to the next, and what they get to see."""

    def __init__(self, app: Flask) -> None:
        self.every = apply_on_several_routes(app)
        self.client: FlaskClient = app.test_client()
        sign_in(self.client, Role.EDITOR)
        self.routes = list(dict.fromkeys(each.route_id for each in self.every))
        self.grants: set[Given] = set()

    def grant(self, grants: Iterable[Given]) -> None:
        """Have exactly these; the session stays, so that nothing but the rights changes."""
        self.grants = set(grants)
        rows = [(role, None if place is None else self.routes[place]) for role, place in self.grants]
        with transaction() as session:
            session.execute(delete(RoleGrant))
            session.add_all(RoleGrant(user_id=self.user.id, role=role, route_id=route_id) for role, route_id in rows)

    @property
    def user(self) -> User:
        """Their account, as it is now."""
        found = user_by_email("editor@example.org")
        assert found
        return found

    def everywhere(self, action: Action) -> bool:
        """Whether they may do that to applications of every route."""
        return any(role in MAY[action] and place is None for role, place in self.grants)

    def sees(self, action: Action) -> list[Seen]:
        """What they may do that to, worked out from the grants alone."""
        places = {place for role, place in self.grants if role in MAY[action]}
        return [each for each in self.every if None in places or self.routes.index(each.route_id) in places - {None}]

    def sent(self, address: str, **fields: str) -> TestResponse:
        """What comes back for a form that needs no token."""
        config = self.client.application.config
        config["WTF_CSRF_ENABLED"] = False
        answer = self.client.post(address, data=fields)
        config["WTF_CSRF_ENABLED"] = True
        return answer

    def post(self, address: str, **fields: str) -> int:
        """The same, of which the status alone is asked."""
        return self.sent(address, **fields).status_code

    def text(self, address: str) -> str:
        """The page there, which they may open."""
        response = self.client.get(address)
        assert response.status_code == 200, (self.grants, address, response.status_code)
        # The link to the other language says again what was asked.
        return response.text.replace(f"?{address.partition('?')[2]}", "")
