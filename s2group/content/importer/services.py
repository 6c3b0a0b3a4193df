"""Taking over the file of a home page, in one transaction."""

from collections.abc import Sequence
from pathlib import Path

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.importer.page import read_page
from s2group.content.importer.report import report_of
from s2group.content.importer.storing import store_page
from s2group.content.importer.text import NEW_LINE
from s2group.content.people.models import Member
from s2group.content.records.errors import ContentError
from s2group.content.search.services import words_prepared
from s2group.core.database import transaction
from s2group.extensions import db


def take_over(path: Path, *, slug: str, dry_run: bool) -> tuple[Sequence[str], bool]:
    """Make the home page in the file part of the record of the member at the address `slug`.

    Gives the report, line by line, and whether anything changed; a second run changes nothing. With `dry_run` nothing
    is kept. Raises ContentError where the file cannot be read or nobody has this address.
    """
    data = _bytes(path)
    member = _member(db.session(), slug)
    # Reading takes seconds: nobody who writes shall wait for it.
    page = read_page(data, path.name, [name for name in (member.name.zh, member.name.en, *member.aliases) if name])
    with words_prepared(), transaction() as session:
        member = _member(session, slug)
        outcome = store_page(session, page, member)
        report = list(report_of(page, outcome, NEW_LINE.split(data.decode("utf-8-sig"))))
        if dry_run:
            session.rollback()
    return report, outcome.changed


def _member(session: Session, slug: str) -> Member:
    member = session.scalar(select(Member).where(Member.slug == slug))
    if member is None:
        raise ContentError(
            slug, lazy_gettext("no member has this address"), lazy_gettext("Look at the addresses under /members/")
        )
    return member


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContentError(
            path.name,
            lazy_gettext("the file cannot be read: %(strerror)s", strerror=error.strerror),
            lazy_gettext("Name a file"),
        ) from error
