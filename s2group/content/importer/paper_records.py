"""The papers of a home page become records, and the member their author."""

from collections import Counter
from dataclasses import dataclass, replace

from flask_babel import gettext
from sqlalchemy.orm import Session

from s2group.content.importer.addresses import numbered
from s2group.content.importer.outcome import SOURCE, Fate, Outcome
from s2group.content.importer.page import Page
from s2group.content.importer.parsed_blocks import FoundPaper
from s2group.content.importer.venues import kind_of_paper
from s2group.content.importer.words import GAINS, same_as
from s2group.content.people.models import Member
from s2group.content.publications import importing
from s2group.content.publications.bibtex import Author, Paper
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Authorship, Publication
from s2group.content.publications.rules.papers import person_key
from s2group.content.records.imports import Editor, add_version, keep_for
from s2group.content.records.rules import slug_of
from s2group.core.i18n import current_locale


def store_papers(session: Session, page: Page, member: Member, outcome: Outcome, editor: Editor | None) -> None:
    """Add or complete the papers of a page, and tie them to `member`."""
    catalogue = importing.Catalogue(session)
    spellings = _spellings(page, member, outcome)
    lines: dict[int, int] = {}
    for place, finding in enumerate(page.findings):
        if isinstance(finding.thing, FoundPaper):
            told = _store_paper(catalogue, finding.thing, lines, finding.lines[0], editor)
            linked, remark = _link(told.publication, member, spellings)
            changed = bool(told.added) or linked or told.new
            if changed:
                add_version(session, PUBLICATION, told.publication, editor)
            outcome.tell(place, told.fate(linked, remark, _cited(finding.thing)), changed=changed)
    catalogue.store_redirects()


def _cited(found: FoundPaper) -> str:
    return f"{found.title} ({' '.join(filter(None, (found.venue, str(found.year))))})"


@dataclass(frozen=True)
class _Stored:
    publication: Publication
    new: bool
    added: list[str]
    first_line: int | None

    def fate(self, linked: bool, remark: str, words: str) -> Fate:
        """What became of the paper."""
        gains = [] if self.new else [*self.added, *(["its author"] if linked else [])]
        aside = [", ".join(str(GAINS.get(name, name)) for name in gains), remark]
        return Fate(self.what(bool(gains)), gettext("; ").join(filter(None, aside)), words)

    def what(self, gained: bool) -> str:
        """The same in short."""
        if self.new:
            return str(gettext("paper, added"))
        same = same_as(self.first_line) if self.first_line else gettext("known already")
        if gained:
            return str(gettext("paper, %(same)s, completed", same=same))
        if self.first_line:
            return str(gettext("paper, %(same)s", same=same))
        return str(gettext("paper, known already, nothing to change"))


def _store_paper(
    catalogue: importing.Catalogue, found: FoundPaper, lines: dict[int, int], line: int, editor: Editor | None
) -> _Stored:
    paper = paper_of(found)
    known = catalogue.same_paper(paper)
    if known is None:
        stored = _Stored(importing.add_paper(catalogue, paper, source=SOURCE), True, [], None)
    else:
        keep_for(catalogue.session, PUBLICATION, known, editor)
        paper = replace(paper, links=numbered(paper.links, known.links))
        added = [*importing.merge(catalogue, known, paper), *_name_the_others(known, paper, catalogue.find_member)]
        stored = _Stored(known, False, added, lines.get(known.id))
    catalogue.session.flush()
    lines.setdefault(stored.publication.id, line)
    return stored


def _name_the_others(publication: Publication, paper: Paper, find: importing.MemberFinder) -> list[str]:
    """Where an import left authors out as 'et al.' and this page names all of them, name them. Says what was added."""
    known = [person_key(author.name) for author in publication.authors]
    named = [person_key(author.name) for author in paper.authors]
    whole = publication.and_others and not paper.and_others and named[: len(known)] == known
    if not whole or publication.source != SOURCE:
        return []
    for position, author in list(enumerate(paper.authors))[len(known) :]:
        line = Authorship(position=position, name=author.name, equal=False, corresponding=False)
        line.member = find(author.name)
        publication.authors.append(line)
    publication.and_others = False
    publication.bibtex = importing.bibtex_under(publication.key, paper)
    return ["authors"]


def paper_of(found: FoundPaper) -> Paper:
    """The paper in the form in which papers arrive; its key is made of family name, year and title."""
    family = slug_of(found.authors[0].name.split()[-1]).replace("-", "")
    word = (slug_of(found.title).split("-") or [""])[0]
    return Paper(
        key=f"{family}{found.year}{word}"[:60] if family or word else f"paper{found.year}",
        kind=kind_of_paper(found.venue),
        title=found.title,
        venue=found.venue,
        year=found.year,
        award=found.award,
        authors=tuple(Author(author.name) for author in found.authors),
        and_others=found.and_others,
        links=found.links,
        bibtex="",
        doi=found.doi,
        arxiv=found.arxiv,
        repository=found.repository,
        impact=found.impact,
    )


def _spellings(page: Page, member: Member, outcome: Outcome) -> set[str]:
    """Under which names the page's owner publishes: the member's own, and the one that the page sets in bold."""
    own = {person_key(name) for name in (member.name.en, member.name.zh, *member.aliases) if name}
    marked = Counter(
        author.name
        for finding in page.findings
        if isinstance(finding.thing, FoundPaper)
        for author in finding.thing.authors
        if author.marked
    )
    if not marked or own & {person_key(name) for name in marked}:
        return own
    (name, times), *_ = marked.most_common()
    outcome.remarks.append(
        gettext(
            "The page marks '%(name)s' as its owner (%(times)s times), which the record does not know as a name of "
            "%(member)s. It is taken for one in this run; make it an alias if it is one.",
            name=name, times=times, member=member.name.in_locale(current_locale())[0],
        )
    )  # fmt: skip
    return own | {person_key(name)}


def _link(publication: Publication, member: Member, spellings: set[str]) -> tuple[bool, str]:
    """Tie the member to the author's line that bears their name. Whether that is new, and what is to be said."""
    if any(author.member_id == member.id for author in publication.authors):
        return False, ""
    mine = (author for author in publication.authors if person_key(author.name) in spellings and not author.member_id)
    author = next(mine, None)
    if author is None:
        return False, gettext("nobody among its authors bears the member's name")
    author.member = member
    return True, ""
