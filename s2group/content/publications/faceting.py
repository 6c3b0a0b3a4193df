"""Stored papers as the filters of the publications page see them."""

from collections.abc import Iterator

from s2group.content.publications.listing import ListedPaper
from s2group.content.publications.rules.facets import BY_THE_GROUP, ELSEWHERE, Faceted, words_of
from s2group.content.publications.rules.papers import family_first_key
from s2group.content.search.rules import spellings


def faceted(paper: ListedPaper, *, words: bool) -> Faceted:
    """A paper with its lines, its authors and who of them is a member loaded; ranks and short names of its venue.

    Its words take most of the time, and only a search for words needs them.
    """
    venue = paper.venue_row
    values = {
        "year": {str(paper.year)} - {"0"},
        "kind": {paper.kind},
        "venue": {venue_name(paper)} - {""},
        "member": {author.member.slug for author in paper.authors if author.member},
        "line": {area.key for area in paper.areas},
        "ccf": {venue.ccf} - {""} if venue else set(),
        "written": {ELSEWHERE if paper.elsewhere else BY_THE_GROUP},
    }
    known = words_of(_words(paper)) if words else ""
    return Faceted(paper.key, {name: frozenset(found) for name, found in values.items()}, known)


def venue_name(paper: ListedPaper) -> str:
    """The short name of the venue where the table knows it, else what the paper says."""
    return paper.venue_row.short_name if paper.venue_row else paper.venue


def _words(paper: ListedPaper) -> Iterator[str]:
    yield from (paper.title, paper.venue, str(paper.year), paper.award, paper.abstract, *paper.keywords)
    if paper.venue_row:
        yield from (paper.venue_row.short_name, paper.venue_row.name)
    for author in paper.authors:
        names = {author.name}
        if author.member:
            names |= {author.member.name.zh, author.member.name.en}
        for name in filter(None, names):
            yield from (name, family_first_key(name), *(spelled.replace(" ", "") for spelled in spellings(name)))
