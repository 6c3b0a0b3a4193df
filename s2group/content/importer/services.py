"""Taking over the file of a home page, in one transaction."""

from pathlib import Path

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.importer.page import read_page
from s2group.content.importer.report import Report, report_of
from s2group.content.importer.storing import store_page
from s2group.content.importer.text import NEW_LINE
from s2group.content.people.models import Member
from s2group.content.records.errors import ContentError
from s2group.content.records.imports import Editor
from s2group.content.search.services import index_everything, words_prepared
from s2group.core.database import transaction
from s2group.extensions import db


def take_over(data: bytes, name: str, *, slug: str, dry_run: bool, editor: Editor | None = None) -> Report:
    """Make a home page, the bytes of the file of that name, part of the record of the member at the address `slug`.

    Gives the report in the language of the moment; a second run changes nothing. With `dry_run` nothing is kept. What
    an `editor` takes over are versions and events of theirs. Raises ContentError where the file is no text or nobody
    has this address.
    """
    member = _member(db.session(), slug)
    # Reading takes seconds: nobody who writes shall wait for it.
    page = read_page(data, name, [called for called in (member.name.zh, member.name.en, *member.aliases) if called])
    with words_prepared(), transaction() as session:
        member = _member(session, slug)
        outcome = store_page(session, page, member, editor)
        report = report_of(page, outcome, NEW_LINE.split(data.decode("utf-8-sig")))
        if dry_run:
            session.rollback()
        elif report.changed:
            index_everything(session)
    return report


def read_file(path: Path) -> bytes:
    """The file of a home page. Raises ContentError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContentError(
            path.name,
            lazy_gettext("the file cannot be read: %(strerror)s", strerror=error.strerror),
            lazy_gettext("Name a file"),
        ) from error


def _member(session: Session, slug: str) -> Member:
    member = session.scalar(select(Member).where(Member.slug == slug))
    if member is None:
        raise ContentError(
            slug, lazy_gettext("no member has this address"), lazy_gettext("Look at the addresses under /members/")
        )
    return member
