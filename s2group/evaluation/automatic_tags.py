"""Tags that a search puts on applications: found anew whenever they are shown, and never stored."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import literal, union_all

from s2group.accounts.models import User
from s2group.admissions.models import ApplicationFacts
from s2group.evaluation.search import found_by_each
from s2group.evaluation.tags.models import Tag
from s2group.evaluation.tags.queries import automatic_tags, tags_of
from s2group.extensions import db


def all_tags_of(user: User, ids: Collection[int], now: datetime) -> dict[int, list[Tag]]:
    """The tags of these applications that `user` sees: those that people have put there, then the automatic ones.

    A handful of statements more than tags_of, however many tags there are. A tag whose search can be read no longer,
    because a route that it names has gone, say, is nowhere.
    """
    every = tags_of(user, ids)
    for application_id, tag in _automatic(user, ids, now):
        every.setdefault(application_id, []).append(tag)
    return every


def _automatic(user: User, ids: Collection[int], now: datetime) -> list[tuple[int, Tag]]:
    tags = {tag.id: tag for tag in automatic_tags(user)}
    if not tags:
        return []
    searches = [
        statement.with_only_columns(ApplicationFacts.application_id, literal(tag_id)).where(
            ApplicationFacts.application_id.in_(ids)
        )
        for tag_id, statement in found_by_each(user, {each.id: each.query or "" for each in tags.values()}, now).items()
    ]
    if not searches:
        return []
    return [(application_id, tags[tag_id]) for application_id, tag_id in db.session.execute(union_all(*searches))]
