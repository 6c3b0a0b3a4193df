"""One entry of a BibTeX file as a paper."""

import re
from collections.abc import Callable

from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import Entry

from s2group.content.bibtex.annotations import AnnotationError, marks_of_authors
from s2group.content.bibtex.latex import plain_latex
from s2group.content.bibtex.papers import LINK_FIELDS, Author, Paper
from s2group.content.bibtex.writing import export
from s2group.content.files import ContentError, is_web_address
from s2group.content.rules import title_key

KINDS = {
    "article": "article", "suppperiodical": "article",
    "inproceedings": "inproceedings", "conference": "inproceedings",
    "thesis": "thesis", "phdthesis": "thesis", "mastersthesis": "thesis",
    "book": "book", "mvbook": "book", "inbook": "book", "incollection": "book", "collection": "book",
    "proceedings": "book", "booklet": "book",
    "patent": "patent", "dataset": "dataset", "software": "software",
}  # fmt: skip
# Where the venue stands, the likeliest first; kinds of work that may have none.
VENUE_FIELDS = (
    "journal",
    "journaltitle",
    "booktitle",
    "publisher",
    "school",
    "institution",
    "organization",
    "howpublished",
)
WITHOUT_VENUE = frozenset({"patent", "dataset", "software", "misc"})
PREPRINT_SERVERS = re.compile(r"\b(arxiv|corr|biorxiv|medrxiv|techrxiv|ssrn|preprints?)\b", re.IGNORECASE)
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}")
YEAR = re.compile(r"(19|20)\d\d")
DOI = re.compile(r"10\.\d{4,9}/\S+")
DOI_ADDRESS = re.compile(r"https?://(dx\.|www\.)?doi\.org/", re.IGNORECASE)
DOI_OF_ARXIV = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
ARXIV_NUMBER = re.compile(r"(?P<number>\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})(v\d+)?")
ARXIV_ADDRESS = re.compile(r"https?://(www\.|export\.)?arxiv\.org/(abs|pdf|html)/(?P<rest>.*?)(\.pdf)?$")
REPOSITORY = re.compile(r"https?://(www\.)?github\.com/(?P<name>[\w.-]{1,39}/[\w.-]{1,100}?)(\.git)?([/?#].*)?$")
OWNER_AND_NAME = re.compile(r"[\w.-]{1,39}/[\w.-]{1,100}")
# As many letters as the record has room for.
LONGEST = {"volume": 40, "number": 40, "pages": 40, "doi": 200, "eprint": 40, "author": 200}


class EntryReader:
    """Turns one parsed entry into a Paper; what is wrong with a link goes to `on_link`, which may raise it."""

    def __init__(self, entry: Entry, place: str, on_link: Callable[[ContentError], None]) -> None:
        self.entry = entry
        self.fields = {field.key: str(field.value).strip() for field in entry.fields}
        self.place = f"{place}, {entry.key or 'no key'}"
        self.on_link = on_link

    def paper(self) -> Paper:
        """The paper. Raises ContentError where it cannot be used."""
        try:
            return self.read()
        except RecursionError as error:  # the decoder of LaTeX calls itself for every brace
            raise self.error("its braces or commands are nested too deeply", "Take some out") from error

    def read(self) -> Paper:
        """The same; braces within braces without end raise RecursionError."""
        if not KEY.fullmatch(self.entry.key):
            raise self.error("the key cannot stand in an address", "Use Latin letters, digits and -, at most 80")
        authors, and_others = self.authors()
        doi, arxiv, links = self.identifiers_and_links()
        return Paper(
            key=self.entry.key,
            kind=self.kind(),
            title=self.title(),
            venue=self.venue(),
            year=self.year(),
            award=self.text("award"),
            authors=authors,
            and_others=and_others,
            links=links,
            bibtex=export(self.entry),
            doi=doi,
            arxiv=arxiv,
            repository=self.repository(links),
            abstract=self.text("abstract"),
            keywords=self.several("keywords", r"[,;，；、]"),
            impact=self.several("impact", r"\n"),
            lines=self.several("lines", r"[,;\s]"),
            volume=self.short("volume", self.text("volume")),
            number=self.short("number", self.text("number", "issue")),
            pages=self.short("pages", self.text("pages")),
            publisher=self.text("publisher"),
            teaser=self.fields.get("teaser", ""),
            former_keys=self.several("ids", r","),
        )

    def text(self, *names: str) -> str:
        return plain_latex(next((self.fields[name] for name in names if self.fields.get(name)), ""))

    def short(self, name: str, words: str) -> str:
        """The words, where the record has room for them."""
        if len(words) > LONGEST[name]:
            raise self.error(f"{name} is longer than {LONGEST[name]} letters", "Shorten it")
        return words

    def several(self, name: str, between: str) -> tuple[str, ...]:
        parts = (plain_latex(part) for part in re.split(between, self.fields.get(name, "")))
        return tuple(dict.fromkeys(filter(None, parts)))

    def required(self, name: str) -> str:
        words = self.text(name)
        if not words:
            raise self.error(f"{name} is missing", "Add it")
        return words

    def title(self) -> str:
        """The title; letters and digits are by what the paper is known again."""
        title = self.required("title")
        if not title_key(title):
            raise self.error(f"the title {title!r} has no letter or digit", "Write out the title")
        return title

    def kind(self) -> str:
        kind = KINDS.get(self.entry.entry_type.lower(), "misc")
        on_server = self.fields.get("eprint") and not self.text(*VENUE_FIELDS)
        if kind in ("article", "misc") and (on_server or PREPRINT_SERVERS.search(self.text(*VENUE_FIELDS))):
            return "preprint"
        return kind

    def venue(self) -> str:
        found = self.text(*VENUE_FIELDS)
        if not found and self.kind() == "preprint":
            return "arXiv"
        if not found and self.kind() not in WITHOUT_VENUE:
            raise self.error("the venue is missing", "Add a journal or a booktitle")
        return found

    def year(self) -> int:
        year = self.text("year") or self.text("date")[:4] or self.required("year")
        if not YEAR.fullmatch(year):
            raise self.error(f"year is {year!r}", "Write four digits")
        return int(year)

    def authors(self) -> tuple[tuple[Author, ...], bool]:
        self.required("author")
        names = split_multiple_persons_names(" ".join(self.fields["author"].split()))
        and_others = names[-1] == "others"
        if and_others:
            names.pop()
        marks = self.marks(len(names))
        return tuple(
            Author(self.name(name), **dict.fromkeys(marks.get(number, ()), True))
            for number, name in enumerate(names, start=1)
        ), and_others

    def name(self, written: str) -> str:
        try:
            parts = parse_single_name_into_parts(written, strict=True)
        except InvalidNameError as error:
            raise self.error(f"the author {written!r} cannot be read", "Write Family, First") from error
        name = plain_latex(" ".join([*parts.first, *parts.von, *parts.last, *parts.jr]))
        if not any(letter.isalpha() for letter in name) or "†" in name or "*" in name:
            raise self.error(f"the author {written!r} is not a name", "Put marks such as † into author+an")
        return self.short("author", name)

    def marks(self, count: int) -> dict[int, set[str]]:
        written = next((value for key, value in self.fields.items() if key.partition(":")[0] == "author+an"), "")
        try:
            return marks_of_authors(written, count)
        except AnnotationError as error:
            raise self.error(f"author+an says {error.part!r}", error.remedy) from error

    def identifiers_and_links(self) -> tuple[str | None, str | None, dict[str, str]]:
        """DOI, arXiv number, and every link by its label; the same address only once."""
        url = self.address("url") or ""
        doi, arxiv = self.doi(url), self.arxiv(url)
        elsewhere = "" if ARXIV_ADDRESS.match(url) or DOI_ADDRESS.match(url) else url
        labelled = {
            "paper": elsewhere,
            "DOI": f"https://doi.org/{doi}" if doi else "",
            "arXiv": f"https://arxiv.org/abs/{arxiv}" if arxiv else "",
            **{label: self.address(name) or "" for name, label in LINK_FIELDS.items()},
        }
        links: dict[str, str] = {}
        for label, address in labelled.items():
            if address and address not in links.values():
                links[label] = address
        return doi, arxiv, links

    def doi(self, url: str) -> str | None:
        written = self.fields.get("doi") or (url if DOI_ADDRESS.match(url) else "")
        if not written or DOI_OF_ARXIV.match(DOI_ADDRESS.sub("", written)):
            return None
        doi = re.sub(r"^doi:\s*", "", DOI_ADDRESS.sub("", written.replace("\\_", "_")), flags=re.IGNORECASE)
        return self.short("doi", self.matching("doi", DOI, doi)).lower()

    def arxiv(self, url: str) -> str | None:
        doi = DOI_ADDRESS.sub("", self.fields.get("doi", ""))
        if DOI_OF_ARXIV.match(doi):
            return self.arxiv_number("doi", DOI_OF_ARXIV.sub("", doi))
        if "eprint" in self.fields and self.text("archiveprefix", "eprinttype").lower() in ("", "arxiv"):
            return self.arxiv_number("eprint", re.sub("^arxiv:", "", self.fields["eprint"], flags=re.IGNORECASE))
        found = ARXIV_ADDRESS.match(url)
        return self.arxiv_number("url", found["rest"]) if found else None

    def arxiv_number(self, name: str, written: str) -> str:
        self.matching(name, ARXIV_NUMBER, written)
        return self.short("eprint", re.sub(r"v\d+$", "", written))

    def matching(self, name: str, form: re.Pattern[str], value: str) -> str:
        if not form.fullmatch(value):
            raise self.error(f"{name} {value!r} has not the form of one", "Correct it or remove it")
        return value

    def address(self, name: str) -> str | None:
        if name not in self.fields:
            return None
        address = re.sub(r"\\([_%&#~])", r"\1", self.fields[name])
        if is_web_address(address):
            return address
        problem = f"{name} {self.fields[name]!r} is not a web address"
        self.on_link(self.error(problem, "Write all of it, from https:// on, or remove it"))
        return None

    def repository(self, links: dict[str, str]) -> str:
        """'owner/name' on GitHub, as the entry says it or as its code link shows it; otherwise nothing."""
        if written := self.fields.get("repository"):
            return self.matching("repository", OWNER_AND_NAME, written)
        found = REPOSITORY.match(links.get("code", ""))
        return found["name"] if found else ""

    def error(self, problem: str, remedy: str) -> ContentError:
        """A complaint about this entry."""
        return ContentError(self.place, problem, remedy)
