"""The filters of the publications page: links with counts that combine."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext

from s2group.content.group.models import ResearchArea
from s2group.content.people.models import Member
from s2group.content.publications.faceting import faceted
from s2group.content.publications.listing import ListedPaper
from s2group.content.publications.rules.facets import (
    BY_THE_GROUP,
    ELSEWHERE,
    FACETS,
    Faceted,
    Selection,
    counts,
    shown,
)
from s2group.core.i18n import plain_text
from s2group.site.views.wording import paper_kind


@dataclass(frozen=True)
class Choice:
    """A value of a facet: how many papers it would show, of the group and from elsewhere, and where its link leads."""

    label: str
    count: int
    elsewhere: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A way to choose papers."""

    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Taken:
    """Something that is chosen, and the address of the page without it."""

    label: str
    url: str


@dataclass(frozen=True)
class PublicationsPage:
    """What the publications page shows."""

    papers: list[ListedPaper]
    total: int
    total_of_group: int
    selection: Selection
    facets: list[Facet]
    taken: list[Taken]

    @property
    def areas(self) -> list[tuple[ResearchArea, int]]:
        """What the papers are about, with how many each: what the colours of the years say."""
        found = Counter(area.key for paper in self.papers for area in paper.areas)
        areas = {area.key: area for paper in self.papers for area in paper.areas}
        return sorted(((areas[key], many) for key, many in found.items()), key=lambda each: each[0].position)


def papers_chosen(publications: Sequence[ListedPaper], choice: Selection) -> list[ListedPaper]:
    """The papers that `choice` shows, in their order."""
    keys = {paper.key for paper in shown(_faceted(publications, choice), choice)}
    return [paper for paper in publications if paper.key in keys]


def _faceted(publications: Sequence[ListedPaper], choice: Selection) -> list[Faceted]:
    return [faceted(paper, words=bool(choice.query)) for paper in publications]


def publications_page(publications: Sequence[ListedPaper], choice: Selection) -> PublicationsPage:
    """The page for `choice`, of all the `publications`."""
    papers = _faceted(publications, choice)
    names = _Names(publications)
    facets = FACETS if any(paper.elsewhere for paper in papers) else [name for name in FACETS if name != "written"]
    keys = {paper.key for paper in shown(papers, choice)}
    return PublicationsPage(
        papers=[paper for paper in publications if paper.key in keys],
        total=len(papers),
        total_of_group=sum(not paper.elsewhere for paper in papers),
        selection=choice,
        facets=[facet for name in facets if (facet := _facet(name, papers, choice, names)).choices],
        taken=_taken(choice, names),
    )


def _facet(name: str, papers: Sequence[Faceted], choice: Selection, names: "_Names") -> Facet:
    own = counts([paper for paper in papers if not paper.elsewhere], choice, name)
    elsewhere = counts([paper for paper in papers if paper.elsewhere], choice, name)
    found = own + elsewhere
    ordered = sorted(found, key=names.order(name, found))
    return Facet(
        label=names.facet(name),
        choices=[
            Choice(
                label=names.value(name, value),
                count=own[value],
                elsewhere=elsewhere[value],
                url=_address(choice.adding(name, value)),
                chosen=choice.chosen.get(name) == value,
            )
            for value in ordered
        ],
    )


def _taken(choice: Selection, names: "_Names") -> list[Taken]:
    chosen = [
        Taken(f"{names.facet(name)}: {names.value(name, value)}", _address(choice.without(name)))
        for name, value in choice.chosen.items()
    ]
    query = [Taken(f"{gettext('Search')}: {choice.query}", _address(choice.without("q")))] if choice.query else []
    return chosen + query


def _address(choice: Selection) -> str:
    """Where the page shows `choice`, seen from the page itself: with 200 papers every byte of an address counts."""
    return f"?{urlencode(choice.arguments)}" if choice.arguments else url_for("site.publications")


class _Names:
    """What facets and their values are called on the page, and how they are ordered."""

    def __init__(self, publications: Sequence[ListedPaper]) -> None:
        self.members: dict[str, Member] = {
            author.member.slug: author.member for paper in publications for author in paper.authors if author.member
        }
        self.areas: dict[str, ResearchArea] = {area.key: area for paper in publications for area in paper.areas}

    def facet(self, name: str) -> str:
        labels: dict[str, str] = {
            "year": gettext("Year"),
            "kind": gettext("Kind"),
            "venue": gettext("Venue"),
            "member": gettext("Member"),
            "line": gettext("Research area"),
            "ccf": "CCF",
            "written": gettext("Where it was written"),
        }
        return labels[name]

    def value(self, name: str, value: str) -> str:
        if name == "kind":
            return paper_kind(value)
        if name == "written" and value in (BY_THE_GROUP, ELSEWHERE):
            return str(gettext("In this group") if value == BY_THE_GROUP else gettext("Elsewhere"))
        if name == "member" and value in self.members:
            return plain_text(self.members[value].name)
        if name == "line" and value in self.areas:
            return plain_text(self.areas[value].title)
        return value

    def order(self, name: str, found: dict[str, int]) -> Callable[[str], tuple[int, str]]:
        """Years from the newest, lines as the group orders them, ranks by letter, all others by their number."""
        if name == "year":
            return lambda value: (-int(value), "")
        if name == "line":
            return lambda value: (self.areas[value].position, "")
        return lambda value: (0 if name == "ccf" else -found[value], value)
