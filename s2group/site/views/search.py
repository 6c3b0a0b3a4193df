"""The search of the whole site."""

from collections.abc import Callable, Iterable

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from s2group.admissions.models import Call
from s2group.admissions.openings import admissions_at
from s2group.content.samples.queries import where_heard
from s2group.content.search.models import SearchEntry
from s2group.content.search.queries import KINDS, asked, found_entries
from s2group.content.search.rules import LONGEST_QUERY, Term, marked_parts, matches
from s2group.core.clock import now
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint

# The page of each kind, and by which argument of its address an entry is known; else the page that lists it.
PAGES = {
    "member": ("site.member", "slug"),
    "line": ("site.research_area", "key"),
    "publication": ("site.publication", "key"),
    "news": ("site.news_item", "slug"),
    "page": ("site.page", "slug"),
}
# A recording stands on the page of what it belongs to; its paper may have gone since.
SAMPLE = "sample"
LISTS = {
    "project": "site.projects", "release": "site.releases", "partner": "site.partners", SAMPLE: "site.publications",
}  # fmt: skip
# How many of each kind stand on the page of all, and on the page of one kind.
FIRST, MOST = 5, 50


@blueprint.get("/search/")
@public
def search() -> Response:
    """What the site says about the words of the question, by kind."""
    query = request.args.get("q", "")[:LONGEST_QUERY].strip()
    kind = request.args.get("kind")
    kind = kind if kind in KINDS else None
    wanted, moment = asked(query), now()
    found = found_entries(wanted, now=moment, most=MOST if kind else FIRST, kind=kind)
    known = [] if kind or not wanted else admissions_at(moment).calls
    answer = make_response(
        render_template(
            "site/search.html",
            query=query,
            kind=kind,
            found=found,
            openings=[opening for opening in known if matches(wanted, words_of_call(opening.call))],
            names=names_of_kinds(),
            most=MOST,
            hits=lambda text: _hits(text, wanted),
            address_of=pages_of(entry for each in found for entry in each.entries),
        )
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def names_of_kinds() -> dict[str, str]:
    """What the kinds of results are called, in the order of the page."""
    return {
        "call": gettext("Admissions"),
        "member": gettext("Members"),
        "line": gettext("Research"),
        "publication": gettext("Publications"),
        "project": gettext("Projects"),
        "news": gettext("News"),
        "release": gettext("Releases"),
        SAMPLE: gettext("Recordings"),
        "page": gettext("Pages"),
        "partner": gettext("Partners"),
    }


def pages_of(entries: Iterable[SearchEntry]) -> Callable[[SearchEntry], str]:
    """The addresses of the pages where these entries stand; those of recordings are looked up together."""
    heard = where_heard() if any(entry.kind == SAMPLE for entry in entries) else {}

    def address(entry: SearchEntry) -> str:
        if entry.kind == SAMPLE and entry.slug in heard:
            return _page_of(*heard[entry.slug], anchor=f"sound-{entry.slug}")
        return _page_of(entry.kind, entry.slug)

    return address


def _page_of(kind: str, slug: str, anchor: str | None = None) -> str:
    if kind in LISTS:
        return url_for(LISTS[kind], _anchor=slug if kind == "release" else None)
    endpoint, argument = PAGES[kind]
    return url_for(endpoint, _anchor=anchor, **{argument: slug})  # type: ignore[arg-type]  # an argument of the address


def words_of_call(call: Call) -> str:
    """What a call is found by, its title first."""
    texts = [call.title, call.summary, *(route.title for route in call.routes)]
    return " · ".join(f"{text.zh} · {text.en}" for text in texts)


def _hits(text: str, wanted: list[Term]) -> Markup:
    """The text with what was asked for marked."""
    parts = (
        Markup("<mark>{}</mark>").format(part) if hit else escape(part) for part, hit in marked_parts(text, wanted)
    )
    return Markup("").join(parts)
