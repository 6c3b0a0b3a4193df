"""Begins an export: it is an event before its first byte leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.audit.rules import DossierMade, Exported, Subject, SubjectKind
from s2group.audit.services import record
from s2group.core.database import transaction
from s2group.evaluation.search import Expression
from s2group.exports import queries
from s2group.exports.archives import zip_pieces
from s2group.exports.asked import kept_search
from s2group.exports.columns import cells, headings
from s2group.exports.dossiers import dossier, dossier_entries
from s2group.exports.files import file_entries
from s2group.exports.rules import ENDINGS, MOST_DOSSIERS, Format
from s2group.exports.tables import csv_pieces, xlsx_pieces

PORTAL = Subject(SubjectKind.PORTAL, "")


class TooManyError(ValueError):
    """More dossiers than one export makes."""


@dataclass(frozen=True)
class Export:
    """A file under way: its name, and its bytes, which are made as they are asked for."""

    name: str
    pieces: Iterator[bytes]


def begin_export(*, format: Format, expression: Expression, actor: User, now: datetime) -> Export:
    """Let `actor` take along what the search shows, as far as they may; an event says so before anything leaves.

    Raises TooManyError for more dossiers than are made at once.
    """
    count = queries.count(actor, expression)
    if format is Format.DOSSIERS and count > MOST_DOSSIERS:
        raise TooManyError
    search = kept_search(expression, actor)
    with transaction() as session:
        record(session, Exported(format.value, count, search), about=PORTAL, at=now, actor_id=actor.id)
    name = f"{'applications' if format in (Format.CSV, Format.XLSX) else format.value}-{now:%Y-%m-%d}"
    return Export(f"{name}.{ENDINGS[format]}", _pieces(format, actor.id, expression, now))


def begin_dossier(*, application: Application, actor: User, now: datetime) -> bytes:
    """The dossier of one applicant, whose history says that it was taken along.

    The caller has made sure that `actor` may export it.
    """
    made = dossier(queries.row_of(actor, application, now))
    with transaction() as session:
        record(session, DossierMade(), about=application.subject, at=now, actor_id=actor.id)
    return made


def _pieces(format: Format, user_id: int, expression: Expression, now: datetime) -> Iterator[bytes]:
    rows = queries.rows(user_id, expression)
    match format:
        case Format.CSV:
            return csv_pieces(headings(), map(cells, rows))
        case Format.XLSX:
            return xlsx_pieces(headings(), map(cells, rows))
        case Format.FILES:
            return zip_pieces(file_entries(rows), at=now)
        case Format.DOSSIERS:
            return zip_pieces(dossier_entries(rows), at=now)
