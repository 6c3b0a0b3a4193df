"""What the group offers and asks for: all calls, one call, and what happens with the data of applicants."""

from collections.abc import Iterable

from flask import abort, render_template

from s2group.admissions import queries
from s2group.admissions.models import Call
from s2group.admissions.openings import admissions_at, openings
from s2group.admissions.rules.openings import accepts_until
from s2group.admissions.services.drafts import LIFETIME
from s2group.apply.json_ld import job_posting
from s2group.apply.routes import demands_of, in_words
from s2group.apply.views.blueprint import CONSENT_SINCE, CONSENT_VERSION, blueprint
from s2group.content.group.queries import group_profile
from s2group.core import clock
from s2group.core.localized import LocalizedText
from s2group.core.permissions import public


@blueprint.get("/admissions/")
@public
def admissions() -> str:
    """The calls that are open, that will open, and that have closed lately."""
    found = admissions_at(clock.now())
    return render_template(
        "apply/admissions.html", admissions=found, demands=demands_of(found.open), **in_words(found.open)
    )


@blueprint.get("/admissions/<call_key>/")
@public
def call(call_key: str) -> str:
    """One call, also long after it has closed."""
    now = clock.now()
    found = queries.call_by_key(call_key) or abort(404)
    [opening] = openings([found], now)
    until = accepts_until(found)
    in_grace = until is not None and now < until
    group = group_profile()
    return render_template(
        "apply/call.html",
        opening=opening,
        grace_until=until if in_grace else None,
        posting=job_posting(opening, group) if group and not opening.closure else None,
        demands=demands_of([opening]),
        **in_words([opening]),
    )


@blueprint.get("/admissions/privacy/")
@public
def privacy() -> str:
    """What happens with the data of applicants, and what they can do about it."""
    found = admissions_at(clock.now())
    return render_template(
        "apply/privacy.html",
        groups=_alike(opening.call for opening in found.calls),
        version=CONSENT_VERSION,
        since=CONSENT_SINCE,
        draft_days=LIFETIME.days,
    )


def _alike(calls: Iterable[Call]) -> list[list[Call]]:
    """The calls in groups of which the same is said: what data are used for, and for how long they are kept."""
    groups: dict[tuple[LocalizedText, int, int], list[Call]] = {}
    for call in calls:
        groups.setdefault((call.purpose, call.retention_days, call.files_retention_days), []).append(call)
    return list(groups.values())
