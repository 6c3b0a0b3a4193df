"""One PDF for each applicant: what they answered, how that was judged, and their documents behind it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from flask import current_app
from flask_babel import gettext

from s2group.admissions import wording
from s2group.admissions.document_kinds import document_label, in_order
from s2group.admissions.models import Application
from s2group.admissions.queries import area_titles_for
from s2group.admissions.services.submissions import answers_in_words, outcomes_of
from s2group.content.group.queries import group_profile
from s2group.core.i18n import current_locale, listed, long_time, plain_text
from s2group.documents.binding import NotBoundError, bind
from s2group.documents.models import Document
from s2group.exports.files import Entry
from s2group.exports.queries import Row
from s2group.exports.rules import folder_name
from s2group.graphics.fonts import Fonts, find_fonts

LAYOUT = Path(__file__).with_name("dossier.typ")
REGIONS = {"zh": "cn", "en": "gb"}


@dataclass(frozen=True)
class Section:
    """A heading, and what stands under it in pairs."""

    heading: str
    rows: list[tuple[str, str]]


def dossier_entries(rows: Iterable[Row]) -> Iterator[Entry]:
    """A dossier for each applicant, made when it is its turn."""
    for row in rows:
        application = row.application
        yield f"{folder_name(application.name, application.reference)}.pdf", [dossier(row)]


def dossier(row: Row) -> bytes:
    """The dossier of one applicant in the reader's language. A document that could not be bound in is named there."""
    documents = [*_documents(row.application), *_of_replies(row)]
    digests = [document.sha256 for _, document in documents]
    try:
        bound, left_out = bind(_front(row, documents, set()), digests)
        return bind(_front(row, documents, left_out), digests)[0] if left_out else bound
    except NotBoundError:
        return _front(row, documents, set(range(len(documents))))


def _documents(application: Application) -> list[tuple[str, Document]]:
    """Each with what it is called: those of the newest version, then the letters."""
    route = application.route
    own = [(document_label(entry.kind, route), entry.document) for entry in in_order(application.documents)]
    letters = [
        (str(gettext("Letter of %(name)s", name=referee.name)), referee.document)
        for referee in application.referees
        if referee.document
    ]
    return own + letters


def _of_replies(row: Row) -> list[tuple[str, Document]]:
    timezone = row.application.route.call.timezone
    return [
        (str(gettext("With the reply of %(time)s", time=long_time(reply.sent_at, timezone))), entry.document)
        for reply in row.replies
        for entry in reply.files
    ]


def _front(row: Row, documents: list[tuple[str, Document]], left_out: set[int]) -> bytes:
    """The pages before the documents."""
    fonts = find_fonts(current_app.config["FONT_DIRS"])
    page = typst.compile(
        LAYOUT,
        font_paths=sorted({place[0].parent for place in (fonts.serif, fonts.sans) if place}),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"says": json.dumps(_says(row, documents, left_out, fonts))},
    )
    return page if isinstance(page, bytes) else page[0]


def _says(row: Row, documents: list[tuple[str, Document]], left_out: set[int], fonts: Fonts) -> dict[str, Any]:
    """What dossier.typ reads: every text without what the fonts cannot write."""
    application, locale, group = row.application, current_locale(), group_profile()
    timezone = application.route.call.timezone
    return {
        "lang": locale,
        "region": REGIONS[locale],
        "fonts": {"serif": fonts.family(serif=True), "sans": fonts.family()},
        "group": fonts.shown(plain_text(group.name)) if group else "",
        "title": fonts.shown(application.name) or application.reference,
        "reference": application.reference,
        "subtitle": [
            fonts.shown(plain_text(application.route.title)),
            f"{application.email} · {long_time(application.submitted_at, timezone)}",
        ],
        "sections": [
            {"heading": section.heading, "rows": [_lines(label, text, fonts) for label, text in section.rows]}
            for section in _sections(row, documents, left_out)
            if section.rows
        ],
    }


def _lines(label: str, text: str, fonts: Fonts) -> tuple[str, list[str]]:
    return fonts.shown(label), [fonts.shown(line) for line in text.splitlines()]


def _sections(row: Row, documents: list[tuple[str, Document]], left_out: set[int]) -> Iterator[Section]:
    application, locale = row.application, current_locale()
    yield Section(str(gettext("Answers")), answers_in_words(application, locale, area_titles_for(application.answers)))
    outcomes = wording.explained(outcomes_of(application), locale)
    yield Section(
        str(gettext("Requirements")),
        [(outcome.label, "\n".join(filter(None, (outcome.verdict, outcome.reason)))) for outcome in outcomes],
    )
    if row.score:
        mean = "" if row.score.mean is None else f"{row.score.mean:.2f}"
        yield Section(
            str(gettext("Ratings")),
            [(str(gettext("Ratings")), str(row.score.count)), (str(gettext("Mean rating")), mean)],
        )
    if row.tags:
        yield Section(str(gettext("Tags")), [(str(gettext("Tags")), listed(tag.name for tag in row.tags))])
    timezone = application.route.call.timezone
    yield Section(
        str(gettext("Replies")),
        [(long_time(each.sent_at, timezone), f"{each.sender}\n{each.subject}\n{each.text}") for each in row.replies],
    )
    yield Section(
        str(gettext("Documents")),
        [(label, _where(number in left_out)) for number, (label, _) in enumerate(documents)],
    )


def _where(is_left_out: bool) -> str:
    return str(gettext("Not bound in: open the file itself") if is_left_out else gettext("Behind these pages"))
