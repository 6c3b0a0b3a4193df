"""Taking over a BibTeX file of somebody's own: what is new is added, what is known is offered or completed."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.bibtex import Paper, read_leniently
from s2group.content.importing import add_paper, identity_of, merge, same_paper
from s2group.content.models import Member, Publication, ResearchLine
from s2group.content.rules import identity_shared
from s2group.content.search import index_everything
from s2group.core.database import transaction

SOURCE = "bibtex"


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


class _OnlyLookedError(Exception):
    """Undoes what a trial run did."""


def import_bibtex(text: str, *, merge_known: bool, dry_run: bool) -> Report:
    """Add the papers of a BibTeX file that are not known yet, in one transaction; a second run changes nothing.

    A paper that is known, or comes twice in the file, is only offered, or with `merge_known` completed; it is never
    there twice. An entry that cannot be read is reported and left out, and so is a link that leads nowhere. With
    `dry_run` nothing is kept.
    """
    reading = read_leniently(text)
    report = Report()
    for complaint in reading.complaints:
        report.tell(complaint.line, complaint.problem, counted="refused" if complaint.entry_lost else "")
    with contextlib.suppress(_OnlyLookedError), transaction() as session:
        _Import(session, report, merge_known).take(reading.papers)
        if report.counts["added"] or report.counts["completed"]:
            index_everything(session)
        if dry_run:
            raise _OnlyLookedError
    return report


class _Import:
    """Puts the papers of one file into the database."""

    def __init__(self, session: Session, report: Report, merge_known: bool) -> None:
        self.session, self.report, self.merge_known = session, report, merge_known
        self.members = session.scalars(select(Member)).all()
        self.line_keys = set(session.scalars(select(ResearchLine.key)))

    def take(self, papers: list[tuple[int, Paper]]) -> None:
        for line, paper in papers:
            known = same_paper(self.session, paper)
            if known is None:
                self.add(line, paper)
            elif self.merge_known:
                self.complete(line, paper, known)
            else:
                self.offer(line, paper, known)

    def add(self, line: int, paper: Paper) -> None:
        added = add_paper(self.session, paper, source=SOURCE, members=self.members)
        sentence = f"added {added.key}"
        if added.key != paper.key:
            sentence += f", because {paper.key} is another paper"
        if unknown := [key for key in paper.lines if key not in self.line_keys]:
            sentence += f"; no research line: {', '.join(unknown)}"
        self.report.tell(line, sentence, counted="added")

    def complete(self, line: int, paper: Paper, known: Publication) -> None:
        same = self.same(paper, known)
        added = merge(self.session, known, paper)
        sentence = f"{same}; added: {', '.join(added)}" if added else f"{same}; nothing to add"
        self.report.tell(line, sentence, counted="completed" if added else "known")

    def offer(self, line: int, paper: Paper, known: Publication) -> None:
        same = self.same(paper, known)
        savepoint = self.session.begin_nested()
        added = merge(self.session, known, paper)
        savepoint.rollback()
        sentence = f"{same}; --merge would add: {', '.join(added)}" if added else f"{same}; nothing to add"
        self.report.tell(line, sentence, counted="offered" if added else "known")

    def same(self, paper: Paper, known: Publication) -> str:
        return f"same as {known.key} ({identity_shared(paper.identity, identity_of(known))})"
