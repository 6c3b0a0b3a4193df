"""What the search of an export looks through: the same entries as the portal's own search, as one file."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from s2group.admissions.openings import admissions_at
from s2group.content.search.models import SearchEntry
from s2group.content.search.queries import KINDS, known_spellings
from s2group.content.search.rules import searchable, simplified
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from s2group.site.views.search import pages_of, words_of_call

Row = list[Any]
CALL = "call"


def search_index(now: datetime, portal: str) -> bytes:
    """The index as JSON, which static/js/find.js reads: what is public at `now`, and the calls of the portal."""
    rows = [*_calls(now), *_entries(now)]
    signs = {sign for row in rows for sign in row[-1]}
    index = {
        "portal": f"{portal}/",
        "simplified": {chr(sign): plain for sign, plain in sorted(simplified().items()) if plain in signs},
        "names": known_spellings(),
        "entries": rows,
    }
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode()


def _entries(now: datetime) -> Iterator[Row]:
    visible = or_(SearchEntry.visible_from.is_(None), SearchEntry.visible_from <= now)
    found = db.session.scalars(select(SearchEntry).where(visible).order_by(SearchEntry.id)).all()
    address_of = pages_of(found)
    for entry in sorted(found, key=lambda entry: KINDS.index(entry.kind)):
        address = address_of(entry).lstrip("/")
        yield _row(entry.kind, address, entry.title, entry.summary, entry.title_words, entry.words)


def _calls(now: datetime) -> Iterator[Row]:
    for opening in admissions_at(now).calls:
        call = opening.call
        title, words = searchable(f"{call.title.zh} · {call.title.en}"), searchable(words_of_call(call))
        yield _row(CALL, f"admissions/{call.key}/", call.title, call.summary, title, words)


def _row(kind: str, address: str, title: LocalizedText, summary: LocalizedText, title_words: str, words: str) -> Row:
    """The words begin with those of the title, so many of them."""
    return [kind, address, title.zh, title.en, summary.zh, summary.en, len(title_words), words]
