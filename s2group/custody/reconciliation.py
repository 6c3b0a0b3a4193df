"""Whether everything that was promised is there: rows, files, hashes and mail, compared both ways."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Row

from s2group.admissions.facts.queries import wrong_facts
from s2group.admissions.fulltext.queries import wrong_words
from s2group.content.group.queries import group_profile
from s2group.core.errors import log_error
from s2group.custody import queries, services
from s2group.documents.queries import is_named
from s2group.documents.store import store
from s2group.extensions import db

# A younger file without a row may be an upload that is under way.
ORPHAN_AGE = timedelta(days=1)
ORPHAN = "file without a row"
SHELVES = [f"{number:02x}" for number in range(256)]


@dataclass(frozen=True)
class Difference:
    """Something that is not as it should be: what, and which file, application or mail; nothing about a person."""

    what: str
    which: str

    def __str__(self) -> str:
        return f"{self.what}: {self.which}"


def check(*, now: datetime, reread: bool = True) -> list[Difference]:
    """Compare everything; files that no row has named for a day are told, and set aside.

    With `reread` it reads every stored byte, never much at a time; without, it believes the verification of files,
    which reads all of them again within days.
    """
    differences = list(reconcile(now=now, reread=reread))
    for difference in differences:
        if difference.what == ORPHAN:
            _set_aside(difference.which, now)
    return differences


def report_of(differences: Iterable[Difference]) -> dict[str, Any]:
    """How many there are of each kind, for the log and for whoever watches."""
    kinds = Counter(difference.what for difference in differences)
    return {"differences": kinds.total(), "kinds": dict(kinds)}


def reconcile(*, now: datetime, reread: bool = True) -> Iterator[Difference]:
    """What differs, as check finds it. Changes nothing.

    The service may be running: what was written or removed while this reads is looked at twice before it is told.
    """
    yield from _missing_content()
    for shelf in SHELVES:
        yield from _compare_shelf(shelf, now - ORPHAN_AGE, reread=reread)
        _end_reading()
    for what, statement in queries.incomplete_applications().items():
        for reference in db.session.scalars(statement):
            yield Difference(what, reference)
    yield from _wrong_facts()
    for mails in queries.mail_by_topic():
        yield from _missing_mails(mails)
        yield from _missing_attachments(mails)
        _end_reading()


def _missing_content() -> Iterator[Difference]:
    """Pages whose record was loaded need its files: pictures, papers, the words of decisions."""
    folder: Path = current_app.config["CONTENT_DIR"]
    if group_profile() and not (folder / "group.toml").is_file():
        yield Difference("content files that are missing", str(folder))


def _wrong_facts() -> Iterator[Difference]:
    for what, count in sorted(wrong_facts().items()):
        yield Difference(f"facts of applications: {what}", f"{count}; `facts rebuild` mends it")
    for what, count in sorted(Counter(wrong_words().values()).items()):
        yield Difference(f"words of applications: {what}", f"{count}; `facts index` mends it")


def _compare_shelf(shelf: str, before: datetime, *, reread: bool) -> Iterator[Difference]:
    """One of the store's folders, and the rows whose files lie in it."""
    files = list(store.list(shelf))
    named, damaged = queries.sizes_by_hash(shelf)
    _end_reading()
    for sha256, sizes in named.items():
        trouble = _trouble(sha256, sizes, reread=reread, known=sha256 in damaged)
        if trouble and is_named(sha256):
            holders = ", ".join([*queries.applications_with_file(sha256), *queries.content_files_with(sha256)])
            yield Difference(trouble, f"{sha256} of {holders or 'no application'}")
    for file in files:
        if file.sha256 not in named and file.at < before and not is_named(file.sha256):
            yield Difference(ORPHAN, file.sha256)


def _trouble(sha256: str, sizes: set[int], *, reread: bool, known: bool) -> str | None:
    """What is wrong with a stored file, if anything; `known` is whether its verification has found it damaged."""
    try:
        if {store.size(sha256)} != sizes:
            return "file of another size than its row says"
        if not _is_whole(sha256) if reread else known:
            return "file with other bytes than its hash says"
    except FileNotFoundError:
        return "file that is missing"
    except OSError:
        return "file that cannot be read"
    return None


def _is_whole(sha256: str) -> bool:
    with store.open(sha256) as file:
        return file_digest(file, "sha256").hexdigest() == sha256


def _missing_mails(mails: list[Row[Any]]) -> Iterator[Difference]:
    """Every address that a message shows has a mail of its own."""
    shown: dict[tuple[str, str], set[str]] = defaultdict(set)
    reached: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mail in mails:
        shown[mail.topic, mail.message].update(address.lower() for address in mail.to + mail.copies)
        reached[mail.topic, mail.message].add(mail.recipient.lower())
    for message, addresses in shown.items():
        if missing := len(addresses - reached[message]):
            yield Difference("message without a mail to each recipient", f"{' '.join(message)}, {missing} missing")


def _missing_attachments(mails: list[Row[Any]]) -> Iterator[Difference]:
    for mail in mails:
        for attachment in mail.attachments:
            sha256 = attachment["sha256"]
            if not store.has(sha256) and queries.mail_exists(mail.id):
                yield Difference("mail with a file that is missing", f"{mail.topic} {mail.message}, {sha256}")


def _end_reading() -> None:
    """Let go of the view of the database: one held for minutes would let SQLite's log grow meanwhile."""
    db.session.rollback()


def _set_aside(sha256: str, now: datetime) -> None:
    try:
        if services.set_aside(sha256=sha256, now=now):
            current_app.logger.warning("file %s, which no row names, was set aside", sha256)
    except OSError as error:
        log_error(f"file {sha256} could not be set aside", error)
