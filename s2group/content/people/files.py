"""members.csv and people/: who is in the group, and who was."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext

from s2group.content.people.fields import EmailAddress, Entries, Links, PersonDay
from s2group.content.people.models import LONGEST_SORT_NAME, Member
from s2group.content.people.pinyin import sort_name
from s2group.content.people.rules import ROLES
from s2group.content.pictures.fields import PicturePath
from s2group.content.pictures.files import photo_of, picture_at
from s2group.content.records.entries import Entry, each_once
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import (
    NO_TEXT,
    Choice,
    Localized,
    Number,
    References,
    Slug,
    Texts,
    read_fields,
)
from s2group.content.records.files import read_csv, toml_table
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.rules import SLUG_LENGTH, slug_of
from s2group.core.localized import LocalizedText

FILE, FOLDER = "members.csv", "people"
COLUMNS = ("name_zh", "name_en", "role", "degree", "cohort", "status", "focus_zh", "focus_en")
MORE_COLUMNS = ("order", "joined", "left", "destination_zh", "destination_en", "lines", "slug")
# How much of two names must be the same for one to be the other's correction.
ALIKE = 0.8
# Fields of the table alone, of either, of the file of one person.
OF_TABLE = (
    Localized("name"),
    Choice("role", words=ROLES),
    Choice("degree", "", words=("", "academic", "professional")),
    Number(
        "cohort",
        None,
        within=range(1900, 2100),
        remedy=lazy_gettext("Write the year of entry in four digits, or nothing"),
    ),
    Choice("status", words=("current", "alumni")),
    Localized("focus", NO_TEXT),
    Number("order", None, "order_key", remedy=lazy_gettext("Write a whole number, or nothing")),
    Slug("slug", ""),
)
OF_EITHER = (
    PersonDay("joined", None, "joined_on"),
    PersonDay("left", None, "left_on", last=True),
    Localized("destination", NO_TEXT),
    References("lines", (), "areas", kind="research_area"),
)
OF_FILE = (
    Localized("biography", NO_TEXT),
    Texts("aliases", []),
    Texts("selected", [], kind="publication"),
    Localized("co_supervision", NO_TEXT),
    EmailAddress("email", ""),
    Links("links", []),
    PicturePath("photo", "", "picture"),
    Entries("education", [], "entries", of_kind="education"),
    Entries("experience", [], "entries", of_kind="experience"),
    Entries("internships", [], "entries", of_kind="internship"),
    Entries("honours", [], "entries", of_kind="honour"),
    Entries("talks", [], "entries", of_kind="talk"),
    Entries("services", [], "entries", of_kind="service"),
    Entries("software", [], "entries", of_kind="software"),
    Entries("projects", [], "entries", of_kind="project"),
    Entries("news", [], "entries", of_kind="news"),
)


def _fits(values: Values, place: str) -> None:
    if values["degree"] and values["role"] != "master":
        problem = lazy_gettext("a %(role)s has the degree %(degree)s", role=values["role"], degree=values["degree"])
        raise ContentError(
            place,
            problem,
            lazy_gettext("Only a master's student has a kind of degree: take it out, or choose another role"),
            field="degree",
        )
    if values["joined"] and values["left"] and values["left"] < values["joined"]:
        problem = lazy_gettext("left on %(left)s, before joining", left=values["left"])
        raise ContentError(
            place, problem, lazy_gettext("Write a day after the one of joining, or correct that one"), field="left"
        )


def _complete(member: Member, _now: datetime) -> None:
    # A name may be longer than what it is sorted by.
    member.sort_name = sort_name(member.name)[:LONGEST_SORT_NAME]


MEMBER = Kind("member", Member, (*OF_TABLE, *OF_EITHER, *OF_FILE), key="slug", check=_fits, complete=_complete)


def read_people(folder: Path, pictures: Mapping[str, Any], areas: Collection[str]) -> list[Entry]:
    """Everybody, in the order of the table. Raises ContentError at the first mistake."""
    people = read_table(folder, pictures, areas)
    if strays := _files(folder).keys() - {person.values["slug"] for person in people}:
        place = f"{FOLDER}/{min(strays)}.toml"
        raise ContentError(
            place,
            lazy_gettext("nobody in members.csv has this address"),
            lazy_gettext("Name the file after the English name"),
        )
    return people


def read_table(folder: Path, pictures: Mapping[str, Any], areas: Collection[str]) -> list[Entry]:
    """The same where files may stand in people/ of somebody whom the table does not name."""
    return list(each_once(_people(folder, _files(folder), pictures, areas), "slug", called="address"))


def _files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted((folder / FOLDER).glob("*.toml"))}


def _people(
    folder: Path, files: Mapping[str, Path], pictures: Mapping[str, Any], areas: Collection[str]
) -> Iterator[Entry]:
    for place, row in read_csv(folder / FILE, FILE, (*OF_TABLE, *OF_EITHER), COLUMNS, MORE_COLUMNS):
        person = read_fields((*OF_TABLE, *OF_EITHER), row, place)
        person["slug"] = person["slug"] or _slug(person["name"], place)
        if path := files.get(person["slug"]):
            at = f"{FOLDER}/{path.name}"
            told = read_fields((*OF_EITHER, *OF_FILE), toml_table(path, at), at)
        else:
            at, told = place, {field.name: field.default for field in OF_FILE}
        for said, said_at in ((person, place), (told, at)):
            _expect_areas(said.get("lines", ()), areas, said_at)
        values = _both(person, told, at)
        values["photo"] = _photo(values, pictures, at)
        MEMBER.check(values, at)
        yield Entry(place, values)


def _both(person: Values, told: Values, place: str) -> Values:
    """What the table and the file say. Raises ContentError where both say the same thing."""
    for field in OF_EITHER:
        if person[field.name] != field.default and told.get(field.name, field.default) != field.default:
            raise ContentError(
                place,
                lazy_gettext("%(name)s is in members.csv too", name=field.name),
                lazy_gettext("Keep it in one of the two"),
            )
    said = {
        field.name: told[field.name]
        for field in OF_EITHER
        if person[field.name] == field.default and told.get(field.name)
    }
    return {**person, **{field.name: told[field.name] for field in OF_FILE}, **said}


def _expect_areas(keys: Collection[str], areas: Collection[str], place: str) -> None:
    for key in keys:
        if key not in areas:
            problem = lazy_gettext("lines names %(key)r, which group.toml does not have", key=key)
            raise ContentError(place, problem, lazy_gettext("Use: %(words)s", words=", ".join(areas)))


def _slug(name: LocalizedText, place: str) -> str:
    slug = slug_of(name.en)
    if not slug or len(slug) > SLUG_LENGTH:
        problem = lazy_gettext("no address can be made from name_en %(value)r", value=name.en)
        raise ContentError(place, problem, lazy_gettext("Write the name in Latin letters"))
    return slug


def _photo(values: Values, pictures: Mapping[str, Any], place: str) -> str:
    """Where the photo lies: where the file says, or where photos of people are looked for; '' without one."""
    path = values["photo"] or photo_of(pictures, f"{FOLDER}/{values['slug']}")
    found = picture_at(pictures, path) if path else ""
    if found is None:
        remedy = lazy_gettext("Write where it lies below pictures/, as people/name.jpg")
        raise ContentError(place, lazy_gettext("photo %(path)r is not there", path=path), remedy)
    return found


def same_people(new: Sequence[Entry], gone: Sequence[Member]) -> dict[str, Member]:
    """Whoever got another address stays the person they are: known by the Chinese name, or nearly by the English one.

    Gives the members by the places of their entries. Raises ContentError where it cannot be told who of several
    somebody is.
    """
    found = {}
    for person in new:
        before = [member for member in gone if _is_one(member.name, person.values["name"])]
        others = [other for other in new if any(_is_one(member.name, other.values["name"]) for member in before)]
        if len(before) > 1 or len(others) > 1:
            names = ", ".join(member.slug for member in before)
            problem = lazy_gettext("%(slug)s may be any of %(names)s", slug=person.values["slug"], names=names)
            raise ContentError(FILE, problem, lazy_gettext("Write the old address in the column slug"))
        if before:
            found[person.place] = before[0]
    return found


def _is_one(former: LocalizedText, name: LocalizedText) -> bool:
    """Whether these are names of one person: the same in Chinese; without it, nearly so in English."""
    if former.zh and name.zh:
        return former.zh == name.zh
    return SequenceMatcher(None, former.en.casefold(), name.en.casefold()).ratio() >= ALIKE


def with_additions(values: Values, member: Member | None) -> Values:
    """What the files say of a person, with the mail address and the links that an import has added where there are
    none."""
    added = member.additions if member else {}
    kinds = {link["kind"] for link in values["links"]}
    links = [link for link in added.get("links", ()) if link["kind"] not in kinds]
    return values | {"email": values["email"] or added.get("email", ""), "links": [*values["links"], *links]}
