"""Applications of tests that a browser may change."""

import re
from datetime import timedelta
from typing import Any, cast

from flask.testing import FlaskClient

from s2group.accounts.services import add_account
from s2group.accounts.sessions import StoredSession
from s2group.admissions.access import give_access
from s2group.admissions.models import Application
from s2group.admissions.services import changes
from s2group.admissions.services.asked_again import ask_again
from s2group.admissions.services.document_requests import ask_for_document
from s2group.core import clock
from s2group.core.permissions import Role
from tests.support.changing import mails
from tests.support.interviewing import applicant, interview_values
from tests.support.moving import move
from tests.support.refereeing import apply_with_referees
from tests.support.staff import PASSWORD


def let_change(client: FlaskClient, *applications: Application) -> None:
    """Let a browser change these applications, as if it had sent them."""
    with client.session_transaction() as session:
        session_id = cast("StoredSession", session).renew()
        for application in applications:
            give_access(application=application, session_id=session_id)


def asked_values(application: Application) -> dict[str, str]:
    """What the address of a question is made of that is asked once more."""
    now = clock.now()
    actor = add_account(email=f"asks-{application.id}-once-more@example.org", role=Role.PI, password=PASSWORD, now=now)
    ask_again(
        application=application, question="name", text="As in your passport?", due_at=now + timedelta(days=7),
        told_at=now, actor=actor, now=now,
    )  # fmt: skip
    found = re.search(r"/apply/answer/([\w-]+)/", mails("answer_asked")[-1].text)
    assert found
    return {"token": found[1]}


def own_values(client: FlaskClient) -> dict[str, dict[str, Any]]:
    """What the addresses of what applicants do are made of, by endpoint; the browser may do it."""
    now = clock.now()
    names = ("sent", "withdrawn", "offered")
    sent, withdrawn, offered = (apply_with_referees([], key=f"form-{name}", now=now) for name in names)
    move(offered, "offer")
    changes.withdraw(application=withdrawn, now=now)
    pi = add_account(email="pi-of-own-values@example.org", role=Role.PI, password=PASSWORD, now=now)
    asked = ask_for_document(application=sent, text="Your degree.", due_at=None, told_at=now, actor=pi, now=now)
    called = applicant(now=now)
    let_change(client, sent, withdrawn, offered, called)
    own = {"reference": sent.reference}
    return {
        "apply.mail_link": own,
        "apply.edit": own,
        "apply.withdraw": own,
        "apply.accept_offer": {"reference": offered.reference},
        "apply.refuse_offer": {"reference": offered.reference},
        "apply.take_back": {"reference": withdrawn.reference},
        "apply.delete": own,
        "apply.choose_slot": {"reference": called.reference, "round_key": interview_values(called)["round_key"]},
        "apply.requested": own | {"request_id": asked.id},
        "apply.answer": asked_values(sent),
    }
