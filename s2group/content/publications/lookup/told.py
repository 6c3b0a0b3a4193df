"""A paper as a service tells it, and how it stands in BibTeX."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape

from s2group.content.publications.bibtex.keys import key_for
from s2group.content.publications.bibtex.latex import plain_latex
from s2group.content.publications.bibtex.writing import escaped, laid_out, names_written
from s2group.core.text import HAN, visible

# Crossref's titles and abstracts are HTML, MathML and JATS.
TAG = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>")
# What would begin an entry of its own.
BEGINNING = re.compile(r"@(?=\s*\w+\s*[{(])")
# In letters; a longer abstract is none, and a longer anything else is no answer of use.
LONGEST_ABSTRACT, LONGEST_FIELD = 10_000, 2_000
# Of a longer name the reader cannot tell whether it is one.
MOST_WORDS = 6


@dataclass(frozen=True)
class Told:
    """A kind of entry, its authors one by one as BibTeX has them, and its other fields, written in LaTeX."""

    kind: str
    authors: tuple[str, ...]
    fields: Mapping[str, str]

    @property
    def entry(self) -> str:
        """The whole entry."""
        first, title = plain_latex(self.authors[0]) if self.authors else "", plain_latex(self.fields["title"])
        year = int(self.fields.get("year") or 0)
        names = {"author": " and ".join(self.authors)}
        return laid_out(self.kind, key_for(first or "paper", year, title), {**names, **self.fields})


def latex(words: object, at_most: int = LONGEST_FIELD) -> str:
    """Words of no markup as LaTeX; nothing where they are no words, or too many."""
    text = line(words)
    return escaped(text) if len(text) <= at_most else ""


def line(words: object) -> str:
    """The words on one line, without what nobody sees and without what would begin an entry."""
    return BEGINNING.sub("", " ".join(visible(words).split())) if isinstance(words, str) else ""


def without_tags(words: object) -> str:
    """The words without HTML, MathML and JATS."""
    return line(unescape(TAG.sub("", words))) if isinstance(words, str) else ""


def person(given: object, family: object, suffix: object = "") -> str:
    """The name of somebody, as BibTeX has it; a Chinese name has no blank in it."""
    parts = [line(given), line(family), line(suffix)]
    if all(HAN.match(part) for part in parts[:2]):
        return one_name(parts[1] + parts[0])
    return one_name(" ".join(filter(None, parts)))


def one_name(words: str, *, whole: bool = False) -> str:
    """A name in braces where it is that of an institution, or so long that it would be taken for several."""
    written = names_written([words[:LONGEST_FIELD]], and_others=False)
    return f"{{{written}}}" if written[:1] not in ("", "{") and (whole or len(words.split()) > MOST_WORDS) else written


def names(written: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that have a letter."""
    return tuple(name for name in written if any(letter.isalpha() for letter in name))
