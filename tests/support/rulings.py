"""Requirements of tests that change after somebody was judged by them."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.admissions.models import AdmissionRoute, Application, RequirementSet
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.applying import MORNING, apply, pdf
from tests.support.pdf import make_pdf

LATER = MORNING + timedelta(days=1)


def exemption_route() -> AdmissionRoute:
    """The first route of the fictional call."""
    return db.session.scalars(select(AdmissionRoute).filter_by(key="recommended-exemption-master")).one()


def three_applicants(client: FlaskClient) -> dict[str, Application]:
    """Their applications, by name: they are named after their scores of CET-4."""
    for score in ("441", "428", "420"):
        assert apply(client, name=f"Test {score}", cet4=score, resume=pdf(make_pdf(score))).status_code == 303
    return {application.name: application for application in db.session.scalars(select(Application))}


def change(route: AdmissionRoute, *, minimum: int = 430, version: int = 2, without: str = "") -> None:
    """A new version with another line for CET-4, and without one of the requirements."""
    newest = route.requirement_sets[0].requirements
    changed = [
        each | {"minimum": minimum} if each["key"] == "cet4" else each for each in newest if each["key"] != without
    ]
    with transaction() as session:
        session.add(RequirementSet(route_id=route.id, version=version, requirements=changed, created_at=LATER))
    db.session.refresh(route, ["requirement_sets"])


def verdict(application: Application, key: str = "cet4") -> str:
    """What the application's outcome says now."""
    db.session.refresh(application)
    return str(next(outcome["verdict"] for outcome in application.outcomes if outcome["key"] == key))
