"""Looking through the whole public site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from s2group.content.people.models import Member
from s2group.content.search.models import SearchEntry
from s2group.content.search.rules import Term, in_any_spelling, spellings, terms
from s2group.core.text import HAN
from s2group.extensions import db

# In the order of the page.
KINDS = ("member", "line", "publication", "project", "news", "release", "sample", "page", "partner")


@dataclass(frozen=True)
class Found:
    """The best entries of one kind, and how many there are."""

    kind: str
    entries: Sequence[SearchEntry]
    count: int


def found_entries(wanted: Sequence[Term], *, now: datetime, most: int, kind: str | None = None) -> list[Found]:
    """What holds all of `wanted`: the best `most` of every kind, or of `kind` alone, in one statement.

    Those with all terms in the title come first, then the order of the site.
    """
    if not wanted:
        return []
    hits = (
        select(
            SearchEntry.id,
            func.row_number().over(partition_by=SearchEntry.kind, order_by=_best_first(wanted)).label("rank"),
            func.count().over(partition_by=SearchEntry.kind).label("total"),
        )
        .where(
            _holds(SearchEntry.words, wanted), or_(SearchEntry.visible_from.is_(None), SearchEntry.visible_from <= now)
        )
        .where(SearchEntry.kind == kind if kind else true())
        .subquery()
    )
    statement = select(SearchEntry, hits.c.total).join(hits, hits.c.id == SearchEntry.id).where(hits.c.rank <= most)
    rows = db.session.execute(statement.order_by(hits.c.rank)).all()
    return [
        Found(each, [row[0] for row in mine], mine[0].total)
        for each in KINDS
        if (mine := [row for row in rows if row[0].kind == each])
    ]


def _best_first(wanted: Sequence[Term]) -> tuple[ColumnElement[int], ...]:
    return case((_holds(SearchEntry.title_words, wanted), 0), else_=1), SearchEntry.id.expression


def _holds(words: InstrumentedAttribute[str], wanted: Sequence[Term]) -> ColumnElement[bool]:
    return and_(*(or_(*(words.contains(needle, autoescape=True) for needle in term.needles)) for term in wanted))


def asked(query: str) -> list[Term]:
    """What a query asks for; of a member's name any spelling will do: 刘瑞, 劉瑞, Rui Liu, liu rui, liurui."""
    wanted = terms(query)
    return in_any_spelling(wanted, known_spellings()) if wanted else []


def known_spellings() -> list[tuple[str, ...]]:
    """Of each member how the name may be written, in the normal form."""
    rows = db.session.execute(select(Member.name, Member.aliases, Member.sort_name))
    return [spellings(name.zh, name.en, *more, pinyin=_pinyin(sort)) for name, more, sort in rows]


def _pinyin(sort_name: str) -> str:
    """Of 'zuo 左 hao lin 昊麟' the syllables, surname first."""
    return " ".join(part for part in sort_name.split() if not HAN.match(part))
