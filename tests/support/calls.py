"""Calls of tests, beside the one that tests/content describes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from s2group.admissions.models import AdmissionRoute, Call, RequirementSet
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from tests.support.applying import MORNING

DAY = timedelta(days=1)


def add_call(
    key: str,
    *,
    opens_at: datetime = MORNING,
    closes_at: datetime | None = None,
    places: int | None = None,
    route_key: str = "",
    **more: Any,
) -> None:
    """A call with one route, of the same key unless told, that asks for nothing. `more` are columns of the call."""
    words = LocalizedText(zh=f"虚构 {key}", en=f"Fictional {key}")
    values: dict[str, Any] = {
        "title": words, "summary": words, "notice": words, "contact": words, "purpose": words, "benefits": [],
        "timezone": "Asia/Shanghai", "recipients": ["pi@example.org"], "copies": [], "mail_locale": "zh",
        "answer_days": 14, "grace_minutes": 30, "timeline": [], "questions_answers": [], "retention_days": 730,
        "files_retention_days": 180,
    }  # fmt: skip
    with transaction() as session:
        call = Call(key=key, opens_at=opens_at, closes_at=closes_at, **{**values, **more})
        route = AdmissionRoute(
            key=route_key or key,
            position=0,
            title=words,
            subject_label=words,
            places=places,
            filled=False,
            form={},
            call=call,
        )
        session.add_all([call, RequirementSet(route=route, version=1, requirements=[], created_at=MORNING)])


def fill(*keys: str) -> None:
    """All places of the routes with these keys are taken."""
    with transaction() as session:
        session.execute(update(AdmissionRoute).where(AdmissionRoute.key.in_(keys)).values(filled=True))
