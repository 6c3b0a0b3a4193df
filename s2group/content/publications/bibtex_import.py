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

from sqlalchemy.orm import Session

from s2group.content.publications.bibtex import Paper, read_leniently
from s2group.content.publications.importing import Catalogue, add_paper, identity_of, merge, would_add
from s2group.content.publications.models import Publication
from s2group.content.publications.rules.papers import identity_shared
from s2group.content.records.errors import ContentError
from s2group.content.search.services import index_kind, words_prepared
from s2group.core.database import transaction
from s2group.extensions import db

SOURCE = "bibtex"
# So many papers are written at a time, and others who write get their turn for as long as SQLite's waiters sleep.
STEP = 40
PAUSE_SECONDS = 0.1
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")


@dataclass
class Report:
    """What became of a file: one sentence a line of it, and how many papers went which way."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

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


@dataclass(frozen=True)
class _Fate:
    """What becomes of a paper: 'added', 'completed', 'offered' or 'known', and the sentence that says so."""

    line: int
    paper: Paper
    counted: str
    sentence: str

    @property
    def is_written(self) -> bool:
        return self.counted in ("added", "completed")


def read_anybodys(path: Path) -> tuple[str, str]:
    """The text of a file in whatever encoding, and which. Raises ContentError where it is missing, or no text."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ContentError(path.name, "the file is missing", "Name a file") from error
    except OSError as error:
        raise ContentError(path.name, f"the file cannot be read: {error.strerror}", "Name a file") from error
    for encoding in ("UTF-16",) if data.startswith(UTF_16) else ("UTF-8-SIG", _likely_encoding(data)):
        try:
            return data.decode(encoding), encoding.removesuffix("-SIG")
        except UnicodeDecodeError:
            continue
    raise ContentError(path.name, "the file is not UTF-8 text", "Save it again as UTF-8")


def _likely_encoding(data: bytes) -> str:
    """GB 18030 mostly writes a character in two bytes beyond ASCII; Western letters are single among others."""
    runs = [len(run) for run in BEYOND_ASCII.findall(data)]
    return "GB18030" if sum(length % 2 == 0 for length in runs) * 2 > len(runs) else "CP1252"


def import_bibtex(text: str, *, merge_known: bool, dry_run: bool) -> Report:
    """Add the papers of a BibTeX file that are not known yet; a second run changes nothing.

    A paper that is known, or comes twice in the file, is only offered, or with `merge_known` completed; it is never
    there twice. An entry that cannot be read is reported and left out, and so is a link that leads nowhere. What is
    written is written in several transactions: who stops it half way starts it again. With `dry_run` nothing is kept,
    and nothing is ever locked.
    """
    reading = read_leniently(text)
    report = Report()
    for complaint in reading.complaints:
        report.tell(complaint.line, complaint.problem, counted="refused" if complaint.entry_lost else "")
    with _looking() as session:
        fates = _fates(Catalogue(session), reading.papers, merge_known)
    if not dry_run:
        fates = _written(fates, merge_known)
    for fate in fates:
        report.tell(fate.line, fate.sentence, counted=fate.counted)
    return report


@contextmanager
def _looking() -> Iterator[Session]:
    """A session in which everything can be tried, for nothing of it ever reaches the database."""
    session = db.session()
    try:
        with session.no_autoflush:
            yield session
    finally:
        session.rollback()


def _written(fates: Sequence[_Fate], merge_known: bool) -> list[_Fate]:
    """Write what is to be written; each step compares again, for others may have written since."""
    told = [fate for fate in fates if not fate.is_written]
    waiting = [(fate.line, fate.paper) for fate in fates if fate.is_written]
    for start in range(0, len(waiting), STEP):
        with transaction() as session:
            catalogue = Catalogue(session)
            told += _fates(catalogue, waiting[start : start + STEP], merge_known)
            catalogue.store_redirects()
        time.sleep(PAUSE_SECONDS)
    if waiting:
        with words_prepared(["publication"]), transaction() as session:
            index_kind(session, "publication")
    return told


def _fates(catalogue: Catalogue, papers: Sequence[tuple[int, Paper]], merge_known: bool) -> list[_Fate]:
    return [_Fate(line, paper, *_become(catalogue, paper, merge_known)) for line, paper in papers]


def _become(catalogue: Catalogue, paper: Paper, merge_known: bool) -> tuple[str, str]:
    """What a paper becomes, and the sentence that says so."""
    known = catalogue.same_paper(paper)
    if known is None:
        return "added", _added(catalogue, paper)
    same = f"same as {known.key} ({identity_shared(paper.identity, identity_of(known))})"
    if merge_known:
        gained = merge(catalogue, known, paper)
        return ("completed", f"{same}; added: {', '.join(gained)}") if gained else ("known", f"{same}; nothing to add")
    gained = would_add(catalogue, known, paper)
    if gained:
        return "offered", f"{same}; --merge would add: {', '.join(gained)}"
    return "known", f"{same}; nothing to add"


def _added(catalogue: Catalogue, paper: Paper) -> str:
    others = [other for other in catalogue.alike(paper) if paper.identity.title_key == other.title_key]
    added = add_paper(catalogue, paper, source=SOURCE)
    sentence = f"added {added.key}"
    if added.key != paper.key:
        sentence += f", because {paper.key} is another paper"
    if others:
        sentence += f"; {_described(others[0])} has the same title and is taken for another work"
    if unknown := [key for key in paper.areas if key not in catalogue.areas]:
        sentence += f"; no research area: {', '.join(unknown)}"
    return sentence


def _described(publication: Publication) -> str:
    said = filter(None, (publication.venue, str(publication.year or "")))
    return f"{publication.key} ({', '.join(said)})"
