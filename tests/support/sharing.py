"""A news item that is not published yet, and the link that shows it."""

from typing import Any

from sqlalchemy import select

from s2group.accounts.models import User
from s2group.content.news.services import NewsDraft, save_news_item
from s2group.content.news.sharing import share
from s2group.core import clock
from s2group.core.localized import LocalizedText
from s2group.extensions import db


def sharing_values() -> dict[str, dict[str, Any]]:
    """What the addresses of a shared draft are made of, by endpoint."""
    now, editor = clock.now(), db.session.scalars(select(User)).first()
    assert editor
    draft = NewsDraft(slug="not-yet", day=now.date(), title=LocalizedText(en="Not yet"), body=LocalizedText())
    item = save_news_item(item_id=None, draft=draft, seen="", actor=editor.id, now=now)
    token = share(item, actor=editor.id, now=now)
    return {"site.shared_draft": {"token": token}, "editor.share_news_item": {"slug": item.slug}}
