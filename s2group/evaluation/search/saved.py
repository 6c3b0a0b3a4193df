"""The searches that somebody has kept, or that others share, as they stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from s2group.accounts.models import User
from s2group.core.localized import Locale
from s2group.evaluation.search.asking import in_words
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.models import SavedSearch
from s2group.evaluation.search.queries import counted, read, read_each
from s2group.evaluation.search.rules.expressions import Expression
from s2group.evaluation.search.rules.mistakes import Mistake
from s2group.evaluation.search.rules.writing import written
from s2group.extensions import db


@dataclass(frozen=True)
class SavedView:
    """One of them: `query` in the reader's words, and how many it finds among what the reader may see.

    A search whose values are gone, such as a removed tag, is kept with its mistake and finds nothing.
    """

    saved: SavedSearch
    query: str
    count: int | None
    mistake: Mistake | None = None


def visible_searches(user: User) -> Select[SavedSearch]:
    """One's own and those that others share, in no order."""
    seen = or_(SavedSearch.owner_id == user.id, SavedSearch.shared)
    return select(SavedSearch).where(seen).options(joinedload(SavedSearch.owner))


def saved_searches(user: User) -> Sequence[SavedSearch]:
    """One's own in their order, then what others share, by name."""
    every = db.session.scalars(visible_searches(user).order_by(SavedSearch.position, SavedSearch.id)).all()
    own = [each for each in every if each.owner_id == user.id]
    return own + sorted((each for each in every if each.owner_id != user.id), key=lambda each: each.name)


def saved_views(user: User, locale: Locale, now: datetime) -> list[SavedView]:
    """The same with what each finds now, counted in one statement."""
    known = fields(user)
    found = read_each(known, {saved: saved.query for saved in saved_searches(user)}, now)
    counts = counted(user, {saved: each for saved, each in found.items() if isinstance(each, Expression)})
    return [
        SavedView(saved, written(each, known, locale), counts[saved])
        if isinstance(each, Expression)
        else SavedView(saved, saved.query, None, each)
        for saved, each in found.items()
    ]


def search_by_key(user: User, key: str) -> SavedSearch | None:
    """The search with this key; None where there is none that the user sees."""
    return db.session.scalar(visible_searches(user).where(SavedSearch.key == key))


def words_of(saved: SavedSearch, user: User, locale: Locale, now: datetime) -> str:
    """The search in the reader's words; as it is kept where it cannot be read any more."""
    found = read(saved.query, user, now)
    return in_words(found, user, locale) if isinstance(found, Expression) else saved.query


def last_position(user: User) -> int:
    """Behind which a new one of the user's stands."""
    return db.session.scalar(select(func.max(SavedSearch.position)).where(SavedSearch.owner_id == user.id)) or 0
