"""When two records are one paper, and when two spellings are one name."""

import re
import unicodedata
from dataclasses import dataclass

from s2group.content.publications.rules.venues import venue_keys
from s2group.core.text import HAN

# A thesis, a patent or a data set may bear the title of a paper; it is a work of its own all the same.
PAPER_KINDS = frozenset({"article", "inproceedings", "preprint", "misc"})
BETWEEN_HAN = re.compile(rf"(?<={HAN.pattern})\s+(?={HAN.pattern})")


@dataclass(frozen=True)
class Identity:
    """By what a paper is known: `title_key` is what `title_key` makes of its title, `year` 0 where nobody says it.

    Where only a page's words tell the kind, it is 'misc', which may be any.
    """

    kind: str
    title_key: str
    doi: str | None
    arxiv: str | None
    year: int = 0
    venue: str = ""

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What a record of the same paper has one of: DOI, arXiv number, title."""
        marks = (("doi", self.doi), ("arxiv", self.arxiv), ("title", self.title_key))
        return [(name, value) for name, value in marks if value]


def identity_shared(one: Identity, other: Identity) -> str | None:
    """By what two records are one paper: 'DOI', 'arXiv', 'title', or None where they are two.

    A title alone says so of papers and preprints only, and of no two with a DOI or an arXiv number each. Where neither
    is a preprint, their years must fit too, and a journal's paper is a conference's only where they name one venue.
    """
    if one.doi and one.doi == other.doi:
        return "DOI"
    if one.arxiv and one.arxiv == other.arxiv:
        return "arXiv"
    return "title" if one.title_key and one.title_key == other.title_key and may_be_one(one, other) else None


def may_be_one(one: Identity, other: Identity) -> bool:
    """Whether two records of one title can be one paper, by all else that is known of them."""
    kinds = {one.kind, other.kind}
    if (one.arxiv and other.arxiv) or not (len(kinds) == 1 or kinds <= PAPER_KINDS):
        return False
    if "preprint" in kinds:
        return True
    if (one.doi and other.doi) or (one.year and other.year and abs(one.year - other.year) > 1):
        return False
    return kinds != {"article", "inproceedings"} or _at_one_venue(one, other)


def _at_one_venue(one: Identity, other: Identity) -> bool:
    return one.year == other.year and not set(venue_keys(one.venue)).isdisjoint(venue_keys(other.venue))


def person_key(name: str) -> str:
    """What two spellings of one name have in common: case, accents, dots, hyphens and the comma's order do not count.

    'Liu, Rui', 'rui liu' and 'Rui LIU' are 'rui liu'; '刘 瑞' is '刘瑞'; 'Y.-F. Hu' is 'yf hu'.
    """
    family, comma, given = name.partition(",")
    letters = unicodedata.normalize("NFKD", f"{given} {family}" if comma else name).casefold()
    plain = "".join(letter for letter in letters if letter.isalnum() or letter.isspace())
    return BETWEEN_HAN.sub("", " ".join(plain.split()))


def family_first_key(name: str) -> str:
    """The same with the last word first: 'Rui Liu' is 'liu rui'."""
    *given, family = person_key(name).split() or [""]
    return " ".join([family, *given])
