"""venues.toml: the journals and conferences, and how the lists rank them."""

from collections.abc import Iterator, Sequence

from flask_babel import lazy_gettext

from s2group.content.publications.models import Venue
from s2group.content.publications.rules.venues import venue_keys
from s2group.content.records.entries import Entry, TomlTables
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import Choice, Text, Texts
from s2group.content.records.kinds import Kind, Values

CLASSES = ("", "A", "B", "C")
QUARTERS = ("", "Q1", "Q2", "Q3", "Q4")


def _spellings(values: Values) -> list[str]:
    return [values["short_name"], values["name"], *values["aliases"]]


def _have_letters(values: Values, place: str) -> None:
    for name in _spellings(values):
        if not venue_keys(name):
            raise ContentError(
                place,
                lazy_gettext("the name %(name)r has no letters", name=name),
                lazy_gettext("Write names with letters"),
                field="name",
            )


def _spelt_apart(entries: Sequence[Entry]) -> None:
    places: dict[str, str] = {}
    for spelling, place in _spelt(entries):
        if places.setdefault(spelling, place) != place:
            raise ContentError(
                place,
                lazy_gettext("spelling %(spelling)r is taken by %(other)s", spelling=spelling, other=places[spelling]),
                lazy_gettext("Make them differ"),
            )


def _spelt(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    return ((venue_keys(name)[0], entry.place) for entry in entries for name in _spellings(entry.values))


def same_spelling(one: Values, other: Values) -> str:
    """The spelling of `one` by which a paper could mean the `other`, or ''."""
    taken = {venue_keys(name)[0] for name in _spellings(other)}
    return next((name for name in _spellings(one) if venue_keys(name)[0] in taken), "")


VENUE = Kind(
    "venue",
    Venue,
    key="short_name",
    fields=(
        Text("short_name", longest=60),
        Text("name"),
        Texts("aliases", []),
        Choice("ccf", "", words=CLASSES),
        Choice("caai", "", words=CLASSES),
        Choice("jcr", "", words=QUARTERS),
    ),
    check=_have_letters,
)
VENUES = TomlTables(VENUE, "venues.toml", "venues", optional=True, compare=_spelt_apart)
