"""The one form in which a paper arrives, from a BibTeX file or from anywhere else."""

from dataclasses import dataclass

from s2group.content.publications.rules.papers import Identity
from s2group.content.records.rules import title_key

# The links that a field of the same name gives, in the order in which a page shows them; 'PDF' is the field pdf.
LINK_FIELDS = {
    name: "PDF" if name == "pdf" else name
    for name in ("pdf", "code", "demo", "project", "video", "poster", "slides", "dataset", "preprint")
}


@dataclass(frozen=True)
class Author:
    """One author of a paper, first name first."""

    name: str
    equal: bool = False
    corresponding: bool = False
    namesake: bool = False


@dataclass(frozen=True)
class Paper:
    """A paper as it arrives; LaTeX is decoded.

    `links` is ordered, label to address: paper, DOI, arXiv, PDF, code, demo, project, video, poster, slides, dataset,
    preprint.
    `year` is 0 where nobody says it. `doi` and `arxiv` are bare, without prefix and version, the DOI in small letters.
    `teaser` is the path of a picture, `teaser_alt` what it shows, `lines` are keys of research areas, `impact` lines of
    Markdown, `former_keys` keys by which it went before. Where `bibtex` is empty, it is written when the paper is
    stored.
    """

    key: str
    kind: str
    title: str
    venue: str
    year: int
    award: str
    authors: tuple[Author, ...]
    and_others: bool
    links: dict[str, str]
    bibtex: str
    doi: str | None = None
    arxiv: str | None = None
    repository: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    impact: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""
    teaser: str = ""
    teaser_alt: str = ""
    former_keys: tuple[str, ...] = ()

    @property
    def identity(self) -> Identity:
        """By what the paper is known."""
        guessed = not self.bibtex and self.kind in ("article", "inproceedings")
        kind = "misc" if guessed else self.kind
        return Identity(kind, title_key(self.title), self.doi, self.arxiv, self.year, self.venue)
