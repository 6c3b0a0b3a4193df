"""Which picture goes with which page."""

from datetime import datetime

from flask import request
from flask_babel import gettext

from s2group.admissions.openings import openings
from s2group.admissions.queries import call_by_key
from s2group.admissions.rules.openings import Closure
from s2group.content.group.models import GroupProfile
from s2group.content.group.queries import group_profile
from s2group.content.pages.titles import PageTitle, page_title
from s2group.core.i18n import current_locale, plain_text, public_url
from s2group.graphics.share_card import Card

# The pages of one record: what it is, and by which argument of the address it is known.
RECORDS = {
    "site.member": ("member", "slug"),
    "site.curriculum": ("member", "slug"),
    "site.publication": ("publication", "key"),
    "site.news_item": ("news", "slug"),
    "site.research_area": ("line", "key"),
    "site.page": ("page", "slug"),
    "apply.call": ("call", "call_key"),
}
SECTION, HOME = "section", "home"
OPENGRAPH_TYPES = {"site.member": "profile", "site.news_item": "article", "site.publication": "article"}


def section_titles() -> dict[str, str]:
    """The pages that list something, by the name of their endpoint."""
    return {
        "members": gettext("Members"),
        "alumni": gettext("Alumni"),
        "research": gettext("Research"),
        "publications": gettext("Publications"),
        "projects": gettext("Projects"),
        "news": gettext("News"),
        "releases": gettext("Releases"),
        "partners": gettext("Partners"),
        "admissions": gettext("Admissions"),
    }


def share_image(shape: str) -> str:
    """The address of the picture for the page being shown; one that has none of its own has that of the home page."""
    kind, slug = _shared_page()
    return public_url("site.share", locale=current_locale(), kind=kind, slug=slug, shape=shape)


def opengraph_type() -> str:
    """What the page being shown is, as OpenGraph says it."""
    return OPENGRAPH_TYPES.get(request.endpoint or "", "website")


def _shared_page() -> tuple[str, str]:
    endpoint = request.endpoint or ""
    if endpoint in RECORDS:
        kind, argument = RECORDS[endpoint]
        return kind, (request.view_args or {})[argument]
    name = endpoint.rpartition(".")[2]
    return SECTION, name if name in section_titles() else HOME


def card_of(kind: str, slug: str, *, now: datetime) -> Card | None:
    """The card of a public page in the reader's language; None for anything that is not public."""
    group = group_profile()
    if group is None:
        return None
    if kind == SECTION:
        return _section(group, slug)
    if kind == "call":
        return _call(group, slug, now)
    found = page_title(kind, slug, now=now)
    return _card(group, _kicker(kind, found), plain_text(found.title), plain_text(found.line)) if found else None


def _section(group: GroupProfile, name: str) -> Card | None:
    if name == HOME:
        return _card(group, group.short_name, plain_text(group.claim))
    title = section_titles().get(name)
    return _card(group, group.short_name, title, plain_text(group.claim)) if title else None


def _call(group: GroupProfile, key: str, now: datetime) -> Card | None:
    """What is pasted into a chat says there that nobody can apply any more."""
    call = call_by_key(key)
    if call is None:
        return None
    [opening] = openings([call], now)
    endings = {Closure.FILLED: gettext("All places taken"), Closure.CLOSED: gettext("Closed")}
    parts = [gettext("Admissions"), *([endings[opening.closure]] if opening.closure in endings else [])]
    return _card(group, " · ".join(parts), plain_text(call.title))


def _kicker(kind: str, found: PageTitle) -> str:
    if kind == "publication":
        return " · ".join([*filter(None, [found.source]), *[gettext("Written elsewhere")] * found.elsewhere])
    if kind == "news" and found.day:
        return f"{gettext('News')} · {found.day}"
    titles: dict[str, str] = {"member": gettext("Members"), "line": gettext("Research")}
    return titles.get(kind, "")


def _card(group: GroupProfile, kicker: str, title: str, line: str = "") -> Card:
    return Card(kicker, title, line, plain_text(group.name), plain_text(group.institution), group.seal)
