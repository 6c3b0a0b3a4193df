"""group.toml: the group, its research areas, its partners."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from s2group.content.group.models import GroupProfile, Partner, ResearchArea
from s2group.content.records.files import Record, read_toml, tables
from s2group.content.records.loading import Row, Unique, slug_field, sync_table

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Group:
    """What group.toml says."""

    profile: Row
    research_areas: list[Row]
    partners: list[Row]


def read_group(folder: Path) -> Group:
    """Read group.toml. Raises ContentError at the first mistake."""
    file = read_toml(folder / "group.toml", "group.toml")
    areas, partners = list(_research_areas(file)), list(_partners(file))
    return Group(profile=_profile(file), research_areas=areas, partners=partners)


def store_group(session: Session, group: Group) -> dict[str, ResearchArea]:
    """Make the database say the same; the research areas by their keys."""
    sync_table(session, GroupProfile, [group.profile], key="id")
    sync_table(session, Partner, group.partners, key="position")
    return {area.key: area for area in sync_table(session, ResearchArea, group.research_areas, key="key")}


def _profile(group: Record) -> Row:
    row: Row = {
        "id": 1,
        "short_name": group.text("short_name"),
        "seal": group.text("seal"),
        "emails": [_email(group, email) for email in group.take("emails")],
        "links": [_link(link) for link in tables(group, "links")],
        "exchange_cases": group.localized_list("exchange_cases"),
        "timezone": _timezone(group),
    }
    for name in ("name", "institution", "claim", "lede", "about", "address"):
        row[name] = group.localized(name)
    group.end()
    if len(row["seal"]) > 2 or len(row["short_name"]) > 40:
        raise group.error("the seal or the short name is too long", "Use one character, and up to 40")
    return row


def _email(group: Record, email: object) -> str:
    if not isinstance(email, str) or not EMAIL.fullmatch(email):
        raise group.error(f"emails holds {email!r}", "Write whole addresses, such as group@example.org")
    return email


def _link(link: Record) -> Row:
    label = link.localized("label")
    url = link.web_address("url") if "url" in link.values else ""
    row = {"url": url, "label": {"zh": label.zh, "en": label.en}}
    link.end()
    return row


def _timezone(group: Record) -> str:
    name = group.text("timezone")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise group.error(f"timezone {name!r} is not known", "Write one such as Asia/Shanghai") from error
    return name


def _research_areas(group: Record) -> Iterator[Row]:
    areas = Unique("key")
    for position, area in enumerate(tables(group, "research_lines")):
        key = areas.check(area, slug_field(area, "key"))
        yield {
            "key": key,
            "position": position,
            "title": area.localized("title"),
            "summary": area.localized("summary", {}),
        }
        area.end()


def _partners(group: Record) -> Iterator[Row]:
    for position, partner in enumerate(tables(group, "partners")):
        yield {
            "position": position,
            "name": partner.localized("name"),
            "url": partner.web_address("url") if "url" in partner.values else "",
            "note": partner.localized("note", {}),
        }
        partner.end()
