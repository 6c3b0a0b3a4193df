"""One entry of a BibTeX file as a paper."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from flask_babel import lazy_gettext

from s2group.content.publications.bibtex.annotations import AnnotationError, marks_of_authors
from s2group.content.publications.bibtex.identifiers import (
    ARXIV_ADDRESS,
    ARXIV_NUMBER,
    DOI,
    DOI_ADDRESS,
    DOI_OF_ARXIV,
    bare_arxiv,
    bare_doi,
)
from s2group.content.publications.bibtex.keys import KEY, key_for, key_from
from s2group.content.publications.bibtex.latex import ADDRESS, plain_latex
from s2group.content.publications.bibtex.names import AuthorList, NamesError, read_authors
from s2group.content.publications.bibtex.papers import LINK_FIELDS, Author, Paper
from s2group.content.publications.bibtex.scanning import Entry
from s2group.content.publications.bibtex.writing import export, names_written
from s2group.content.records.errors import ContentError
from s2group.content.records.rules import is_web_address, repository_at, title_key

KINDS = {
    "article": "article", "suppperiodical": "article",
    "inproceedings": "inproceedings", "conference": "inproceedings",
    "thesis": "thesis", "phdthesis": "thesis", "mastersthesis": "thesis",
    "book": "book", "mvbook": "book", "inbook": "book", "incollection": "book", "collection": "book",
    "proceedings": "book", "booklet": "book",
    "patent": "patent", "dataset": "dataset", "software": "software",
}  # fmt: skip
# What a work may be, and the field that says it where the kind of the entry cannot.
WORKS = ("article", "inproceedings", "preprint", "thesis", "book", "patent", "dataset", "software", "misc")
KIND_OF_WORK = "entrysubtype"
# Where the venue stands, the likeliest first; kinds of work that may have none.
VENUE_FIELDS = (
    "journal", "journaltitle", "booktitle", "publisher", "school", "institution", "organization", "howpublished",
    "eventtitle", "series",
)  # fmt: skip
WITHOUT_VENUE = frozenset({"patent", "dataset", "software", "misc"})
PREPRINT_SERVERS = re.compile(r"\b(arxiv|corr|biorxiv|medrxiv|techrxiv|ssrn|preprints?)\b", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "0001234567890123456789")
# Fields of other programs, each beside the field that means the same.
ALIASES = {
    "html": "url", "link": "url", "ee": "url", "bdsk-url-1": "url",
    "website": "project", "homepage": "project", "github": "code", "award_name": "award", "issue_date": "date",
}  # fmt: skip
ARXIV_IN_A_VENUE = re.compile(r"arxiv[:\s]+(\d{4}\.\d{4,5})", re.IGNORECASE)
WEB_ADDRESS = re.compile(r"https?://[^\s{}]+")
HOLDS_ADDRESS = re.compile(rf"{WEB_ADDRESS.pattern}|\\url\b")
OWNER_AND_NAME = re.compile(r"[\w.-]{1,39}/[\w.-]{1,100}")
# Where notes stand that may say what a mark on a name means.
NOTES = ("note", "addendum", "annotation", "annote")
# As many letters as the record has room for.
LONGEST = {"volume": 40, "number": 40, "pages": 40, "doi": 200, "arXiv number": 40}
LONGEST_NAME = 200


class EntryReader:
    """Turns one entry into a Paper; what can be left out or mended goes to `on_remark`, which may raise it."""

    def __init__(self, entry: Entry, place: str, on_remark: Callable[[ContentError], None]) -> None:
        self.entry = entry
        self.fields = {name: value.strip() for name, value in entry.fields.items()}
        for name, meaning in ALIASES.items():
            if not self.fields.get(meaning) and self.fields.get(name):
                self.fields[meaning] = self.fields[name]
        self.place = f"{place}, {entry.key or 'no key'}"
        self.on_remark = on_remark

    def paper(self) -> Paper:
        """The paper. Raises ContentError where it cannot be used."""
        try:
            return self.read()
        except RecursionError as error:  # the decoder of LaTeX calls itself for every brace
            raise self.error(
                lazy_gettext("its braces or commands are nested too deeply"), lazy_gettext("Take some out")
            ) from error

    def read(self) -> Paper:
        """The same; braces within braces without end raise RecursionError."""
        for mended in self.entry.mended:
            self.remark(mended, lazy_gettext("Correct it"))
        title, year, venue = self.title(), self.year(), self.venue()
        authors, and_others, rewritten = self.authors()
        doi, arxiv, links = self.identifiers_and_links()
        key = self.key(authors[0].name, year, title)
        return Paper(
            key=key,
            kind=self.kind(),
            title=title,
            venue=venue,
            year=year,
            award=self.text("award"),
            authors=authors,
            and_others=and_others,
            links=links,
            bibtex=export(self.entry.kind, key, {**self.fields, **self.exported(year, arxiv), **rewritten}),
            doi=doi,
            arxiv=arxiv,
            repository=self.repository(links),
            abstract=self.text("abstract"),
            keywords=self.several("keywords", r"[,;，；、]"),
            impact=self.several("impact", r"\n"),
            areas=self.several("lines", r"[,;\s]"),
            volume=self.volume(),
            number=self.short("number", self.text("number", "issue")),
            pages=self.short("pages", self.text("pages")),
            publisher=self.text("publisher"),
            teaser=self.fields.get("teaser", ""),
            teaser_alt=self.text("teaser_alt"),
            former_keys=self.several("ids", r","),
        )

    def exported(self, year: int, arxiv: str | None) -> dict[str, str]:
        """What an export says in the usual form, wherever and however it stands here."""
        fields = {"year": str(year)} if year and self.fields.get("year") else {}
        number = {"eprint": arxiv, "archiveprefix": "arXiv"} if arxiv and not self.fields.get("eprint") else {}
        return {**fields, **number}

    def text(self, *names: str) -> str:
        return plain_latex(next((self.fields[name] for name in names if self.fields.get(name)), ""))

    def short(self, name: str, words: str) -> str:
        """The words, where the record has room for them."""
        if len(words) <= LONGEST[name]:
            return words
        self.remark(
            lazy_gettext("%(name)s is longer than %(count)s letters", name=name, count=LONGEST[name]),
            lazy_gettext("Shorten it"),
        )
        return ""

    def several(self, name: str, between: str) -> tuple[str, ...]:
        parts = (plain_latex(part) for part in re.split(between, self.fields.get(name, "")))
        return tuple(dict.fromkeys(filter(None, parts)))

    def required(self, name: str) -> str:
        words = self.text(name)
        if not words:
            raise self.error(lazy_gettext("%(name)s is missing", name=name), lazy_gettext("Add it"))
        return words

    def key(self, author: str, year: int, title: str) -> str:
        """The key, or one made of it, or of the paper, that can stand in an address."""
        written = self.entry.key
        if KEY.fullmatch(written):
            return written
        key = key_from(written) or key_for(author, year, title)
        problem = (
            lazy_gettext("the key %(written)r cannot stand in an address; %(key)s can", written=written, key=key)
            if written
            else lazy_gettext("it has no key; %(key)s can", key=key)
        )
        self.remark(problem, lazy_gettext("Use Latin letters, digits and -, at most 80"))
        return key

    def title(self) -> str:
        """The title; letters and digits are by what the paper is known again."""
        title = self.required("title")
        if not title_key(title):
            raise self.error(
                lazy_gettext("the title %(title)r has no letter or digit", title=title),
                lazy_gettext("Write out the title"),
            )
        return title

    def kind(self) -> str:
        if (said := self.fields.get(KIND_OF_WORK, "")) in WORKS:
            return said
        kind = KINDS.get(self.entry.kind, "misc")
        venue = self.named_venue()
        on_server = self.fields.get("eprint") and not venue
        if kind in ("article", "misc") and (on_server or PREPRINT_SERVERS.search(venue)):
            return "preprint"
        return kind

    def named_venue(self) -> str:
        """The venue that the entry names; an address is none."""
        names = (name for name in VENUE_FIELDS if self.fields.get(name))
        written = (self.fields[name] for name in names)
        return next((plain_latex(words) for words in written if not HOLDS_ADDRESS.search(words)), "")

    def venue(self) -> str:
        found = self.named_venue()
        if not found and self.kind() == "preprint":
            return "arXiv"
        if not found and self.kind() not in WITHOUT_VENUE:
            self.remark(lazy_gettext("the venue is missing"), lazy_gettext("Add a journal or a booktitle"))
        return found

    def year(self) -> int:
        """The year that is written, whatever stands around it; 0 where there is none."""
        for name in ("year", "date", "month"):
            written = self.fields.get(name, "")
            if years := YEAR.findall(written.translate(HAN_DIGITS)):
                if len(set(years)) > 1:
                    self.remark(
                        lazy_gettext("%(name)s %(value)r is read as %(year)s", name=name, value=written, year=years[0]),
                        lazy_gettext("Write one year in four digits"),
                    )
                return int(years[0])
        self.remark(
            lazy_gettext("%(name)s is %(value)r", name="year", value=self.fields.get("year", "")),
            lazy_gettext("Write four digits"),
        )
        return 0

    def volume(self) -> str:
        """The volume; what CoRR calls one is the arXiv number."""
        return "" if self.kind() == "preprint" else self.short("volume", self.text("volume"))

    def authors(self) -> tuple[tuple[Author, ...], bool, dict[str, str]]:
        """The authors, whether there are more, and how an export has to write them where not as here."""
        role = "editor" if self.kind() == "book" and not self.fields.get("author") else "author"
        if not self.fields.get(role):
            raise self.error(lazy_gettext("%(name)s is missing", name="author"), lazy_gettext("Add it"))
        found = self.names(self.fields[role], " ".join(self.fields.get(name, "") for name in NOTES))
        for problem, remedy in found.remarks:
            self.remark(problem, remedy)
        for author in found.authors:
            if len(author.name) > LONGEST_NAME:
                raise self.error(
                    lazy_gettext("%(name)s is longer than %(count)s letters", name="author", count=LONGEST_NAME),
                    lazy_gettext("Shorten it"),
                )
        marks = self.marks(len(found.authors))
        marked = (_marked(author, marks.get(number, set())) for number, author in enumerate(found.authors, start=1))
        rewritten = names_written(found.names, found.and_others) if found.remarks else self.fields[role]
        return tuple(marked), found.and_others, {role: rewritten}

    def names(self, written: str, notes: str) -> AuthorList:
        try:
            return read_authors(written, notes)
        except NamesError as error:
            raise self.error(error.problem, error.remedy) from error

    def marks(self, count: int) -> dict[int, set[str]]:
        written = next((value for key, value in self.fields.items() if key.partition(":")[0] == "author+an"), "")
        try:
            return marks_of_authors(written, count)
        except AnnotationError as error:
            self.remark(lazy_gettext("author+an says %(part)r", part=error.part), error.remedy)
            return {}

    def identifiers_and_links(self) -> tuple[str | None, str | None, dict[str, str]]:
        """DOI, arXiv number, and every link by its label; the same address only once."""
        url = self.address("url") or self.address_of_a_note()
        doi, arxiv = self.doi(url), self.arxiv(url)
        elsewhere = "" if ARXIV_ADDRESS.match(url) or DOI_ADDRESS.match(url) else url
        labelled = {
            "paper": elsewhere,
            "DOI": f"https://doi.org/{doi}" if doi else "",
            "arXiv": f"https://arxiv.org/abs/{arxiv}" if arxiv else "",
            **{
                label if number == 1 else f"{label} {number}": address
                for name, label in LINK_FIELDS.items()
                for number, address in enumerate(self.addresses(name), start=1)
            },
        }
        links: dict[str, str] = {}
        for label, address in labelled.items():
            if address and address not in links.values():
                links[label] = address
        return doi, arxiv, links

    def doi(self, url: str) -> str | None:
        written = self.fields.get("doi") or (url if DOI_ADDRESS.match(url) else "")
        doi = bare_doi(written)
        if not doi or DOI_OF_ARXIV.match(doi):
            return None
        return self.short("doi", self.matching("doi", DOI, doi)) or None

    def arxiv(self, url: str) -> str | None:
        """The first arXiv number that any field tells."""
        for name, written in self.arxiv_written(url):
            return self.short("arXiv number", self.matching(name, ARXIV_NUMBER, bare_arxiv(written))) or None
        return None

    def arxiv_written(self, url: str) -> Iterator[tuple[str, str]]:
        doi = DOI_ADDRESS.sub("", self.fields.get("doi", "") or url)
        if DOI_OF_ARXIV.match(doi):
            yield "doi", DOI_OF_ARXIV.sub("", doi)
        for name in ("arxiv", "arxivid"):
            if self.fields.get(name):
                yield name, self.fields[name]
        if self.fields.get("eprint") and self.text("archiveprefix", "eprinttype").lower() in ("", "arxiv"):
            yield "eprint", self.fields["eprint"]
        if ARXIV_ADDRESS.match(url):
            yield "url", url
        if self.kind() == "preprint" and self.fields.get("volume", "").startswith("abs/"):
            yield "volume", self.fields["volume"]
        if found := ARXIV_IN_A_VENUE.search(self.named_venue()):
            yield "journal", found[1]

    def matching(self, name: str, form: re.Pattern[str], value: str) -> str:
        if form.fullmatch(value):
            return value
        self.remark(
            lazy_gettext("%(name)s %(value)r has not the form of one", name=name, value=value),
            lazy_gettext("Correct it or remove it"),
        )
        return ""

    def address(self, name: str) -> str:
        """The first web address in a field, or nothing."""
        return next(iter(self.addresses(name)), "")

    def addresses(self, name: str) -> list[str]:
        """The web addresses in a field, with spaces between them."""
        if name not in self.fields:
            return []
        written = re.sub(r"\{?\\textasciitilde\}?(\{\})?", "~", ADDRESS.sub(r"\1", self.fields[name]))
        address = re.sub(r"\{?\\([_%&#~])\}?", r"\1", written).strip("<>")
        addresses = address.split()
        if addresses and all(map(is_web_address, addresses)):
            return addresses
        problem = lazy_gettext("%(name)s %(value)r is not a web address", name=name, value=self.fields[name])
        self.remark(problem, lazy_gettext("Write all of it, from https:// on, or remove it"))
        return []

    def address_of_a_note(self) -> str:
        found = WEB_ADDRESS.search(f"{self.fields.get('howpublished', '')} {self.fields.get('note', '')}")
        address = found[0].rstrip("}.,;)") if found else ""
        return address if is_web_address(address) else ""

    def repository(self, links: dict[str, str]) -> str:
        """'owner/name' on GitHub, as the entry says it or as its code link shows it; otherwise nothing."""
        if written := self.fields.get("repository"):
            return self.matching("repository", OWNER_AND_NAME, written)
        return repository_at(links.get("code", ""))

    def remark(self, problem: str, remedy: str) -> None:
        self.on_remark(self.error(problem, remedy))

    def error(self, problem: str, remedy: str) -> ContentError:
        """A complaint about this entry."""
        return ContentError(self.place, problem, remedy)


def _marked(author: Author, marks: set[str]) -> Author:
    return replace(
        author,
        equal=author.equal or "equal" in marks,
        corresponding=author.corresponding or "corresponding" in marks,
        namesake="namesake" in marks,
    )
