"""The files of applicants as entries of an archive, under names of ours."""

from collections.abc import Iterable, Iterator

from s2group.admissions.document_kinds import LETTER, file_name, in_order
from s2group.admissions.models import Application
from s2group.admissions.replies.models import Reply
from s2group.documents.models import Document
from s2group.documents.rules import extension
from s2group.documents.store import store
from s2group.exports.queries import Row
from s2group.exports.rules import folder_name

CHUNK = 64 * 1024
LOST = "missing-files.txt"
REPLIES = "replies"
Entry = tuple[str, Iterable[bytes]]


def named_files(application: Application) -> list[tuple[str, Document]]:
    """The documents of the newest version and the letters that have come, each with its name."""
    reference = application.reference
    documents = [
        (file_name(entry.kind, reference, entry.document.media_type), entry.document)
        for entry in in_order(application.documents)
    ]
    letters = [
        (file_name(f"{LETTER}-{referee.position}", reference, referee.document.media_type), referee.document)
        for referee in application.referees
        if referee.document
    ]
    return documents + letters


def reply_files(row: Row) -> list[tuple[str, Document]]:
    """The files that came with replies, each with its name."""
    return [
        (f"{REPLIES}/{number}-{entry.position}.{extension(entry.document.media_type)}", entry.document)
        for number, reply in enumerate(row.replies, 1)
        for entry in reply.files
    ]


def as_text(reply: Reply) -> str:
    """A reply as a text file: who wrote when about what, and what."""
    return f"{reply.sender}\n{reply.sent_at.isoformat()}\n{reply.subject}\n\n{reply.text}\n"


def file_entries(rows: Iterable[Row]) -> Iterator[Entry]:
    """A folder for each applicant, with one for replies in it. What the store has lost is told in a list at the end."""
    lost = []
    for row in rows:
        folder = folder_name(row.application.name, row.application.reference)
        for number, reply in enumerate(row.replies, 1):
            yield f"{folder}/{REPLIES}/{number}.txt", [as_text(reply).encode()]
        for name, document in [*named_files(row.application), *reply_files(row)]:
            if store.has(document.sha256):
                yield f"{folder}/{name}", _pieces(document)
            else:
                lost.append(f"{folder}/{name}\n")
    if lost:
        yield LOST, ["".join(lost).encode()]


def _pieces(document: Document) -> Iterator[bytes]:
    with store.open(document.sha256) as file:
        while chunk := file.read(CHUNK):
            yield chunk
