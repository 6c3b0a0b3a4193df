"""Nothing that staff see of applications is found otherwise than by evaluation.access."""

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select

from s2group.admissions import queries as admissions_queries
from s2group.admissions.models import Application
from s2group.audit.models import Event
from s2group.evaluation import access
from s2group.extensions import db
from s2group.mail import queries as mail_queries
from s2group.mail.models import OutboxMail
from tests.support.reaching import findings, modules_of, tables_of_applications

ROOMS = ("review", "evaluation", "exports")
INSIDE = tuple(f"s2group.{room}" for room in ROOMS)
# What finds by a name that only somebody knows who has found the application.
NAMED_BY_WHAT_WAS_FOUND = {
    "s2group.mail.queries.staff_mails_of": "the reference of an application that visible_to has given",
    "s2group.mail.queries.stopped_private_mails": "counts alone, for whoever deals with all mail",
    "s2group.mail.services.enqueue": "an address, whose mail of the day it counts",
    "s2group.admissions.services.extensions.end_extension": "an extension that extensions_visible_to has given",
    "s2group.documents.verification.read_whole": "the hash of a document that visible_to has given",
}


def all_modules() -> Iterator[ModuleType]:
    """But what the worker does by the clock, for nobody."""
    return (module for module in modules_of(*ROOMS) if module is not access and not module.__name__.endswith(".jobs"))


def all_findings() -> set[tuple[str, str]]:
    return {
        (f"{module.__name__}.{where}", what)
        for module in all_modules()
        for where, what in findings(inspect.getsource(module), vars(module), INSIDE)
    }


def test_every_query_for_staff_begins_with_what_they_may_see() -> None:
    assert {finding for finding in all_findings() if finding[1] not in NAMED_BY_WHAT_WAS_FOUND} == set()


def test_no_exception_outlives_its_need() -> None:
    assert NAMED_BY_WHAT_WAS_FOUND.keys() - {what for _, what in all_findings()} == set()


def test_the_tables_of_applications_are_known() -> None:
    some = {"Application", "ApplicationDocument", "Document", "FormerVersion", "OutboxMail", "Referee"}
    assert some <= tables_of_applications()
    assert not {"User", "Call", "AdmissionRoute", "NewsItem"} & tables_of_applications()


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("return db.session.scalars(select(Application)).all()", "a statement"),
        ("return select(1).join(Event)", "a statement"),
        ("begun = select(1)\n    return begun.where(Application.id == 1)", "a statement"),
        ("return db.session.get(OutboxMail, 1)", "a statement"),
        ("return admissions_queries.application_by_reference('…')",
         "s2group.admissions.queries.application_by_reference"),
        ("return mail_queries.unsent_mails()", "s2group.mail.queries.unsent_mails"),
        ("return map(mail_queries.mails_of, [])", "s2group.mail.queries.mails_of"),
        ("return access.visible_to(user).join(Application.events).with_only_columns(Event)", None),
        ("return mail_queries.mails_for_a_person(access.mails_visible_to(user))", None),
        ("return db.session.get('colour', 1)", None),
    ],
)  # fmt: skip
def test_what_reaches_applications_by_itself_is_told(body: str, what: str | None) -> None:
    names: dict[str, Any] = {
        "Application": Application, "Event": Event, "OutboxMail": OutboxMail, "access": access, "db": db,
        "admissions_queries": admissions_queries, "mail_queries": mail_queries, "select": select,
    }  # fmt: skip
    found = findings(f"def new_page(user):\n    {body}\n", names, INSIDE)
    assert found == ({("new_page", what)} if what else set())
