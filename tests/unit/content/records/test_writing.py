"""What fields write they read again, whatever it says."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from s2group.content.group.files import AREA, PARTNER, PROFILE
from s2group.content.news.files import NEWS
from s2group.content.pages.files import PAGE
from s2group.content.people.fields import EmailAddress, Links, PersonDay
from s2group.content.people.files import OF_FILE
from s2group.content.projects.files import FURTHER_COLUMNS, PROJECT
from s2group.content.publications.venue_files import VENUE
from s2group.content.records.fields import (
    Choice,
    Day,
    Emails,
    Field,
    Flag,
    Localized,
    LocalizedTexts,
    Moment,
    Number,
    References,
    Tables,
    Text,
    Texts,
    WebAddress,
    read_fields,
    write_fields,
)
from s2group.content.records.files import toml_values
from s2group.content.records.rules import SLUG
from s2group.content.records.writing import csv_table, toml_text
from s2group.content.releases.files import RELEASE
from s2group.content.samples.files import SAMPLE
from s2group.core.localized import LocalizedText
from s2group.core.text import visible

LETTERS = st.text(st.sampled_from("aZ9é语 \n\t\"'\\#=[]{},;%&~`\u2028\x85\u200b\r"), max_size=12)
WORDS = st.one_of(LETTERS, st.text(max_size=12)).map(lambda text: text.replace("\x00", "").strip())
SOME = WORDS.filter(bool)
LINES = SOME.map(lambda text: visible(text).replace("\r", "").strip()).filter(bool)
SLUGS = st.text("abc-12", min_size=1, max_size=8).filter(SLUG.fullmatch)
ADDRESSES = st.sampled_from(["https://example.org/a?b=1&c=%20", "http://example.org/~x#y"])
EMAILS = st.just("group@example.org")
DAYS = st.dates(date(1950, 1, 1), date(2090, 1, 1))


def values_of(field: Field[Any]) -> SearchStrategy[Any]:
    """What a record may say in a field, the default among it."""
    found = _said(field)
    return st.one_of(st.just(field.default), found) if field.is_optional else found


def _said(field: Field[Any]) -> SearchStrategy[Any]:  # noqa: C901 - one case a class
    match field:
        case Choice():
            return st.sampled_from(field.words)
        case WebAddress():
            return ADDRESSES
        case EmailAddress():
            return EMAILS
        case Text():
            return SLUGS if field.shape and field.shape.fullmatch("a") else _shaped(field)
        case Localized():
            return st.builds(LocalizedText, WORDS, WORDS).filter(bool)
        case LocalizedTexts():
            return st.lists(st.builds(LocalizedText, WORDS, SOME), max_size=2)
        case Number():
            return st.integers(field.within.start, field.within.stop - 1)
        case Flag():
            return st.booleans()
        case Day() | PersonDay():
            return DAYS
        case Moment():
            return st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
        case Texts():
            return st.lists(SOME, max_size=3)
        case Emails():
            return st.lists(EMAILS, max_size=2)
        case References():
            return st.lists(SLUGS, max_size=3, unique=True).map(lambda keys: tuple(sorted(keys)))
        case Links():
            links = st.dictionaries(st.sampled_from(["homepage", "github"]), ADDRESSES)
            return links.map(lambda said: [{"kind": kind, "url": url} for kind, url in said.items()])
        case Tables():
            return st.lists(st.fixed_dictionaries({inner.name: values_of(inner) for inner in field.fields}), max_size=2)
    raise AssertionError(field)


def _shaped(field: Text) -> SearchStrategy[str]:
    if field.shape is None:
        return SOME
    return st.sampled_from(
        [text for text in ("2025-01", "owner/name", "speech/one.wav") if field.shape.fullmatch(text)]
    )


def records_of(fields: tuple[Field[Any], ...]) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({field.name: values_of(field) for field in fields})


@pytest.mark.parametrize(
    "fields",
    [kind.fields for kind in (PROFILE, AREA, PARTNER, RELEASE, SAMPLE, PAGE, VENUE, NEWS)] + [OF_FILE],
    ids=["profile", "area", "partner", "release", "sample", "page", "venue", "news", "person"],
)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_record_in_toml_reads_as_the_same(fields: tuple[Field[Any], ...], data: st.DataObject) -> None:
    record = data.draw(records_of(fields))
    text = toml_text({"items": [write_fields(fields, record)]})
    assert visible(text) == text
    [table] = toml_values(text.replace("\r\n", "\n")).get("items", [{}])
    assert read_fields(fields, table, "") == record


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_record_in_a_table_reads_as_the_same(data: st.DataObject) -> None:
    record = data.draw(records_of(PROJECT.fields))
    lines = {name: _in_a_cell(value) for name, value in record.items()}
    text = csv_table(PROJECT.fields, [lines], FURTHER_COLUMNS)
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    said = {
        field.name: field.from_cells(*(row.get(column, "") for column in field.columns))
        for field in PROJECT.fields
        if any(row.get(column) for column in field.columns)
    }
    assert read_fields(PROJECT.fields, said, "") == lines


def _in_a_cell(value: Any) -> Any:
    """A cell keeps no sign that nobody sees."""
    if isinstance(value, LocalizedText):
        return LocalizedText(_in_a_cell(value.zh), _in_a_cell(value.en)) or LocalizedText("a")
    return visible(value).replace("\r", "").strip() if isinstance(value, str) else value
