"""members.csv and people/: who is in the group, and who was."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from s2group.content.group.models import ResearchArea
from s2group.content.people.models import FormerMemberSlug, Member, ProfileEntry
from s2group.content.people.pinyin import sort_name
from s2group.content.people.profile_files import Profile, area_keys, day_field, read_profiles
from s2group.content.people.rules import ROLES
from s2group.content.pictures.files import photo_of
from s2group.content.records.errors import ContentError
from s2group.content.records.files import Record, read_csv
from s2group.content.records.loading import Row, Unique, put, slug_field, sync_table
from s2group.content.records.rules import SLUG_LENGTH, slug_of
from s2group.core.localized import LocalizedText

COLUMNS = ("name_zh", "name_en", "role", "degree", "cohort", "status", "focus_zh", "focus_en")
MORE_COLUMNS = ("order", "joined", "left", "destination_zh", "destination_en", "lines", "slug")
# How much of two names must be the same for one to be the other's correction.
ALIKE = 0.8
# What is stored of somebody without a file of their own.
NO_PROFILE: Row = {
    "biography": LocalizedText(),
    "aliases": [],
    "selected": [],
    "co_supervision": LocalizedText(),
    "email": "",
    "links": [],
}


@dataclass(frozen=True)
class Person:
    """What the files say of one person: columns of Member, keys of research areas, entries of the record."""

    row: Row
    areas: tuple[str, ...]
    entries: tuple[Row, ...]


def store_people(session: Session, people: Sequence[Person], areas: Mapping[str, ResearchArea]) -> list[Member]:
    """Make the database know the same people, in the order of the file; entries of other sources stay."""
    stored = session.scalars(select(Member).options(selectinload(Member.areas))).all()  # at once, not one by one below
    _rename(session, stored, people)
    additions = {member.slug: member.additions for member in stored}
    rows = [with_additions(person.row, additions.get(person.row["slug"], {})) for person in people]
    members = sync_table(session, Member, rows, key="slug")
    session.flush()
    for member, person in zip(members, people, strict=True):
        member.areas = [areas[key] for key in person.areas]
    _store_entries(session, zip(members, people, strict=True))
    return members


def _rename(session: Session, stored: Sequence[Member], people: Sequence[Person]) -> None:
    """Let whoever got another address stay the person they are, with all that was imported; the old address leads on.

    Raises ContentError where it cannot be told who of several that is.
    """
    wanted, known = {person.row["slug"] for person in people}, {member.slug for member in stored}
    gone = [member for member in stored if member.slug not in wanted]
    new = [person for person in people if person.row["slug"] not in known]
    for person in new:
        slug, before = person.row["slug"], [member for member in gone if _is_one(member.name, person.row["name"])]
        others = [other for other in new if any(_is_one(member.name, other.row["name"]) for member in before)]
        if len(before) > 1 or len(others) > 1:
            names = ", ".join(member.slug for member in before)
            remedy = "Write the old address in the column slug"
            raise ContentError("members.csv", f"{slug} may be any of {names}", remedy)
        for member in before:
            session.merge(FormerMemberSlug(slug=member.slug, member_id=member.id))
            member.slug = slug
    for in_use_again in session.scalars(select(FormerMemberSlug).where(FormerMemberSlug.slug.in_(wanted))):
        session.delete(in_use_again)
    session.flush()


def _is_one(former: LocalizedText, name: LocalizedText) -> bool:
    """Whether these are names of one person: the same in Chinese; without it, nearly so in English."""
    if former.zh and name.zh:
        return former.zh == name.zh
    return SequenceMatcher(None, former.en.casefold(), name.en.casefold()).ratio() >= ALIKE


def with_additions(row: Row, additions: Row) -> Row:
    """The columns of a person, with the mail address and the links that an import has added where there are none."""
    kinds = {link["kind"] for link in row["links"]}
    added = [link for link in additions.get("links", ()) if link["kind"] not in kinds]
    return row | {"email": row["email"] or additions.get("email", ""), "links": [*row["links"], *added]}


def _store_entries(session: Session, people: Iterable[tuple[Member, Person]]) -> None:
    rows = [{"member_id": member.id, **entry} for member, person in people for entry in person.entries]
    wanted = {(row["member_id"], row["kind"], row["position"]): row for row in rows}
    of_files = session.scalars(select(ProfileEntry).where(ProfileEntry.source == "files"))
    stored = {(entry.member_id, entry.kind, entry.position): entry for entry in of_files}
    for gone in stored.keys() - wanted.keys():
        session.delete(stored[gone])
    for place, row in wanted.items():
        put(session, ProfileEntry, stored.get(place), row)


def read_people(folder: Path, pictures: dict[str, Row], areas: Collection[str]) -> list[Person]:
    """Everybody, in the order of the file. Raises ContentError at the first mistake."""
    profiles = read_profiles(folder, pictures, areas)
    people = []
    slugs = Unique("address")
    for position, member in enumerate(read_csv(folder / "members.csv", "members.csv", COLUMNS, MORE_COLUMNS)):
        row, keys = _member(member, position), _areas(member, areas)
        member.end()
        slugs.check(member, row["slug"])
        row["picture_digest"] = photo_of(pictures, f"people/{row['slug']}")
        people.append(_person(row, keys, profiles.pop(row["slug"], Profile(member))))
    if profiles:
        place = f"people/{min(profiles)}.toml"
        raise ContentError(place, "nobody in members.csv has this address", "Name the file after the English name")
    return people


def _member(member: Record, position: int) -> Row:
    name = member.localized("name")
    row: Row = {
        "slug": slug_field(member, "slug", "") or _slug(member, name.en),
        "position": position,
        "order_key": _number(member, "order", r"-?\d{1,6}", "a whole number"),
        "name": name,
        "sort_name": sort_name(name),
        "role": member.choice("role", ROLES),
        "degree": member.choice("degree", ("", "academic", "professional")),
        "cohort": _number(member, "cohort", r"(19|20)\d\d", "the year of entry in four digits"),
        "status": member.choice("status", ("current", "alumni")),
        "focus": member.localized("focus", {}),
        "joined_on": day_field(member, "joined", last=False),
        "left_on": day_field(member, "left", last=True),
        "destination": member.localized("destination", {}),
    }
    if row["degree"] and row["role"] != "master":
        raise member.error(f"a {row['role']} has the degree {row['degree']}", "Keep degree for master's students")
    return row


def _slug(member: Record, name: str) -> str:
    slug = slug_of(name)
    if not slug or len(slug) > SLUG_LENGTH:
        raise member.error(f"no address can be made from name_en {name!r}", "Write the name in Latin letters")
    return slug


def _number(member: Record, name: str, shape: str, what: str) -> int | None:
    number = member.text(name, "")
    if number and not re.fullmatch(shape, number):
        raise member.error(f"{name} is {number!r}", f"Write {what}, or nothing")
    return int(number) if number else None


def _areas(member: Record, areas: Collection[str]) -> tuple[str, ...]:
    keys = [key.strip() for key in member.text("lines", "").split(";")]
    return area_keys(member, [key for key in keys if key], areas)


def _person(row: Row, areas: tuple[str, ...], profile: Profile) -> Person:
    """The line of members.csv and the file of people/ as one. Raises ContentError where both say the same thing."""
    twice = [name for name in ("joined_on", "left_on", "destination") if row[name] and profile.row.get(name)]
    if twice or (areas and profile.areas):
        name = twice[0].removesuffix("_on") if twice else "lines"
        raise profile.record.error(f"{name} is in members.csv too", "Keep it in one of the two")
    row = NO_PROFILE | row | {name: value for name, value in profile.row.items() if value}
    if row["joined_on"] and row["left_on"] and row["left_on"] < row["joined_on"]:
        raise profile.record.error(f"left on {row['left_on']}, before joining", "Correct joined or left")
    return Person(row, areas or profile.areas, profile.entries)
