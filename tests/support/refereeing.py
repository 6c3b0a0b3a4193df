"""An applicant of tests who names referees, and what reaches those."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.services.letters import receive_letter
from s2group.admissions.services.submissions import submit_application
from s2group.core import clock
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.applying import MORNING
from tests.support.changing import mails, upload
from tests.support.pdf import make_pdf

FIRST = {"name": "测试乙", "email": "First.Referee@example.org", "position": "Professor, Test University"}
SECOND = {"name": "Test Bing", "email": "second@example.org", "position": "Lecturer, Test University"}
THIRD = {"name": "Test Ding", "email": "third@example.org", "position": "Reader, Test University"}
ANSWERS = {
    "phone": "13800138000",
    "university": "Test University",
    "college": "Test College",
    "major": "Test Studies",
    "research_plan": "A plan of some length. " * 20,
}


def apply_with_referees(
    referees: Sequence[dict[str, str]] = (FIRST, SECOND), *, key: str = "form-of-a-test", **changes: Any
) -> Application:
    """Apply for a PhD, in English, with a résumé and a transcript."""
    arguments: dict[str, Any] = {
        "route": db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == "phd-assessment")).one(),
        "name": "Test Applicant",
        "email": "applicant@example.org",
        "answers": {**ANSWERS, "referees": list(referees)},
        "documents": {kind: upload(make_pdf(f"{kind} {key}"), now=MORNING) for kind in ("resume", "transcript")},
        "locale": "en",
        "form_key": key,
        "consent_version": "1",
        "now": MORNING,
    }
    return submit_application(**(arguments | changes))


def token_in(mail: OutboxMail) -> str:
    """The token of the link with which a letter can be uploaded."""
    found = re.search(r"/apply/letter/([\w-]+)/", mail.text)
    assert found
    return found[1]


def letter_values() -> dict[str, dict[str, Any]]:
    """What the addresses of letters are made of, by endpoint: of a referee who is asked, and of one who has written."""
    application = apply_with_referees(key="form-for-addresses", now=clock.now())
    receive_letter(
        referee_id=application.referees[0].id, document=upload(make_pdf("letter"), now=MORNING), now=clock.now()
    )
    return {
        "apply.letter": {"token": token_in(mails("letter_asked")[-1])},
        "review.letter": {"reference": application.reference, "position": 1},
    }
