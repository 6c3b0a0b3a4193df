"""An applicant of tests who has applied and comes back."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from s2group.admissions.models import Application
from s2group.admissions.services import changes, drafts
from s2group.documents.models import Document
from s2group.documents.rules import PDF_OR_PICTURE
from s2group.documents.services import take_upload
from s2group.extensions import db
from s2group.mail.models import OutboxMail

CHANGED_AT = datetime(2026, 9, 3, 6, 6, tzinfo=UTC)


def upload(content: bytes, name: str = "file.pdf", now: datetime = CHANGED_AT) -> Document:
    """A file as the portal keeps it, of any kind that it takes."""
    return take_upload(stream=io.BytesIO(content), original_name=name, accepted=PDF_OR_PICTURE, now=now)


def change(
    application: Application,
    answers: Mapping[str, Any] | None = None,
    files: Mapping[str, bytes] | None = None,
    removed: tuple[str, ...] = (),
    key: str = "key-of-a-change-in-a-test",
    now: datetime = CHANGED_AT,
) -> Application:
    """Change the application as its owner does: a draft of it, new answers and files, sent."""
    draft = changes.begin_change(application=application, key=key, now=now)
    for number, (name, answer) in enumerate((answers or {}).items()):
        drafts.save_topic(draft=draft, topic="about", answers={name: answer}, seen=number, now=now)
    for kind, content in (files or {}).items():
        drafts.attach(draft=draft, kind=kind, document=upload(content, now=now), now=now)
    for kind in removed:
        drafts.detach(draft=draft, kind=kind, now=now)
    return changes.amend(draft=draft, consent_version="next", now=now)


def mails(message: str) -> list[OutboxMail]:
    """All mails of this kind, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.message == message).order_by(OutboxMail.id)))
