"""Taking over a BibTeX file of somebody's own: what is new is added, what is known is offered or completed.

The file is read and compared without holding the one place to write, which SQLite has. Only what changes something is
then written, in steps so short that nobody who applies meanwhile waits for them.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from s2group.content.publications.bibtex import Complaint, Paper, read_leniently
from s2group.content.publications.importing import Catalogue, add_paper, identity_of, merge, would_add
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Publication
from s2group.content.publications.rules.papers import identity_shared
from s2group.content.records.errors import ContentError
from s2group.content.records.imports import Editor, add_version, keep_for
from s2group.content.search.services import index_kind, words_prepared
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db

SOURCE = "bibtex"
# So many papers are written at a time, and others who write get their turn for as long as SQLite's waiters sleep.
STEP = 40
PAUSE_SECONDS = 0.1
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True)
class Fate:
    """What becomes of a paper: 'added', 'completed', 'offered' or 'known'.

    `key` is that of its record, `mark` by what it is known to be the same, `gained` what it would add or has added to
    it; `alike` is another work of the same title, as it is told apart, and `members` the names of members among its
    authors.
    """

    line: int
    paper: Paper
    counted: str
    key: str
    mark: str = ""
    gained: tuple[str, ...] = ()
    alike: str = ""
    unknown_areas: tuple[str, ...] = ()
    members: tuple[LocalizedText, ...] = ()

    @property
    def is_written(self) -> bool:
        """Whether something is to be stored."""
        return self.counted in ("added", "completed")

    @property
    def sentence(self) -> str:
        """For the operator."""
        return self._added if self.counted == "added" else f"same as {self.key} ({self.mark}); {self._gain}"

    @property
    def _gain(self) -> str:
        said = {"completed": "added: ", "offered": "--merge would add: "}.get(self.counted, "nothing to add")
        return said + ", ".join(self.gained)

    @property
    def _added(self) -> str:
        parts = [
            f", because {self.paper.key} is another paper" if self.key != self.paper.key else "",
            f"; {self.alike} has the same title and is taken for another work" if self.alike else "",
            f"; no research area: {', '.join(self.unknown_areas)}" if self.unknown_areas else "",
        ]
        return f"added {self.key}{''.join(parts)}"


@dataclass
class Report:
    """What became of a file: one sentence a line of it, and how many papers went which way."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    complaints: Sequence[Complaint] = ()
    fates: Sequence[Fate] = ()

    def tell(self, line: int, sentence: str, *, counted: str = "") -> None:
        """Keep what became of what begins at this line of the file."""
        self.lines.append((line, sentence))
        if counted:
            self.counts[counted] += 1

    def sentences(self) -> Iterator[str]:
        """The report in the order of the file, and the sums at its end."""
        for line, sentence in sorted(self.lines, key=lambda item: item[0]):
            yield f"line {line}: {sentence}"
        named = ("added", "completed", "offered", "known", "refused")
        yield ", ".join(f"{self.counts[name]} {name}" for name in named)


def read_anybodys(path: Path) -> tuple[str, str]:
    """The text of a file in whatever encoding, and which. Raises ContentError where it is missing, or no text."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ContentError(path.name, lazy_gettext("the file is missing"), lazy_gettext("Name a file")) from error
    except OSError as error:
        raise ContentError(
            path.name,
            lazy_gettext("the file cannot be read: %(strerror)s", strerror=error.strerror),
            lazy_gettext("Name a file"),
        ) from error
    return text_of_anybody(data, path.name)


def text_of_anybody(data: bytes, name: str) -> tuple[str, str]:
    """The text in whatever encoding, and which. Raises ContentError where it is no text."""
    for encoding in ("UTF-16",) if data.startswith(UTF_16) else ("UTF-8-SIG", _likely_encoding(data)):
        try:
            return data.decode(encoding), encoding.removesuffix("-SIG")
        except UnicodeDecodeError:
            continue
    raise ContentError(name, lazy_gettext("the file is not UTF-8 text"), lazy_gettext("Save it again as UTF-8"))


def _likely_encoding(data: bytes) -> str:
    """GB 18030 mostly writes a character in two bytes beyond ASCII; Western letters are single among others."""
    runs = [len(run) for run in BEYOND_ASCII.findall(data)]
    return "GB18030" if sum(length % 2 == 0 for length in runs) * 2 > len(runs) else "CP1252"


def import_bibtex(text: str, *, merge_known: bool, dry_run: bool, editor: Editor | None = None) -> Report:
    """Add the papers of a BibTeX file that are not known yet; a second run changes nothing.

    A paper that is known, or comes twice in the file, is only offered, or with `merge_known` completed; it is never
    there twice. An entry that cannot be read is reported and left out, and so is a link that leads nowhere. What is
    written is written in several transactions: who stops it half way starts it again. With `dry_run` nothing is kept,
    and nothing is ever locked. What an `editor` imports are versions and events of theirs.
    """
    reading = read_leniently(text)
    with _looking() as session:
        fates = _fates(Catalogue(session), reading.papers, merge_known, None)
    if not dry_run:
        fates = _written(fates, merge_known, editor)
    report = Report(complaints=reading.complaints, fates=sorted(fates, key=lambda fate: fate.line))
    for complaint in reading.complaints:
        report.tell(complaint.line, complaint.problem, counted="refused" if complaint.entry_lost else "")
    for fate in fates:
        report.tell(fate.line, fate.sentence, counted=fate.counted)
    return report


def best_fate(text: str) -> str:
    """What an import of a text would do at best: 'added', or 'known', or 'refused' where no entry can be read."""
    counts = import_bibtex(text, merge_known=False, dry_run=True).counts
    if counts["added"]:
        return "added"
    return "known" if counts["known"] + counts["offered"] else "refused"


@contextmanager
def _looking() -> Iterator[Session]:
    """A session in which everything can be tried, for nothing of it ever reaches the database."""
    session = db.session()
    try:
        with session.no_autoflush:
            yield session
    finally:
        session.rollback()


def _written(fates: Sequence[Fate], merge_known: bool, editor: Editor | None) -> list[Fate]:
    """Write what is to be written; each step compares again, for others may have written since."""
    told = [fate for fate in fates if not fate.is_written]
    waiting = [(fate.line, fate.paper) for fate in fates if fate.is_written]
    for start in range(0, len(waiting), STEP):
        with transaction() as session:
            catalogue = Catalogue(session)
            told += _fates(catalogue, waiting[start : start + STEP], merge_known, editor)
            catalogue.store_redirects()
        time.sleep(PAUSE_SECONDS)
    if waiting:
        with words_prepared(["publication"]), transaction() as session:
            index_kind(session, "publication")
    return told


def _fates(
    catalogue: Catalogue, papers: Sequence[tuple[int, Paper]], merge_known: bool, editor: Editor | None
) -> list[Fate]:
    return [_fate(catalogue, line, paper, merge_known, editor) for line, paper in papers]


def _fate(catalogue: Catalogue, line: int, paper: Paper, merge_known: bool, editor: Editor | None) -> Fate:
    known = catalogue.same_paper(paper)
    if known is None:
        return _added(catalogue, line, paper, editor)
    mark = identity_shared(paper.identity, identity_of(known)) or ""
    if merge_known:
        keep_for(catalogue.session, PUBLICATION, known, editor)
        gained = merge(catalogue, known, paper)
        if gained:
            add_version(catalogue.session, PUBLICATION, known, editor)
    else:
        gained = would_add(catalogue, known, paper)
    counted = ("completed" if merge_known else "offered") if gained else "known"
    return Fate(line, paper, counted, known.key, mark, tuple(gained), members=_members(known))


def _added(catalogue: Catalogue, line: int, paper: Paper, editor: Editor | None) -> Fate:
    others = [other for other in catalogue.alike(paper) if paper.identity.title_key == other.title_key]
    added = add_paper(catalogue, paper, source=SOURCE)
    add_version(catalogue.session, PUBLICATION, added, editor)
    return Fate(
        line,
        paper,
        "added",
        added.key,
        alike=_described(others[0]) if others else "",
        unknown_areas=tuple(key for key in paper.areas if key not in catalogue.areas),
        members=_members(added),
    )


def _members(publication: Publication) -> tuple[LocalizedText, ...]:
    return tuple(author.member.name for author in publication.authors if author.member)


def _described(publication: Publication) -> str:
    said = filter(None, (publication.venue, str(publication.year or "")))
    return f"{publication.key} ({', '.join(said)})"
