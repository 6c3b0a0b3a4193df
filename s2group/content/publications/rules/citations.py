"""How a paper is cited, after GB/T 7714-2015 and in the style of the IEEE."""

from collections.abc import Sequence
from dataclasses import dataclass

from s2group.content.publications.rules.names import PersonName, person_name

# What GB/T 7714 calls the kinds of works, and whether a work without an address keeps the mark.
MARKS = {
    "article": "J", "inproceedings": "C", "thesis": "D", "book": "M", "patent": "P",
    "dataset": "DS", "software": "CP", "preprint": "EB", "misc": "Z",
}  # fmt: skip
ONLINE = frozenset({"dataset", "software", "preprint", "misc"})
GBT_AUTHORS = 3
IEEE_AUTHORS = 6


@dataclass(frozen=True)
class Cited:
    """What a citation says of a paper. Authors are printed first name first; what is not known is empty."""

    kind: str
    title: str
    authors: tuple[str, ...]
    venue: str
    year: int
    and_others: bool = False
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""
    doi: str = ""
    arxiv: str = ""
    url: str = ""


def gbt7714(work: Cited) -> str:
    """'LIU R, HU Y, REN Y, et al. Title[J]. Journal, 2025, 3(2): 1-9. DOI:10.5555/1.'"""
    address = work.url if work.kind in ONLINE else ""
    mark = MARKS.get(work.kind, "Z") + ("/OL" if address else "")
    authors = f"{_gbt_authors(work)}. " if work.authors else ""
    if work.kind == "patent":
        number = f": {work.number}" if work.number else ""
        opening = f"{authors}{work.title}{number}[P]"
    else:
        opening = f"{authors}{work.title}[{mark}]"
    parts = [opening + _gbt_source(work), address, f"DOI:{work.doi}" if work.doi else ""]
    return "".join(f"{part}. " for part in parts if part).strip()


def _gbt_authors(work: Cited) -> str:
    names = [person_name(author) for author in work.authors]
    shown = [_gbt_name(name) for name in names[:GBT_AUTHORS]]
    more = ["等" if names[0].in_han else "et al"] if len(names) > GBT_AUTHORS or work.and_others else []
    return ", ".join([*shown, *more])


def _gbt_name(name: PersonName) -> str:
    return name.family if name.in_han else " ".join([name.family.upper(), *name.initials, *filter(None, [name.suffix])])


def _gbt_source(work: Cited) -> str:
    pages = f": {_span(work.pages, '-')}" if work.pages else ""
    if work.kind == "article":
        return _after_a_stop(_listed(work.venue, work.year) + _gbt_volume(work) + pages)
    if work.kind == "inproceedings":
        publisher = f"{work.publisher}, " if work.publisher else ""
        conference = f"//{work.venue}" if work.venue else ""
        said = f"{publisher}{work.year or ''}{pages}"
        return f"{conference}. {said}" if said else conference
    if work.kind == "preprint":
        return f". ({work.year})" if work.year else ""
    house = work.publisher or work.venue
    if work.kind == "patent":
        return _after_a_stop(_listed(work.year))
    return _after_a_stop(_listed(house, work.year) + (pages if house else ""))


def _after_a_stop(words: str) -> str:
    return f". {words}" if words else ""


def _listed(*said: str | int) -> str:
    return ", ".join(str(each) for each in said if each)


def _gbt_volume(work: Cited) -> str:
    number = f"({work.number})" if work.number else ""
    return f", {work.volume}{number}" if work.volume or number else ""


def ieee(work: Cited) -> str:
    """'R. Liu, Y. Hu, and Y. Ren, “Title,” Journal, vol. 3, no. 2, pp. 1–9, 2025, doi: 10.5555/1.'"""
    authors = f"{_ieee_authors(work)}, " if work.authors else ""
    if work.kind == "book":
        return f"{authors}{work.title}. {_listed(work.publisher or work.venue, work.year)}{_ieee_end(work)}"
    closing = "”" if work.title[-1] in "?!？！" else ",”"
    return f"{authors}“{work.title}{closing} {_ieee_source(work)}{_ieee_end(work)}"


def _ieee_authors(work: Cited) -> str:
    names = [_ieee_name(person_name(author)) for author in work.authors]
    if len(names) > IEEE_AUTHORS:
        return f"{names[0]} et al."
    if work.and_others:
        return f"{', '.join(names)}, et al."
    return _joined(names)


def _ieee_name(name: PersonName) -> str:
    if name.in_han or not name.given:
        return name.family
    initials = " ".join("-".join(f"{part[0].upper()}." for part in word.split("-") if part) for word in name.given)
    return f"{initials} {name.family}" + (f" {name.suffix}" if name.suffix else "")


def _joined(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _ieee_source(work: Cited) -> str:
    where = {
        "inproceedings": f"in {work.venue}" if work.venue else "",
        "thesis": _listed("thesis", work.venue),
        "patent": f"Patent {work.number}".strip(),
        "preprint": "",
    }.get(work.kind, work.publisher or work.venue)
    if work.kind == "article":
        where = work.venue
    volume = f"vol. {work.volume}" if work.volume else ""
    number = f"no. {work.number}" if work.number and work.kind != "patent" else ""
    pages, year = _ieee_pages(work.pages), str(work.year or "")
    last = [year, pages] if work.kind == "inproceedings" else [pages, year]
    return ", ".join(filter(None, [where, volume, number, *last]))


def _ieee_pages(pages: str) -> str:
    if not pages:
        return ""
    span = _span(pages, "–")
    return f"pp. {span}" if "–" in span or "," in span else f"p. {span}"


def _ieee_end(work: Cited) -> str:
    if work.doi:
        return f", doi: {work.doi}."
    if work.kind == "preprint" and work.arxiv:
        return f", arXiv:{work.arxiv}."
    return f". [Online]. Available: {work.url}" if work.kind in ONLINE and work.url else "."


def _span(pages: str, dash: str) -> str:
    return dash.join(part.strip() for part in pages.replace("--", "–").replace("-", "–").split("–") if part.strip())
