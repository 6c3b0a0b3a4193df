"""What the poster of a call says, in the reader's language."""

from datetime import datetime

from flask_babel import gettext, ngettext

from s2group.admissions.openings import CallOpening, RouteOpening, openings
from s2group.admissions.queries import call_by_key
from s2group.content.group.models import GroupProfile
from s2group.content.group.queries import group_profile, research_areas
from s2group.core.i18n import current_locale, deadline, plain_text, public_url
from s2group.core.markup import markdown_to_html
from s2group.graphics.poster import Poster


def poster_of(call_key: str, *, now: datetime) -> Poster | None:
    """The poster of a call that takes applications at `now`; None for any other, and before the group has a profile."""
    call, group = call_by_key(call_key), group_profile()
    if call is None or group is None:
        return None
    [opening] = openings([call], now)
    return None if opening.closure else _poster(opening, group)


def _poster(opening: CallOpening, group: GroupProfile) -> Poster:
    call = opening.call
    until = deadline(call.closes_at, call.timezone) if call.closes_at else gettext("Open all year")
    routes = [each for each in opening.routes if each.closure is None]
    return Poster(
        locale=current_locale(),
        title=plain_text(call.title),
        summary=plain_text(call.summary),
        group=plain_text(group.name),
        institution=plain_text(group.institution),
        seal=group.seal,
        claim=plain_text(group.claim),
        areas_heading=gettext("What we work on"),
        areas=tuple(plain_text(area.title) for area in research_areas()),
        routes_heading=gettext("Ways to join"),
        routes=tuple((plain_text(each.route.title), _places(each)) for each in routes),
        deadline_heading=gettext("Apply until") if call.closes_at else gettext("When to apply"),
        deadline=until,
        contact=markdown_to_html(plain_text(call.contact)).striptags(),
        scan=gettext("Scan to read more and apply, or go to"),
        address=public_url("apply.call", locale=current_locale(), call_key=call.key),
    )


def _places(opening: RouteOpening) -> str:
    """How many are left; nothing where nobody knows."""
    left = opening.places_left
    return ngettext("%(num)s place left", "%(num)s places left", left) if left else ""
