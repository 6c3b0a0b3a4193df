"""Links that show somebody without an account a news item that is not published yet."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from s2group.audit.rules import Details, DraftShared, DraftShareEnded, Subject, SubjectKind
from s2group.audit.services import record
from s2group.content.news.files import NEWS
from s2group.content.news.models import NewsItem
from s2group.core.database import transaction
from s2group.extensions import db
from s2group.links.models import Link
from s2group.links.queries import find
from s2group.links.rules import Purpose
from s2group.links.services import issue, remove


def share(item: NewsItem, *, actor: int, now: datetime) -> str:
    """Make a link to an item; its token, which is kept nowhere."""
    with transaction() as session:
        token = issue(session, purpose=Purpose.SHOW_DRAFT, subject=str(item.id), now=now)
        _tell(session, item, DraftShared(), actor, now)
    return token


def end_sharing(item: NewsItem, *, actor: int, now: datetime) -> None:
    """End every link to an item."""
    with transaction() as session:
        end_links(session, item)
        _tell(session, item, DraftShareEnded(), actor, now)


def end_links(session: Session, item: NewsItem) -> None:
    """The same within the caller's transaction, as where the item is removed."""
    remove(session, (Purpose.SHOW_DRAFT,), [str(item.id)])


def shared_until(item: NewsItem, *, now: datetime) -> datetime | None:
    """Until when the last link to an item works; None where none does."""
    live = Link.purpose == Purpose.SHOW_DRAFT, Link.subject == str(item.id), Link.expires_at > now
    return db.session.scalar(select(func.max(Link.expires_at)).where(*live))


def behind(token: str, *, now: datetime) -> tuple[int, datetime] | None:
    """The id of the item that a link shows, and until when; None where it works no longer."""
    link = find(token, Purpose.SHOW_DRAFT, now=now)
    return (int(link.subject), link.expires_at) if link else None


def _tell(session: Session, item: NewsItem, details: Details, actor: int, now: datetime) -> None:
    record(session, details, about=Subject(SubjectKind.RECORD, f"{NEWS.name}/{item.slug}"), at=now, actor_id=actor)
