"""Content files as the work of an editor: what they would change in the portal, and the change itself."""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from s2group.audit.rules import RecordChanged, Subject, SubjectKind
from s2group.audit.services import record
from s2group.content.editing import EDITABLE
from s2group.content.exporting import group_file, news_file, page_files, tables_file
from s2group.content.group.files import AREA, PARTNER, PROFILE, read_group
from s2group.content.kinds import KINDS
from s2group.content.loading import by_key_or
from s2group.content.news.files import NEWS, NEWS_FILE, published_as_it_is, read_news
from s2group.content.pages.files import PAGE, PAGES
from s2group.content.people.files import MEMBER, OF_EITHER, OF_FILE, OF_TABLE, read_people, read_table, same_people
from s2group.content.people.writing import people_files
from s2group.content.pictures.files import Row
from s2group.content.pictures.models import Picture
from s2group.content.projects.files import PROJECT, project_table, read_projects, same_projects
from s2group.content.publications.bib_writing import FILE as BIB_FILE
from s2group.content.publications.bib_writing import bib_file
from s2group.content.publications.files import entry_of, read_bibliography
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.venue_files import VENUE, VENUES
from s2group.content.records.addresses import former_keys
from s2group.content.records.entries import Entry
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import KEYS, Field, Known, References
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.loading import Layer, Loader, Matcher, stored_rows
from s2group.content.records.ordering import keep_order
from s2group.content.records.services import Head, keep, revise
from s2group.content.releases.files import RELEASE, RELEASES
from s2group.content.samples.files import SAMPLE, SAMPLES
from s2group.content.search.services import words_prepared
from s2group.content.trash.queries import is_removed
from s2group.content.trash.services import REMOVABLE, follow_removal, indexed, take_out
from s2group.core.database import transaction
from s2group.extensions import db

# How many mistakes are told at once.
MOST_MISTAKES = 20
LINE_OF_TABLE = re.compile(r"(\w+\.csv), line (\d+)")

Texts = Iterable[tuple[str, str]]
# The records of a file by the names of their kinds.
Records = Mapping[str, list[Entry]]


class MistakesError(Exception):
    """The file cannot be loaded; knows what is wrong in it."""

    def __init__(self, mistakes: Sequence[ContentError]) -> None:
        super().__init__(*map(str, mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class FileChange:
    """What a file changes of a record: 'added', 'changed' or 'removed', and the record as JSON keeps it; or that the
    records of a kind are 'ordered' otherwise, without a key."""

    what: str
    kind: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True)
class Outcome:
    """What a file changes, or has changed; the mark is that of this file with these changes."""

    changes: Sequence[FileChange]
    mark: str
    is_loaded: bool


@dataclass(frozen=True)
class Surroundings:
    """What the portal has that a file may speak of."""

    pictures: Mapping[str, Row]
    areas: Collection[str]
    # By the keys of recordings where they lie.
    sounds: Mapping[str, str]


@dataclass(frozen=True)
class ContentFile:
    """A file of the record, or a folder of such, whose name ends in /; `fields` are those that it says, else all."""

    name: str
    kinds: tuple[Kind, ...]
    write: Callable[[Session], Texts]
    read: Callable[[Path, Surroundings], Records]
    fields: tuple[Field[Any], ...] = ()

    @property
    def is_folder(self) -> bool:
        """Whether it holds a file for each record."""
        return self.name.endswith("/")

    def holds(self, path: str) -> bool:
        """Whether the file at this path is the one, or one of the folder."""
        return path.startswith(self.name) if self.is_folder else path == self.name

    def said(self, texts: Mapping[str, str]) -> set[str]:
        """The names of the fields that the file says; a table says those whose columns are there."""
        said = self.fields or tuple(field for kind in self.kinds for field in kind.fields)
        if self.name.endswith(".csv"):
            header = {column.strip() for column in next(csv.reader(io.StringIO(texts[self.name])), [])}
            said = tuple(field for field in said if header.issuperset(field.columns))
        return {field.name for field in said}


def load_files(
    texts: Mapping[str, str], *, actor: int, now: datetime, whole: bool = False, shown: str | None = None
) -> Outcome:
    """What the files of these texts, by their paths, would change; and if that bears the mark that was `shown`, make it
    so.

    Of a folder the files are changed that are among them, or all where they are the `whole` of it. All of it or
    nothing, as versions and events of the `actor`; what a file does not name any more goes to the trash. Raises
    MistakesError.
    """
    files = [file for file in FILES.values() if any(map(file.holds, texts))]
    kinds = [kind for kind in IN_ORDER if any(kind in file.kinds for file in files)]
    before, after = _read(files, texts, whole)
    preparing = nullcontext() if shown is None else words_prepared({name for kind in kinds for name in indexed(kind)})
    try:
        with preparing, transaction() as session:
            loader = _EditorsLoader(session, now, actor, before, _left_out(files, texts))
            _store(loader, kinds, after)
            mark = _mark(texts, loader.told)
            if mark == shown:
                for kind in kinds:
                    follow_removal(session, kind)
            else:
                session.rollback()
    except ContentError as error:
        raise MistakesError([error]) from error
    except IntegrityError as error:
        problem = lazy_gettext("two records would have one address, DOI or arXiv number")
        place = ", ".join(file.name for file in files)
        raise MistakesError([ContentError(place, problem, lazy_gettext("Make them differ"))]) from error
    return Outcome(loader.told, mark, is_loaded=mark == shown)


def _left_out(files: Sequence[ContentFile], texts: Mapping[str, str]) -> dict[str, set[str]]:
    """By kinds the fields that none of the files says: they stay as they are."""
    left: dict[str, set[str]] = {}
    for file in files:
        said = file.said(texts)
        for kind in file.kinds:
            left[kind.name] = left.get(kind.name, set(kind.by_name)) - said
    return left


def text_of(path: str) -> str | None:
    """What the portal would write into the content file at this path; None where there is none."""
    file = FILES.get(path) or FILES.get(f"{path.partition('/')[0]}/")
    return dict(file.write(db.session())).get(path) if file else None


class _EditorsLoader(Loader):
    """Makes rows say what an editor changed in a file; `before` is what the file said without their change."""

    def __init__(
        self, session: Session, now: datetime, actor: int, before: Records, left_out: Mapping[str, set[str]]
    ) -> None:
        super().__init__(session, now=now, take_files=True)
        self.actor, self.left_out, self.told = actor, left_out, list[FileChange]()
        self.before = {name: {_key(name, entry): entry.values for entry in entries} for name, entries in before.items()}

    def may_go(self, kind: Kind, row: Any) -> bool:
        """Whether a row goes that the file does not name: the file did name it, and it can be brought back."""
        return kind is not NEWS and kind.name in REMOVABLE and kind.key_of_row(row) in self.before[kind.name]

    def _take(self, kind: Kind, entry: Entry, row: Any, revised: Mapping[int, Head], known: Known, layer: Layer) -> Any:
        former = kind.of(row) if row.id is not None else None
        values = self._changed(kind, former, entry) if former else layer(entry.values, None)
        if former and not kind.changed(former, values):
            return row
        kind.check(values, entry.place)
        if former:
            keep(self.session, kind, row, now=self.now)
        else:
            self._expect_not_removed(kind, kind.key_of(values), entry.place)
        self._write(kind, row, values, entry, known)
        said = kind.as_json(former) if former else None
        self._tell("changed" if former else "added", kind, kind.key_of(former or values), said, kind.as_json(values))
        return row

    def _expect_not_removed(self, kind: Kind, key: str, place: str) -> None:
        """Raises ContentError where the record lies in the trash: a new one would lack what the file does not say."""
        if is_removed(self.session, kind.name, key):
            problem = lazy_gettext("%(key)s was removed in the portal", key=key)
            raise ContentError(place, problem, lazy_gettext("Bring it back first, or take it out here"))

    def _changed(self, kind: Kind, former: Values, entry: Entry) -> Values:
        """The record with what the file says otherwise than before: an export may read otherwise than the record."""
        before = self.before[kind.name].get(kind.key_of(former), {})
        said = {
            name: value
            for name, value in entry.values.items()
            if name not in self.left_out[kind.name] and (name not in before or value != before[name])
        }
        return {**former, **said}

    def _remove(self, kind: Kind, row: Any, revised: Mapping[int, Head]) -> bool:
        self._tell("removed", kind, kind.key_of_row(row), kind.as_json(kind.of(row)), None)
        take_out(self.session, kind, row, actor=self.actor, now=self.now)
        return True

    def _in_order(self, kind: Kind, stored: Sequence[Any], listed: Sequence[Any]) -> Sequence[Any]:
        """As the file of the editor lists them."""
        return listed

    def tell_order(self, kind: Kind, former: Sequence[int], rows: Sequence[Any]) -> None:
        """Note where rows stand in another order than before; `former` are the ids of all that there were."""
        now = [row.id for row in rows if row.id in former]
        if hasattr(kind.model, "position") and now != [number for number in former if number in now]:
            self._tell("ordered", kind, "", None, None)
            if kind.name in EDITABLE and EDITABLE[kind.name].has_order:
                keep_order(self.session, kind, rows, actor=self.actor, now=self.now)

    def _tell(self, what: str, kind: Kind, key: str, before: Any, after: Any) -> None:
        self.told.append(FileChange(what, kind.name, key, before, after))

    def _revise(self, kind: Kind) -> None:
        for row in self._written:
            number = revise(self.session, kind, row, actor=self.actor, now=self.now)
            about = Subject(SubjectKind.RECORD, f"{kind.name}/{kind.key_of_row(row)}")
            record(self.session, RecordChanged(number), about=about, at=self.now, actor_id=self.actor)
        self._written.clear()


def _key(kind: str, entry: Entry) -> str:
    return KINDS[kind].key_of(entry.values)


def _store(loader: _EditorsLoader, kinds: Sequence[Kind], records: Records) -> None:
    session = loader.session
    for kind in kinds:
        # Two editors at once take turns.
        session.execute(select(kind.model.id).with_for_update())  # type: ignore[attr-defined]
    for kind in kinds:
        session.expire_all()  # the database has cut ties to what went by itself
        former = [row.id for row in stored_rows(session, kind)]
        rows = loader.load(
            kind,
            records[kind.name],
            _known(session, kind),
            match=by_key_or(SAME[kind.name], loader, kind) if kind.name in SAME else None,
            layer=published_as_it_is(loader.now) if kind is NEWS else lambda values, _row: values,
            removes=partial(loader.may_go, kind),
        )
        loader.tell_order(kind, former, rows)
        session.flush()


def _known(session: Session, kind: Kind) -> Known:
    named = {field.kind for field in kind.fields if isinstance(field, References)}
    known = {name: _by_keys(session, KINDS[name]) for name in named}
    return {**known, "picture": {picture.path: picture for picture in session.scalars(select(Picture))}}


def _by_keys(session: Session, kind: Kind) -> dict[str, Any]:
    """The rows by their keys, and by those that they had."""
    rows = {row.id: row for row in session.scalars(select(kind.model))}  # type: ignore[attr-defined]
    former = {key: rows[number] for key, number in former_keys(session, kind.name).items() if number in rows}
    return former | {getattr(row, KEYS[kind.name]): row for row in rows.values()}


def _mark(texts: Mapping[str, str], changes: Sequence[FileChange]) -> str:
    said = [dict(texts), [asdict(change) for change in changes]]
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _read(files: Sequence[ContentFile], texts: Mapping[str, str], whole: bool) -> tuple[Records, Records]:
    """What the files say as the portal would write them, and what they say here."""
    session = db.session()
    surroundings = Surroundings(
        pictures={
            picture.path: {"digest": picture.digest, "path": picture.path}
            for picture in session.scalars(select(Picture).order_by(Picture.path))
        },
        areas=[area.key for area in stored_rows(session, AREA)],
        sounds={sample.key: sample.file for sample in stored_rows(session, SAMPLE)},
    )
    with TemporaryDirectory() as place:
        folder = Path(place)
        written = {path: text for file in files for path, text in file.write(session)}
        for path, text in written.items():
            _write(folder, path, text)
        before = _as_it_is(files, folder, surroundings)
        for path in written.keys() - texts.keys():
            if whole and any(file.is_folder and file.holds(path) for file in files):
                (folder / path).unlink()
        return before, _read_changed(files, folder, texts, surroundings)


def _as_it_is(files: Sequence[ContentFile], folder: Path, surroundings: Surroundings) -> Records:
    try:
        return _records(files, folder, surroundings)
    except ContentError:  # such as of a portal where nothing stands yet
        return {kind.name: [] for file in files for kind in file.kinds}


def _records(files: Sequence[ContentFile], folder: Path, surroundings: Surroundings) -> Records:
    """What the files of a folder say, by kinds; of two files of one kind the second has read the first as well."""
    found: dict[str, list[Entry]] = {}
    for file in files:
        found.update(file.read(folder, surroundings))
        if AREA.name in found:
            surroundings = replace(surroundings, areas=[_key(AREA.name, area) for area in found[AREA.name]])
    return found


def _write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8", newline="")


def _read_changed(
    files: Sequence[ContentFile], folder: Path, texts: Mapping[str, str], surroundings: Surroundings
) -> Records:
    """What the files say with these texts. Raises MistakesError, of a table with the mistakes of all its rows."""
    mistakes: list[ContentError] = []
    for path, text in texts.items():
        _write(folder, path, text)
    while len(mistakes) < MOST_MISTAKES:
        try:
            found = _records(files, folder, surroundings)
        except ContentError as error:
            line = LINE_OF_TABLE.fullmatch(error.place)
            if line or not mistakes:  # what else is wrong may follow from rows that were left out
                mistakes.append(error)
            if not line or not _leave_out(folder / line[1], int(line[2])):
                break
        else:
            if not mistakes:
                return found
            break
    raise MistakesError(mistakes)


def _leave_out(table: Path, line: int) -> bool:
    """Take the row out of a CSV file that ends at this line, and leave empty lines; False where that cannot be."""
    rest = _without_row(table.read_text(encoding="utf-8"), line)
    if rest is not None:
        table.write_text(rest, encoding="utf-8", newline="")
    return rest is not None


def _without_row(text: str, line: int) -> str | None:
    """A CSV file with an empty line for each of the row that ends at this line; None where it is the first, or none."""
    rows, start = csv.reader(io.StringIO(text, newline=""), strict=True), 0
    try:
        for _ in rows:
            if rows.line_num == line and start:
                lines = text.split("\n")
                return "\n".join([*lines[:start], *[""] * (line - start), *lines[line:]])
            start = rows.line_num
    except csv.Error:
        return None
    return None


def _group(folder: Path, _surroundings: Surroundings) -> Records:
    group = read_group(folder)
    return {PROFILE.name: [group.profile], PARTNER.name: group.partners, AREA.name: group.research_areas}


def _papers(folder: Path, surroundings: Surroundings) -> Records:
    found = read_bibliography(folder, area_keys=set(surroundings.areas), pictures=surroundings.pictures)
    return {PUBLICATION.name: [entry_of(paper) for paper in found.papers]}


def _samples(folder: Path, surroundings: Surroundings) -> Records:
    samples = SAMPLES.read(folder)
    for entry in samples:
        if surroundings.sounds.get(entry.values["key"]) != entry.values["file"]:
            problem = lazy_gettext("its sound is not in the portal")
            raise ContentError(entry.place, problem, lazy_gettext("Let the operator load it with its sound"))
    return {SAMPLE.name: samples}


# In this order each record finds those that it names.
IN_ORDER = (PROFILE, PARTNER, AREA, MEMBER, VENUE, PUBLICATION, PROJECT, RELEASE, SAMPLE, PAGE, NEWS)
# What is the same record under another key.
SAME: dict[str, Matcher] = {MEMBER.name: same_people, PROJECT.name: same_projects}
FILES = {
    file.name: file
    for file in (
        ContentFile("group.toml", (PROFILE, PARTNER, AREA), group_file, _group),
        ContentFile(
            "members.csv",
            (MEMBER,),
            people_files,
            lambda folder, around: {MEMBER.name: read_table(folder, around.pictures, around.areas)},
            fields=(*OF_TABLE, *OF_EITHER),
        ),
        ContentFile(
            "people/",
            (MEMBER,),
            people_files,
            lambda folder, around: {MEMBER.name: read_people(folder, around.pictures, around.areas)},
            fields=(*OF_EITHER, *OF_FILE),
        ),
        ContentFile(
            "projects.csv",
            (PROJECT,),
            lambda session: [project_table(session)],
            lambda folder, _around: {PROJECT.name: read_projects(folder)},
        ),
        ContentFile(BIB_FILE, (PUBLICATION,), lambda session: [(BIB_FILE, bib_file(session)[0])], _papers),
        ContentFile(
            NEWS_FILE.file,
            (NEWS,),
            news_file,
            lambda folder, around: {NEWS.name: read_news(folder, around.pictures)},
        ),
        ContentFile(
            VENUES.file,
            (VENUE,),
            lambda session: tables_file(session, VENUES),
            lambda folder, _around: {VENUE.name: VENUES.read(folder)},
        ),
        ContentFile(
            RELEASES.file,
            (RELEASE,),
            lambda session: tables_file(session, RELEASES),
            lambda folder, _around: {RELEASE.name: RELEASES.read(folder)},
        ),
        ContentFile(SAMPLES.file, (SAMPLE,), lambda session: tables_file(session, SAMPLES), _samples),
        ContentFile("pages/", (PAGE,), page_files, lambda folder, _around: {PAGE.name: PAGES.read(folder)}),
    )
}
