"""The content files as rows: every field of every record read and checked, nothing stored yet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from s2group.content.bibtex import Paper, read_papers
from s2group.content.files import ContentError, Record, read_csv, read_text, read_toml, tables
from s2group.content.rules import slug_of
from s2group.core.localized import LocalizedText

Row = dict[str, Any]

MEMBER_COLUMNS = ("name_zh", "name_en", "role", "degree", "cohort", "status", "focus_zh", "focus_en")
PROJECT_COLUMNS = ("title_zh", "title_en", "funder_zh", "funder_en", "grant_number", "start", "end", "role")
ROLES = ("pi", "phd", "master")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LENGTH = 60
MONTH = re.compile(r"((19|20)\d\d-(0[1-9]|1[0-2]))?")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Content:
    """All that the content files say, each row by the names of its columns."""

    profile: Row
    research_lines: list[Row]
    partners: list[Row]
    members: list[Row]
    projects: list[Row]
    papers: list[Paper]
    news: list[Row]


def read_content(folder: Path) -> Content:
    """Read every file in `folder`. Raises ContentError at the first mistake."""
    group = read_toml(folder / "group.toml", "group.toml")
    research_lines = list(_research_lines(group))
    partners = list(_partners(group))
    return Content(
        profile=_profile(group),
        research_lines=research_lines,
        partners=partners,
        members=_members(folder),
        projects=list(_projects(folder)),
        papers=read_papers(read_text(folder / "publications.bib", "publications.bib"), "publications.bib"),
        news=list(_news(folder)),
    )


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
    row = {"url": link.web_address("url"), "label": {"zh": label.zh, "en": label.en}}
    link.end()
    return row


def _timezone(group: Record) -> str:
    name = group.text("timezone")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise group.error(f"timezone {name!r} is not known", "Write one such as Asia/Shanghai") from error
    return name


def _research_lines(group: Record) -> Iterator[Row]:
    lines = _Unique("key")
    for position, line in enumerate(tables(group, "research_lines")):
        key = lines.check(line, _slug(line, "key"))
        yield {
            "key": key,
            "position": position,
            "title": line.localized("title"),
            "summary": line.localized("summary", {}),
        }
        line.end()


def _partners(group: Record) -> Iterator[Row]:
    for position, partner in enumerate(tables(group, "partners")):
        yield {"position": position, "name": partner.localized("name")}
        partner.end()


def _members(folder: Path) -> list[Row]:
    biographies = dict(_biographies(folder / "people"))
    rows = []
    slugs = _Unique("address")
    for position, member in enumerate(read_csv(folder / "members.csv", "members.csv", MEMBER_COLUMNS)):
        row = _member(member, position)
        slugs.check(member, row["slug"])
        rows.append(row | {"biography": biographies.pop(row["slug"], LocalizedText())})
    if biographies:
        place = f"people/{min(biographies)}.toml"
        raise ContentError(place, "nobody in members.csv has this address", "Name the file after the English name")
    return rows


def _member(member: Record, position: int) -> Row:
    name = member.localized("name")
    cohort = member.text("cohort", "")
    row: Row = {
        "slug": slug_of(name.en),
        "position": position,
        "name": name,
        "role": member.choice("role", ROLES),
        "degree": member.choice("degree", ("", "academic", "professional")),
        "cohort": int(cohort) if re.fullmatch(r"(19|20)\d\d", cohort) else None,
        "status": member.choice("status", ("current", "alumni")),
        "focus": member.localized("focus", {}),
    }
    member.end()
    if not row["slug"] or len(row["slug"]) > SLUG_LENGTH:
        raise member.error(f"no address can be made from name_en {name.en!r}", "Write the name in Latin letters")
    if row["degree"] and row["role"] != "master":
        raise member.error(f"a {row['role']} has the degree {row['degree']}", "Keep degree for master's students")
    if cohort and row["cohort"] is None:
        raise member.error(f"cohort is {cohort!r}", "Write the year of entry in four digits, or nothing")
    return row


def _biographies(folder: Path) -> Iterator[tuple[str, LocalizedText]]:
    for path in sorted(folder.glob("*.toml")):
        person = read_toml(path, f"people/{path.name}")
        yield path.stem, person.localized("biography")
        person.end()


def _projects(folder: Path) -> Iterator[Row]:
    for position, project in enumerate(read_csv(folder / "projects.csv", "projects.csv", PROJECT_COLUMNS)):
        start, end = _month(project, "start"), _month(project, "end")
        if start and end and end < start:
            raise project.error(f"it ends in {end}, before it starts", "Correct start or end")
        yield {
            "position": position,
            "title": project.localized("title"),
            "funder": project.localized("funder"),
            "grant_number": project.text("grant_number", ""),
            "start": start,
            "end": end,
            "role": project.choice("role", ("lead", "participant")),
        }
        project.end()


def _month(project: Record, name: str) -> str:
    month = project.text(name, "")
    if not MONTH.fullmatch(month):
        raise project.error(f"{name} is {month!r}", "Write a month such as 2025-01, or nothing")
    return month


def _news(folder: Path) -> Iterator[Row]:
    file = read_toml(folder / "news.toml", "news.toml")
    slugs = _Unique("slug")
    for item in tables(file, "items"):
        yield {
            "slug": slugs.check(item, _slug(item, "slug")),
            "day": _day(item),
            "title": item.localized("title"),
            "body": item.localized("body"),
        }
        item.end()
    file.end()


def _day(item: Record) -> date:
    day = item.take("day")
    if not isinstance(day, date) or isinstance(day, datetime):
        raise item.error(f"day is {day!r}", "Write it as 2026-07-02, without quotation marks")
    return day


def _slug(record: Record, name: str) -> str:
    slug = record.text(name)
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH:
        raise record.error(f"{name} is {slug!r}", f"Use small Latin letters, digits and -, at most {SLUG_LENGTH}")
    return slug


class _Unique:
    """Sees that no two records of a file go by the same name."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.seen: dict[str, str] = {}

    def check(self, record: Record, name: str) -> str:
        if name in self.seen:
            raise record.error(f"{self.what} {name!r} is taken by {self.seen[name]}", "Make them differ")
        self.seen[name] = record.place
        return name
