"""Reviewers of tests, who rate the applications of a season."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bench.season import write_season
from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.services import add_account
from s2group.admissions.models import Application
from s2group.core.permissions import Role
from s2group.evaluation.reviews.models import Review
from s2group.evaluation.reviews.queries import own_review
from s2group.evaluation.reviews.rules import Rating
from s2group.evaluation.reviews.services import rate
from s2group.extensions import db
from tests.support.applying import MORNING, load_fictional_content
from tests.support.staff import PASSWORD, submit


def some_applications(app: Flask, count: int) -> list[Application]:
    """Load the fictional content and write so many applications to it; the first one first."""
    load_fictional_content(app)
    write_season(count)
    return list(db.session.scalars(select(Application).order_by(Application.id)))


def add_reviewer(name: str, role: Role = Role.REVIEWER, route_id: int | None = None) -> User:
    """An account of that name, for all applications or those of one route."""
    email = f"{name}@example.org"
    return add_account(email=email, role=role, password=PASSWORD, route_id=route_id, now=MORNING)


def account_of(name: str) -> User:
    """The account of that name, as the database has it now."""
    found = user_by_email(f"{name}@example.org")
    assert found
    return found


def sign_in_as(client: FlaskClient, name: str) -> None:
    """Sign in with an account that add_reviewer has made."""
    response = submit(client, "/en/account/login", email=f"{name}@example.org", password=PASSWORD)
    assert response.status_code == 302, response.text


def give(user: User, application: Application, mark: int, note: str = "") -> Review:
    """Have `user` submit this one mark by the standard rubric."""
    return say(user, application, Rating({"overall": mark}, shared_note=note))


def say(user: User, application: Application, rating: Rating, *, submitted: bool = True) -> Review:
    """Have `user` submit a rating, or keep it as a draft."""
    before = own_review(user, application)
    saved = rate(
        application=application,
        rating=rating,
        seen=before.saves if before else 0,
        submit=submitted,
        actor=user,
        now=MORNING,
    )
    assert not saved.missing
    return saved.review
