"""What the lines of a home page turn out to be."""

from dataclasses import dataclass, field

from s2group.core.localized import LocalizedText


@dataclass(frozen=True)
class Skipped:
    """Nothing for the record, such as Liquid or a placeholder."""

    reason: str


@dataclass(frozen=True)
class NotPlaced:
    """Something that somebody has to look at."""

    reason: str


@dataclass(frozen=True)
class Heading:
    """The title of a section; `kind` is what its items are, or empty where nobody knows."""

    title: str
    kind: str


@dataclass(frozen=True)
class BiographyPart:
    """A paragraph or a bullet of the biography, in Markdown."""

    text: LocalizedText
    bullet: bool


@dataclass(frozen=True)
class FoundEntry:
    """A line of the profile; its fields are those of ProfileEntry."""

    kind: str
    period: str
    text: LocalizedText
    url: str = ""


@dataclass(frozen=True)
class FoundEntries:
    """Several lines of the profile that one line of the page names."""

    entries: tuple[FoundEntry, ...]


@dataclass(frozen=True)
class FoundAuthor:
    """An author as the page names them; `marked` where it sets the name in bold, which is the page's owner."""

    name: str
    marked: bool


@dataclass(frozen=True)
class FoundPaper:
    """A paper, as far as the page tells of it; the fields are those of Publication."""

    title: str
    venue: str
    year: int
    authors: tuple[FoundAuthor, ...]
    and_others: bool
    award: str = ""
    links: dict[str, str] = field(default_factory=dict)
    doi: str | None = None
    arxiv: str | None = None
    repository: str = ""
    impact: tuple[str, ...] = ()


Thing = Skipped | NotPlaced | Heading | BiographyPart | FoundEntry | FoundEntries | FoundPaper


@dataclass(frozen=True)
class ParsedBlock:
    """What became of some lines; `notes` tell what in them did not, `contacts` what they tell besides.

    Of the `torn` ones a part has no place.

    A contact is its kind, 'email' or that of a link of Member, and the address.
    """

    lines: tuple[int, ...]
    thing: Thing
    notes: tuple[str, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    torn: tuple[int, ...] = ()
