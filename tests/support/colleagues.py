"""Colleagues with names, and an application on each of two routes, for what they do together."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.accounts.models import User
from s2group.accounts.services import add_account
from s2group.admissions.models import AdmissionRoute, Application, Call
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import MORNING, load_fictional_content
from tests.support.refereeing import ANSWERS, apply_with_referees
from tests.support.staff import PASSWORD, submit

HERE, ELSEWHERE = "phd-assessment", "recommended-exemption-master"


@dataclass(frozen=True)
class Team:
    """Two who read everything, one who reads the applications of HERE alone, and an application here and elsewhere."""

    pi: User
    reviewer: User
    of_here: User
    here: Application
    elsewhere: Application


def make_team(app: Flask) -> Team:
    """Load the fictional content, whose calls hide no ratings then, make the accounts, and apply twice."""
    load_fictional_content(app)
    with transaction() as session:
        session.execute(update(Call).values(hide_ratings=False))
    here, elsewhere = _apply("Testalpha", HERE), _apply("Testbeta", ELSEWHERE)
    return Team(
        pi=colleague("测试·陈老师", Role.PI),
        reviewer=colleague("测试·小林", Role.REVIEWER),
        of_here=colleague("测试·小郑", Role.REVIEWER, route_id=here.route_id),
        here=here,
        elsewhere=elsewhere,
    )


def colleague(name: str, role: Role, *, route_id: int | None = None) -> User:
    """An account of this name, at an address made of it."""
    letters = "".join(f"{ord(sign):x}" for sign in name[3:])
    email = f"{letters}@example.org"
    return add_account(email=email, role=role, route_id=route_id, password=PASSWORD, name=name, now=MORNING)


def signed_in(app: Flask, user: User) -> FlaskClient:
    """A browser in which the user has signed in."""
    client = app.test_client()
    assert submit(client, "/en/account/login", email=user.email, password=PASSWORD).status_code == 302
    return client


def _apply(name: str, key: str) -> Application:
    route = db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == key)).one()
    answers = {**ANSWERS, "exemption_status": "has"}
    return apply_with_referees([], key=f"key-{name}", name=name, route=route, answers=answers)
