"""group.toml: the group, its research areas, its partners."""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import lazy_gettext

from s2group.content.group.models import GroupProfile, Partner, ResearchArea
from s2group.content.records.entries import Entry, entries_of
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import (
    NO_TEXT,
    Choice,
    Emails,
    Localized,
    LocalizedTexts,
    Slug,
    Tables,
    Text,
    WebAddress,
    read_tables,
)
from s2group.content.records.files import toml_table
from s2group.content.records.keys import key_from, with_keys
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.loading import Loader
from s2group.graphics.marks.drawing import MOTIFS

FILE = "group.toml"


def _fits(values: Values, place: str) -> None:
    if len(values["seal"]) > 2:
        problem = lazy_gettext("the seal is too long")
        raise ContentError(place, problem, lazy_gettext("Use one character"), field="seal")
    if len(values["short_name"]) > 40:
        problem = lazy_gettext("the short name is too long")
        raise ContentError(
            place, problem, lazy_gettext("Use at most %(count)s characters", count=40), field="short_name"
        )
    try:
        ZoneInfo(values["timezone"])
    except (ZoneInfoNotFoundError, ValueError) as error:
        problem = lazy_gettext("timezone %(timezone)r is not known", timezone=values["timezone"])
        raise ContentError(place, problem, lazy_gettext("Write one such as Asia/Shanghai"), field="timezone") from error


PROFILE = Kind(
    "profile",
    GroupProfile,
    fields=(
        Text("short_name"),
        Text("seal"),
        *(Localized(name) for name in ("name", "institution", "claim", "lede", "about", "address")),
        Emails("emails"),
        Text("timezone"),
        LocalizedTexts("exchange_cases", []),
        Tables("links", [], fields=(WebAddress("url", ""), Localized("label"))),
        Tables("filings", [], fields=(Text("text"), WebAddress("url", ""))),
        Choice("motif", "waveform", words=MOTIFS),
        Tables("selected", [], fields=(Text("paper", kind="publication"), Localized("says"))),
        Localized("privacy", NO_TEXT),
    ),
    check=_fits,
)
AREA = Kind(
    "research_area",
    ResearchArea,
    key="key",
    fields=(
        Slug("key"),
        Localized("title"),
        Localized("summary", NO_TEXT),
        Choice("motif", "", words=("", *MOTIFS)),
    ),
)
PARTNER = Kind(
    "partner",
    Partner,
    key="key",
    fields=(Slug("key", ""), Localized("name"), WebAddress("url", ""), Localized("note", NO_TEXT)),
)


@dataclass(frozen=True)
class Group:
    """What group.toml says."""

    profile: Entry
    research_areas: list[Entry]
    partners: list[Entry]


def read_group(folder: Path) -> Group:
    """Read group.toml. Raises ContentError at the first mistake."""
    written = toml_table(folder / FILE, FILE)
    areas = entries_of(AREA, written, "research_lines", FILE)
    found = [
        Entry(at, PARTNER.read(table, at)) for at, table in read_tables(written.get("partners", []), "partners", FILE)
    ]
    partners = with_keys(found, lambda partner: key_from(partner["name"].en, partner["name"].zh))
    profile = {name: value for name, value in written.items() if name not in ("research_lines", "partners")}
    return Group(Entry(FILE, PROFILE.read(profile, FILE)), areas, partners)


def store_group(loader: Loader, group: Group) -> list[ResearchArea]:
    """Make the database say the same; gives the research areas."""
    loader.load(PROFILE, [group.profile])
    loader.load(PARTNER, group.partners)
    return loader.load(AREA, group.research_areas)
