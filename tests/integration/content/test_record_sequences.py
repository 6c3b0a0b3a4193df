"""Whatever people, files and exports do one after the other: nothing is lost, and whatever is left is named."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from s2group.content.exporting import export_content
from s2group.content.kinds import KINDS
from s2group.content.loading import load_content
from s2group.content.records.files import toml_values
from s2group.content.records.models import Revision
from s2group.content.records.services import head, save
from s2group.content.records.writing import toml_text
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.sample import SAMPLE

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
# A record of each form of file, by kind and key, with a field of it that is a text in both languages.
FIELDS = {
    ("member", "test-yi"): "focus",
    ("release", "sample-corpus"): "summary",
    ("news", "second-news"): "title",
    ("page", "how-to-visit"): "body",
}
Record = tuple[str, str]


@dataclass
class Model:
    """What each record should say, in the portal and in the files, and whose it is."""

    portal: dict[Record, str] = field(default_factory=dict)
    files: dict[Record, str] = field(default_factory=dict)
    edited: set[Record] = field(default_factory=set)
    ever: set[tuple[Record, str]] = field(default_factory=set)

    def load(self, *, take_files: bool) -> set[Record]:
        """What a load leaves."""
        left = set()
        for record, said in self.files.items():
            if self.portal[record] == said:
                self.edited.discard(record)
            elif record in self.edited and not take_files:
                left.add(record)
            else:
                self.portal[record] = said
                self.edited.discard(record)
                self.ever.add((record, said))
        return left


class Portal:
    """The portal and its files, changed as people do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def says(self, record: Record) -> str:
        kind, row = self._row(record)
        text: LocalizedText = kind.of(row)[FIELDS[record]]
        return text.en

    def edit(self, record: Record, words: str) -> None:
        with transaction() as session:
            kind, row = self._row(record)
            values = kind.of(row) | {FIELDS[record]: LocalizedText(en=words)}
            known = {name: _by_key(name) for name in ("member", "publication", "research_area")}
            seen = head(session, kind, row).number
            save(session, kind, row, values, seen=seen, actor=None, now=NOW, known=known | {"picture": {}})

    def write(self, record: Record, words: str) -> None:
        kind, key = record
        if kind == "member":
            self._write_cell(words)
        elif kind == "page":
            self._change(self.folder / "pages" / f"{key}.toml", lambda page: page.update(body={"en": words}))
        else:
            file = self.folder / ("news.toml" if kind == "news" else "releases.toml")
            self._change(file, lambda tables: _item(tables, key).update({FIELDS[record]: {"en": words}}))

    def _write_cell(self, words: str) -> None:
        with (self.folder / "members.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if row["name_en"] == "Test Yi":
                row.update(focus_zh="", focus_en=words)
        with (self.folder / "members.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def _change(self, path: Path, change: Callable[[dict[str, Any]], None]) -> None:
        written = toml_values(path.read_text())
        change(written)
        path.write_text(toml_text(written))

    def export(self) -> None:
        shutil.rmtree(self.folder.with_name("exported"), ignore_errors=True)
        assert export_content(self.folder.with_name("exported")) == []
        shutil.rmtree(self.folder)
        self.folder.with_name("exported").rename(self.folder)

    def _row(self, record: Record) -> tuple[Any, Any]:
        kind = KINDS[record[0]]
        return kind, next(row for row in db.session.scalars(select(kind.model)) if kind.key_of_row(row) == record[1])


def _by_key(name: str) -> dict[str, Any]:
    return {KINDS[name].key_of_row(row): row for row in db.session.scalars(select(KINDS[name].model))}


def _item(tables: dict[str, Any], key: str) -> dict[str, Any]:
    item: dict[str, Any] = next(each for each in tables["items"] if key in (each.get("slug"), each.get("key")))
    return item


records = st.sampled_from(sorted(FIELDS))
words = st.text('ab "\\\n语;,', min_size=1, max_size=6).map(str.strip).filter(bool)
steps = st.one_of(
    st.tuples(st.just("edit"), records, words),
    st.tuples(st.just("write"), records, words),
    st.tuples(st.just("load"), st.sampled_from([False, False, True])),
    st.tuples(st.just("export")),
)


@given(st.lists(steps, max_size=8))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_lost_and_every_conflict_is_named(app: Flask, tmp_path: Path, taken: list[tuple[Any, ...]]) -> None:
    portal, model = Portal(tmp_path / "content"), Model()
    shutil.rmtree(portal.folder, ignore_errors=True)
    app.config["CONTENT_DIR"] = Path(shutil.copytree(SAMPLE, portal.folder))
    load_content(portal.folder, now=NOW, take_files=True)
    model.portal = {record: portal.says(record) for record in FIELDS}
    model.files = dict(model.portal)
    for verb, *what in [*taken, ("load", False), ("export",), ("load", False)]:
        if verb == "edit":
            portal.edit(*what)
            model.portal[what[0]] = what[1]
            model.edited.add(what[0])
            model.ever.add((what[0], what[1]))
        elif verb == "write":
            portal.write(*what)
            model.files[what[0]] = what[1]
        elif verb == "export":
            portal.export()
            model.files = dict(model.portal)
        else:
            report = load_content(portal.folder, now=NOW, take_files=what[0])
            left = {(change.kind, change.key) for change in report.changes if change.what == "left"}
            assert left == model.load(take_files=what[0])
        assert {record: portal.says(record) for record in FIELDS} == model.portal
    assert report.changes == []
    kept = [(each.kind, each.values) for each in db.session.scalars(select(Revision)) if each.values]
    told = {
        (kind, FIELDS[kind, key], values[FIELDS[kind, key]].get("en")) for kind, values in kept for key in _keys(kind)
    }
    assert {(record[0], FIELDS[record], said) for record, said in model.ever} <= told


def _keys(kind: str) -> list[str]:
    return [key for name, key in FIELDS if name == kind]
