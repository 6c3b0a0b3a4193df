"""The files of applicants as entries of an archive, under names of ours."""

from collections.abc import Iterable, Iterator

from s2group.admissions.document_kinds import LETTER, file_name, in_order
from s2group.admissions.models import Application
from s2group.documents.models import Document
from s2group.documents.store import store
from s2group.exports.queries import Row
from s2group.exports.rules import folder_name

CHUNK = 64 * 1024
LOST = "missing-files.txt"
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


def file_entries(rows: Iterable[Row]) -> Iterator[Entry]:
    """A folder for each applicant. What the store has lost is told of in a list at the end."""
    lost = []
    for row in rows:
        folder = folder_name(row.application.name, row.application.reference)
        for name, document in named_files(row.application):
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
