"""A draft of tests, as its addresses name it."""

import io

from sqlalchemy import select

from s2group.admissions.models import AdmissionRoute
from s2group.admissions.services import drafts
from s2group.core import clock
from s2group.core.identifiers import new_token
from s2group.documents.services import take_upload
from s2group.extensions import db
from tests.support.applying import RESUME

ROUTE = "recommended-exemption-master"


def draft_values() -> dict[str, str]:
    """What the addresses of a draft hold: one with a mistyped address and a résumé, and with a link to it."""
    now = clock.now()
    route = db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == ROUTE)).one()
    draft = drafts.start_draft(route=route, key=new_token(), answers={"email": "a@gmial.com"}, locale="zh", now=now)
    resume = take_upload(stream=io.BytesIO(RESUME), original_name="cv.pdf", now=now)
    drafts.attach(draft=draft, kind="resume", document=resume, now=now)
    token = drafts.hand_over(draft=draft, now=now)
    return {"key": draft.key, "topic": "about", "kind": "resume", "token": token}
