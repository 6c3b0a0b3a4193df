"""What colleagues call the owner of an account."""

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.accounts.queries import names_of, user_by_email
from s2group.accounts.services import AccountError, add_account, set_name
from s2group.audit.models import Event
from s2group.audit.rules import AccountRenamed, Kind
from s2group.core.i18n import in_language
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.staff import MORNING, PASSWORD, add_staff


def test_a_new_account_is_called_by_its_address_until_it_has_a_name(app: Flask) -> None:
    plain, named = (
        add_staff(Role.PI),
        add_account(email="lin@example.org", role=Role.REVIEWER, password=PASSWORD, name="  测试·小林 ", now=MORNING),
    )
    user = user_by_email(plain)
    assert user
    assert (user.shown_name, named.shown_name) == ("pi", "测试·小林")
    assert names_of([user.id, None, named.id, user.id]) == {user.id: "pi", named.id: "测试·小林"}
    assert names_of([None]) == {}


def test_another_name_is_an_event_and_the_same_one_is_none(app: Flask) -> None:
    email = add_staff(Role.PI)
    for _ in range(2):
        set_name(email=email, name="Test  Lin", now=MORNING)
    user = user_by_email(email)
    assert user
    assert user.name == "Test Lin"
    events = db.session.scalars(select(Event).where(Event.kind == Kind.ACCOUNT_RENAMED)).all()
    assert [(event.details, event.subject_key) for event in events] == [(AccountRenamed("Test Lin"), str(user.id))]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("TEST lin", "A colleague has this name. Add something that tells you apart"),
        ("名" * 41, "Use at most 40 characters"),
    ],
)
def test_a_name_that_will_not_do_is_refused_in_words(app: Flask, name: str, words: str) -> None:
    set_name(email=add_staff(Role.PI), name="Test Lin", now=MORNING)
    with pytest.raises(AccountError) as refusal:
        set_name(email=add_staff(Role.EDITOR), name=name, now=MORNING)
    with in_language("en"):
        assert (refusal.value.field, str(refusal.value)) == ("name", words)


def test_two_accounts_may_have_no_name(app: Flask) -> None:
    set_name(email=add_staff(Role.PI), name="", now=MORNING)
    set_name(email=add_staff(Role.EDITOR), name="", now=MORNING)
    assert set(db.session.scalars(select(Event.kind))).isdisjoint({Kind.ACCOUNT_RENAMED})
