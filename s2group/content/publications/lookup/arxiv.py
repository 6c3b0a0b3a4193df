"""https://info.arxiv.org/help/api: preprints by number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError, fromstring

from s2group.content.publications.lookup.identifiers import Identifier, Scheme, identifier_in
from s2group.content.publications.lookup.told import LONGEST_ABSTRACT, LONGEST_FIELD, Told, line, names, one_name
from s2group.core.outgoing import Client, SourceError

ATOM, OWN = "{http://www.w3.org/2005/Atom}", "{http://arxiv.org/schemas/atom}"
# Bare, though arXiv's words are LaTeX.
UNESCAPED = re.compile(r"(?<!\\)[&%#]")
# Of old numbers it knows the archive alone: math/0309136, not math.GT/0309136.
SUBJECT = re.compile(r"\.[A-Z]{2}(?=/)")
YEAR = re.compile(r"(?:19|20)\d\d(?=-)")


@dataclass(frozen=True)
class ArXiv:
    """It asks to be asked seldom, and for many at once."""

    client: Client
    name: str = "arXiv"
    batch: int = 50

    def batches(self, numbers: Sequence[str]) -> Iterator[Sequence[str]]:
        """As many as one question may name."""
        return (numbers[start : start + self.batch] for start in range(0, len(numbers), self.batch))

    def told(self, numbers: Sequence[str]) -> dict[str, Told]:
        """What it says of each number that it knows, with the DOI of what was published later. Raises SourceError."""
        wanted = {SUBJECT.sub("", number): number for number in numbers}
        asked = urlencode({"id_list": ",".join(wanted), "max_results": len(wanted)})
        entries = _feed(self.client.text(f"/api/query?{asked}")).iterfind(f"{ATOM}entry")
        found = ((_number(entry), entry) for entry in entries)
        said = {wanted[number]: _told(wanted[number], entry) for number, entry in found if number in wanted}
        return {number: told for number, told in said.items() if told}


def _feed(answer: str) -> Element:
    """The answer, which declares no entities: what they grow to has no end."""
    try:
        if "<!DOCTYPE" not in answer:
            return fromstring(answer)  # noqa: S314 - it declares nothing
    except (ParseError, ValueError) as error:
        raise SourceError("its answer is not XML") from error
    raise SourceError("its answer declares a type of document")


def _number(entry: Element) -> str:
    found = identifier_in(_words(entry, f"{ATOM}id"))
    return found.value if found and found.scheme is Scheme.ARXIV else ""


def _words(entry: Element, name: str) -> str:
    return line(entry.findtext(name) or "")


def _told(number: str, entry: Element) -> Told | None:
    """The preprint as an entry; nothing where it has no title."""
    title = _latex(_words(entry, f"{ATOM}title"), LONGEST_FIELD)
    if not title:
        return None
    written = YEAR.match(_words(entry, f"{ATOM}published"))
    category = entry.find(f"{OWN}primary_category")
    people = (one_name(_words(author, f"{ATOM}name")) for author in entry.iterfind(f"{ATOM}author"))
    fields = {
        "title": title,
        "year": written[0] if written else "",
        "eprint": number,
        "archiveprefix": "arXiv",
        "primaryclass": _latex(line(category.get("term", "")), 40) if category is not None else "",
        "doi": doi.value if (doi := _doi(entry)) else "",
        "abstract": _latex(_words(entry, f"{ATOM}summary"), LONGEST_ABSTRACT),
    }
    return Told("misc", names(people), fields)


def _doi(entry: Element) -> Identifier | None:
    """The first DOI of those that its authors have typed."""
    found = map(identifier_in, _words(entry, f"{OWN}doi").split())
    return next((each for each in found if each and each.scheme is Scheme.DOI), None)


def _latex(words: str, at_most: int) -> str:
    return UNESCAPED.sub(r"\\\g<0>", words) if len(words) <= at_most else ""
