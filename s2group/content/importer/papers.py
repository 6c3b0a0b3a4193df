"""A paper as a home page shows it: a list item or a box of HTML."""

import re
from collections.abc import Iterator, Sequence

from flask_babel import gettext

from s2group.content.importer.addresses import arxiv_of, doi_of, label_of, numbered, stars_of
from s2group.content.importer.authors import Names, read_names
from s2group.content.importer.blocks import MARKER, Block
from s2group.content.importer.inline import (
    Code,
    Image,
    Link,
    TextRun,
    Token,
    link_left_out,
    picture_left_out,
    plain,
    scan,
    tidy,
)
from s2group.content.importer.parsed_blocks import FoundAuthor, FoundPaper, NotPlaced, ParsedBlock
from s2group.content.importer.text import Line
from s2group.content.importer.venues import AWARD, VENUE, appeared
from s2group.content.importer.words import NEEDS, on_line
from s2group.content.records.rules import is_web_address, repository_at, title_key

# AcadHomepage fills elements of this class with the citations that Google Scholar counts.
COUNTER = "show_paper_citations"
BADGE = re.compile(r"""<div\b[^<>]*\bclass=["']?badge["']?[^<>]*>([^<>]*)</div>""", re.IGNORECASE)
SEPARATOR = re.compile(r"\\?\|")
NOTHING = re.compile(r"[\s\\|/·,;.*_()（）\[\]&、，。-]*")
IMPACT_LABEL = re.compile(r"^(?:\*\*)?(?:影响力|impact)\s*[:：]?\s*(?:\*\*)?\s*[:：]?\s*", re.IGNORECASE)
LONGEST_TITLE = 500
PROPER_NAME = re.compile(r"(?:[^\W\d_a-z][^\s\d]*)(?:\s[^\W\d_a-z][^\s\d]*){0,4}")
# Of how many words a person's name is, where it is set as a link; one word is 'Code'.
NAME_WORDS = (2, 3, 4)
GAP = re.compile(r"\.{3,}|…")


def read_paper(block: Block) -> ParsedBlock:
    """What a block under 'Publications' tells of a paper."""
    reader = _Reader()
    for line in block.lines:
        reader.read(line)
    return ParsedBlock(block.numbers, reader.result(), tuple(reader.notes), torn=tuple(reader.torn))


class _Reader:
    """Reads a paper row by row: badge, title, authors, links, then what came of it."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.torn: list[int] = []
        self.title = self.venue = self.award = ""
        self.year: int | None = None
        self.authors: tuple[FoundAuthor, ...] = ()
        self.and_others = False
        self.links: dict[str, str] = {}
        self.repositories: list[str] = []
        self.impact: list[str] = []
        self.here: Line

    def note(self, words: str) -> None:
        self.notes.append(on_line(self.here.number, words))

    def read(self, line: Line) -> None:
        self.here = line
        for badge in BADGE.findall(line.text):
            self.appear(badge)
        bullet = MARKER.match(line.text)
        text = BADGE.sub("", line.text[bullet.end() if bullet else 0 :]).strip()
        tokens = scan(text)
        if COUNTER in text:
            self.note(gettext("a counter of citations is left out: the portal has its own"))
        if not self.title:
            self.head(text, tokens)
        elif _is_link_row(tokens):
            self.row_of_links(tokens)
        elif not self.authors and not bullet:
            self.tail(text, tokens)
        else:
            self.came_of_it(text, tokens)

    def head(self, text: str, tokens: list[Token]) -> None:
        """The row with the title; or, in a box, one above it."""
        if _is_row_of_names(tokens):
            self.tail(text, tokens)
            return
        titles = ((n, token) for n, token in enumerate(tokens) if isinstance(token, Link) and _may_be_title(token))
        at, title = next(titles, (len(tokens), None))
        before = tokens[:at]
        words = " ".join(token.text for token in before if isinstance(token, TextRun | Code))
        if not NOTHING.fullmatch(words):
            self.before_title(words)
        self.pictures(before)
        if title:
            self.title = title.label
            self.title_link(title.url)
            self.tail(text, tokens[at + 1 :])

    def before_title(self, words: str) -> None:
        """A badge, or authors who are named first."""
        names = read_names(words)
        if not appeared(words).year and len(names.authors) == len(names.pieces) > 1:
            self.authors, self.and_others = names.authors, names.and_others
        else:
            self.appear(plain(words))

    def title_link(self, address: str) -> None:
        if not is_web_address(address):
            nowhere = gettext("the title's link is left out: it leads nowhere")
            elsewhere = gettext("the title's link is left out: it leads to '%(address)s'", address=address)
            self.note(elsewhere if address else nowhere)
            return
        self.link("arXiv" if arxiv_of(address) else "DOI" if "//doi.org/" in address else "paper", address)

    def tail(self, text: str, tokens: Sequence[Token]) -> None:
        """What follows the title: authors, then, behind bars, links, affiliation, venue and year."""
        tokens = self.before_the_break(text, tokens)
        first, *others = _segments(tokens)
        self.names(first, alone=not others)
        for segment in others:
            self.segment(segment)

    def before_the_break(self, text: str, tokens: Sequence[Token]) -> Sequence[Token]:
        """The tokens before a bracket that closes without having been opened: there, two papers ran together."""
        for number, token in enumerate(tokens):
            torn = token.text.find("](") if isinstance(token, TextRun) else -1
            if isinstance(token, TextRun) and torn >= 0:
                cut = token.text.rfind(",", 0, torn) + 1
                rest = text[token.at + cut :].strip()
                self.note(gettext("NOT PLACED, the line is torn here: %(words)s", words=rest))
                self.torn.append(self.here.number)
                self.and_others = True
                return [*tokens[:number], TextRun(token.text[:cut], token.at)]
        return tokens

    def names(self, segment: Sequence[Token], *, alone: bool) -> None:
        rest, links = self.apart(segment)
        words = rest.strip().lstrip(",，.:;- ")
        found = AWARD.search(words)
        if found:
            self.award = self.award or found[1].capitalize()
            words = AWARD.sub(" ", words)
        names = read_names(words)
        authors = self.without_venue(names)
        self.and_others |= names.and_others
        if not names.explained:
            self.note(gettext("marks after names are left out: the page does not say what they mean"))
        if alone and authors and not (links or self.and_others) and words.rstrip().endswith((",", "，")):
            self.note(gettext("the list of authors breaks off"))
            self.and_others = True
        if self.authors and authors:
            others = ", ".join(author.name for author in authors)
            self.note(gettext("left out, for the authors are known: %(words)s", words=others))
        self.authors = self.authors or tuple(authors)

    def without_venue(self, names: Names) -> list[FoundAuthor]:
        """The authors, once venue and year behind them are taken in."""
        authors: list[FoundAuthor] = []
        for piece in names.pieces:
            if isinstance(piece, FoundAuthor):
                authors.append(piece)
            elif self.year is None and (told := appeared(piece)).year:
                named_apart = not told.venue and authors and (self.authors or VENUE.search(authors[-1].name))
                self.appear(f"{authors.pop().name} {piece}" if named_apart else piece)
            else:
                self.note(gettext("not a name: '%(words)s'", words=piece))
        return authors

    def segment(self, segment: Sequence[Token]) -> None:
        words, _ = self.apart(segment)
        if NOTHING.fullmatch(words):
            return
        told = appeared(plain(words))
        if told.year or told.rank or told.award:
            self.appear(plain(words))
        else:
            self.note(gettext("left out, for a paper has no field for it: %(words)s", words=plain(words)))

    def apart(self, segment: Sequence[Token]) -> tuple[str, int]:
        """The words of a segment, its links and badges taken in; a link that says nothing of itself is a name."""
        words, links = [], 0
        for token in segment:
            if isinstance(token, TextRun | Code):
                words.append(token.text)
            elif isinstance(token, Link) and not label_of(token) and PROPER_NAME.fullmatch(token.label):
                words.append(token.label)
                self.note(link_left_out(token))
            else:
                links += 1
                self.row_of_links([token])
        return "".join(words), links

    def appear(self, words: str) -> None:
        told = appeared(words)
        if told.rank:
            self.note(gettext("%(rank)s is left out: the table of venues decides", rank=told.rank))
        if self.year is None and (told.year or told.venue):
            self.venue, self.year = told.venue, told.year
        elif told.venue or told.year:
            self.note(gettext("left out, for venue and year are known: %(words)s", words=words))
        self.award = self.award or told.award

    def row_of_links(self, tokens: Sequence[Token]) -> None:
        self.pictures(tokens)
        for link in tokens:
            if not isinstance(link, Link):
                continue
            label = label_of(link)
            if not is_web_address(link.url):
                self.note(link_left_out(link))
            elif label:
                self.link(label, link.url)
            else:
                said = f"[{link.label}]({link.url})"
                self.note(gettext("link left out, for its label says not what it is: %(link)s", link=said))

    def link(self, label: str, address: str) -> None:
        """Keep a link; a second one of its kind gets a number."""
        if repository := repository_at(address):
            self.repositories.append(repository)
        self.links |= numbered({label: address}, self.links)

    def pictures(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if isinstance(token, Image) and (repository := stars_of(token)):
                self.repositories.append(repository)
            elif isinstance(token, Image):
                self.note(picture_left_out(token))

    def came_of_it(self, text: str, tokens: list[Token]) -> None:
        bare = "".join(token.text for token in tokens if isinstance(token, TextRun))
        if len(tokens) == sum(isinstance(token, TextRun | Image) for token in tokens) and NOTHING.fullmatch(bare):
            self.pictures(tokens)
            return
        told = appeared(plain(bare))
        if self.year is None and told.year and len(bare) < 80 and not MARKER.match(self.here.text):
            self.appear(plain(bare))
            return
        words, notes = tidy(IMPACT_LABEL.sub("", text))
        for note in notes:
            self.note(note)
        if GAP.search(words):
            self.note(gettext("the text has gaps (...)"))
        if words:
            self.impact.append(words)

    def result(self) -> FoundPaper | NotPlaced:
        needed = {"title": title_key(self.title), "author": self.authors, "year": self.year}
        missing = [what for what, there in needed.items() if not there]
        if missing or self.year is None:
            said = gettext(" and no ").join(str(NEEDS[what]) for what in missing)
            return NotPlaced(gettext("a paper, but the page names no %(missing)s", missing=said))
        if len(self.title) > LONGEST_TITLE:
            return NotPlaced(gettext("a title of %(count)s letters", count=len(self.title)))
        if not self.venue:
            self.notes.append(gettext("the page names no venue"))
        addresses = list(self.links.values())
        return FoundPaper(
            title=self.title,
            venue=self.venue,
            year=self.year,
            authors=self.authors,
            and_others=self.and_others,
            award=self.award,
            links=self.links,
            doi=next(filter(None, map(doi_of, addresses)), None),
            arxiv=next(filter(None, map(arxiv_of, addresses)), None),
            repository=self.repository(),
            impact=tuple(self.impact),
        )

    def repository(self) -> str:
        """The paper's own repository: of several, the one whose name the title or a link bears, else the first."""
        borne = title_key(self.title + "".join(a for a in self.links.values() if not repository_at(a)))
        named = (name for name in self.repositories if title_key(name.partition("/")[2]) in borne)
        return next(named, self.repositories[0] if self.repositories else "")


def _may_be_title(link: Link) -> bool:
    """Whether a link's label is a title rather than 'Project' or a badge."""
    return len(link.label) > 20 or len(link.label.split()) > 3 or bool(link.label and not label_of(link))


def _is_row_of_names(tokens: Sequence[Token]) -> bool:
    """Whether a row lists people, of whom some have a link: no name of theirs is a title."""
    places = [n for n, token in enumerate(tokens) if isinstance(token, Link) and _may_be_title(token)]
    labels = [tokens[n].label for n in places]  # type: ignore[union-attr]  # they are links
    if not labels or not all(PROPER_NAME.fullmatch(label) and len(label.split()) in NAME_WORDS for label in labels):
        return False
    if not _people(tokens[: places[0]]):
        return False
    return len(labels) > 1 or any(" " in name for name in _people(tokens[places[0] + 1 :]))


def _people(tokens: Sequence[Token]) -> list[str]:
    """Names in the words between links, as far as they are no venue."""
    words = "".join(token.text for token in tokens if isinstance(token, TextRun))
    return [author.name for author in read_names(words).authors if not VENUE.search(author.name)]


def _is_link_row(tokens: Sequence[Token]) -> bool:
    """Whether a row holds links that say what they are and nothing else."""
    links = [token for token in tokens if isinstance(token, Link)]
    others = "".join(token.text for token in tokens if isinstance(token, TextRun | Code))
    return bool(links) and bool(NOTHING.fullmatch(others)) and any(map(label_of, links))


def _segments(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens between the bars of a row."""
    return list(_cut(tokens))


def _cut(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    segment: list[Token] = []
    for token in tokens:
        if not isinstance(token, TextRun):
            segment.append(token)
            continue
        first, *others = SEPARATOR.split(token.text)
        segment.append(TextRun(first, token.at))
        for other in others:
            yield segment
            segment = [TextRun(other, token.at)]
    yield segment
