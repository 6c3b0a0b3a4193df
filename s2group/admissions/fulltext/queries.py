"""Finding applications by their words, and what their words should be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, column, literal, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.expression import Select

from s2group.admissions.fulltext import rules
from s2group.admissions.fulltext.models import INDEX, ApplicationText
from s2group.admissions.models import Application, ApplicationDocument
from s2group.content.people.pinyin import sort_name
from s2group.core.localized import LocalizedText
from s2group.core.text import HAN, HAN_SIGNS
from s2group.documents.models import Document
from s2group.extensions import db

# What SQLite calls a column of the index, and with which letter PostgreSQL marks its words.
PARTS = {"name": "A", "university": "B", "answers": "C", "documents": "D"}
HAN_RUN = re.compile(f"[{HAN_SIGNS}]+")
# How many applications are read at a time.
AT_ONCE = 500


def holds(
    application_id: ColumnElement[int],
    wanted: Sequence[rules.Token],
    part: str | None = None,
    also: Select[int] | None = None,
) -> ColumnElement[bool]:
    """That the application with this id holds these words one after the other: anywhere, or in one of PARTS.

    `also` finds the ids of others that hold them elsewhere.
    """
    found = _found(wanted, part)
    return application_id.in_(found if also is None else found.union_all(also))


def _found(wanted: Sequence[rules.Token], part: str | None) -> Select[int]:
    if db.engine.dialect.name == "sqlite":
        index = table(INDEX, column("rowid", Integer))
        return select(index.c.rowid).where(literal_column(INDEX).op("MATCH")(_fts5(wanted, part)))
    index = table(INDEX, column("application_id", Integer), column("words"))
    question = literal(_tsquery(wanted, PARTS.get(part or "", ""))).cast(TSQUERY)
    return select(index.c.application_id).where(index.c.words.op("@@")(question))


def _fts5(wanted: Sequence[rules.Token], part: str | None) -> str:
    phrase = " + ".join(f'"{token.text}"' for token in wanted) + (" *" if wanted[-1].is_beginning else "")
    return f"{part} : {phrase}" if part else phrase


def _tsquery(wanted: Sequence[rules.Token], letter: str) -> str:
    marks = [("*" if token.is_beginning else "") + letter for token in wanted]
    return " <-> ".join(
        f"'{token.text}'" + (f":{mark}" if mark else "") for token, mark in zip(wanted, marks, strict=True)
    )


def unread(limit: int) -> Sequence[int]:
    """The ids of applications whose documents are still to be read, newest first."""
    waiting = select(ApplicationText.application_id).where(ApplicationText.documents_read.is_(None))
    return db.session.scalars(waiting.order_by(ApplicationText.application_id.desc()).limit(limit)).all()


def documents_of(application_id: int) -> list[tuple[int, str]]:
    """Id and hash of the documents of the newest version, the résumé first."""
    of_now = (ApplicationDocument.application_id == application_id, ApplicationDocument.until.is_(None))
    rows = select(ApplicationDocument.document_id, Document.sha256).join(ApplicationDocument.document).where(*of_now)
    order = (ApplicationDocument.kind != "resume", ApplicationDocument.kind)
    return [(document_id, sha256) for document_id, sha256 in db.session.execute(rows.order_by(*order))]


def wrong_words() -> dict[int, str]:
    """The ids of applications that have no words, or words that were made of something else, and which of the two.

    Reads AT_ONCE applications at a time, and cuts none of their texts: what they were made of is kept in short.
    """
    wrong: dict[int, str] = {}
    last = 0
    while True:
        following = select(Application, ApplicationText.made_of).outerjoin(
            ApplicationText, ApplicationText.application_id == Application.id
        )
        some = db.session.execute(following.where(Application.id > last).order_by(Application.id).limit(AT_ONCE)).all()
        if not some:
            return wrong
        wrong |= {
            application.id: "missing" if kept is None else "words"
            for application, kept in some
            if kept != made_of(application)
        }
        last = some[-1][0].id
        db.session.rollback()


def words_of(application: Application) -> dict[str, str]:
    """The columns of the application's words that its own row makes, and of what they are made."""
    answers = application.answers
    university = str(answers.get("university") or "")
    others = [text for name, answer in sorted(answers.items()) if name != "university" for text in _texts(answer)]
    return {
        "name": rules.indexed([*_names(application.name), str(answers.get("name_pinyin") or "")]),
        "university": rules.indexed([university]),
        "answers": rules.indexed([application.reference, application.email, *others]),
        "made_of": made_of(application),
    }


def made_of(application: Application) -> str:
    """What the words of the application's row are to be made of, in short."""
    return rules.digest(application.name, application.email, sorted(application.answers.items()))


def _names(name: str) -> Iterator[str]:
    """Each run of Han by itself, as it may be typed in pinyin, too."""
    yield name
    for run in HAN_RUN.findall(name):
        readings = sort_name(LocalizedText(zh=run)).split()
        yield from rules.spellings(run, [each for each in readings if not HAN.match(each)])


def _texts(answer: Any) -> Iterator[str]:
    """What was written; what was chosen or ticked is no text of the applicant's."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, Mapping | list):
        for part in answer.values() if isinstance(answer, Mapping) else answer:
            yield from _texts(part)
