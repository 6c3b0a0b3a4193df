"""Writing the record as content files, which load again as the same."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from s2group.content.folder import holds_files
from s2group.content.group.files import AREA, PARTNER, PROFILE
from s2group.content.group.files import FILE as GROUP_FILE
from s2group.content.news.files import NEWS, NEWS_FILE, without_the_usual_moment
from s2group.content.pages.files import PAGE, PAGES
from s2group.content.people.writing import people_files
from s2group.content.projects.files import project_table
from s2group.content.publications.bib_writing import FILE as PAPERS_FILE
from s2group.content.publications.bib_writing import bib_file
from s2group.content.publications.venue_files import VENUES
from s2group.content.records.entries import TomlTables
from s2group.content.records.kinds import Kind
from s2group.content.records.loading import stored_rows
from s2group.content.records.writing import toml_text
from s2group.content.releases.files import RELEASES
from s2group.content.samples.files import SAMPLES
from s2group.content.stored_files.queries import shown_files, stored_hashes
from s2group.core.disk import new_folder
from s2group.documents.store import store
from s2group.extensions import db

# What the portal reads from the content folder alone.
ONLY_FILES = ("decisions.toml",)


class FolderInUseError(Exception):
    """The folder to export into holds something; an export never writes over anything."""


def export_content(folder: Path, also: Callable[[Path], list[str]] = lambda _folder: []) -> list[str]:
    """Write the record as content files into a new or empty folder; whole or not at all.

    Gives a sentence for whatever could not be written so that it reads the same. What the content folder alone holds,
    such as the words of decisions, is copied; `also` writes what other rooms keep. Raises FolderInUseError, OSError.
    """
    if holds_files(folder):
        raise FolderInUseError
    remarks: list[str] = []
    with new_folder(folder) as target:
        for path, text in _files(db.session(), remarks):
            (target / path).parent.mkdir(exist_ok=True)
            (target / path).write_text(text, encoding="utf-8", newline="")
        _take_from_store(target)
        _copy(current_app.config["CONTENT_DIR"], target)
        remarks += also(target)
    return remarks


def _take_from_store(target: Path) -> None:
    """Pictures, papers and sounds, but for the papers of what was removed."""
    shown = shown_files()
    for path, sha256 in stored_hashes().items():
        if path not in shown:
            continue
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        with store.local(sha256) as kept:
            shutil.copyfile(kept, target / path)


def _copy(source: Path, target: Path) -> None:
    for name in ONLY_FILES:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, copy_function=shutil.copyfile)
        elif (source / name).exists():
            shutil.copyfile(source / name, target / name)


def _files(session: Session, remarks: list[str]) -> Iterator[tuple[str, str]]:
    """The path and the text of each file."""
    yield from group_file(session)
    yield from people_files(session)
    yield project_table(session)
    bibliography, differing = bib_file(session)
    remarks += differing
    yield PAPERS_FILE, bibliography
    for tables in (VENUES, RELEASES, SAMPLES):
        yield from tables_file(session, tables)
    yield from news_file(session)
    yield from page_files(session)


def group_file(session: Session) -> Iterator[tuple[str, str]]:
    """The path of group.toml, and its text."""
    profile = _written(session, PROFILE)
    tables = {"research_lines": _written(session, AREA), "partners": _written(session, PARTNER)}
    yield GROUP_FILE, toml_text({**(profile[0] if profile else {}), **tables})


def tables_file(session: Session, file: TomlTables) -> Iterator[tuple[str, str]]:
    """The path of a file of one kind of records, and its text."""
    yield file.file, toml_text({file.table: _written(session, file.kind)})


def news_file(session: Session) -> Iterator[tuple[str, str]]:
    """The path of news.toml, and its text."""
    news = [NEWS.write(without_the_usual_moment(NEWS.of(item))) for item in _newest_first(session)]
    yield NEWS_FILE.file, toml_text({NEWS_FILE.table: news})


def page_files(session: Session) -> Iterator[tuple[str, str]]:
    """The path and the text of each page."""
    for page in _written(session, PAGE):
        yield f"{PAGES.folder}/{page.pop(PAGE.key)}.toml", toml_text(page)


def _written(session: Session, kind: Kind) -> list[dict[str, Any]]:
    return [kind.write(kind.of(row)) for row in stored_rows(session, kind)]


def _newest_first(session: Session) -> Sequence[Any]:
    return sorted(stored_rows(session, NEWS), key=lambda item: (item.day, item.id), reverse=True)
