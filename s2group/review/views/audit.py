"""The audit log."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.accounts.queries import accounts
from s2group.admissions.queries import REFERENCE
from s2group.audit.rules import Kind
from s2group.audit.wording import KINDS, SUBJECTS
from s2group.content.group.queries import group_profile
from s2group.core.permissions import Action, allow
from s2group.evaluation.audit_log import NOBODY, Filters, events_page
from s2group.review.views.blueprint import blueprint


@blueprint.get("/audit/")
@allow(Action.READ_AUDIT)
def audit() -> ResponseReturnValue:
    """Who did what to what and when, the latest first; what is asked for stands in the address."""
    group, problems = group_profile(), dict[str, str]()
    timezone = group.timezone if group else "UTC"
    filters, typed = _filters(problems), {name: value for name, value in request.args.items() if name != "after"}
    after = request.args.get("after", type=int)
    page = render_template(
        "review/audit.html",
        page=events_page(current_user, filters, timezone, after),
        after=after,
        typed=typed,
        problems=problems,
        timezone=timezone,
        nobody=NOBODY,
        people=accounts(),
        kinds=sorted(((kind.value, str(words)) for kind, words in KINDS.items()), key=lambda pair: pair[1]),
        subjects=SUBJECTS,
    )
    return page, 422 if problems else 200


def _filters(problems: dict[str, str]) -> Filters:
    """What is asked for; what cannot be read asks for nothing, and `problems` says so by its field."""
    actor, kind = request.args.get("actor", ""), request.args.get("kind", "")
    reference = request.args.get("reference", "").strip().upper()
    if reference and not REFERENCE.fullmatch(reference):
        problems["reference"] = gettext("Write the reference as 7K3M-Q0ZT-9XHB-4WPD")
    known = {NOBODY, *(str(each.id) for each in accounts())}
    return Filters(
        actor=actor if actor in known else "",
        kind=Kind(kind) if kind in set(Kind) else None,
        reference="" if "reference" in problems else reference,
        since=_day("since", problems),
        until=_day("until", problems),
    )


def _day(name: str, problems: dict[str, str]) -> date | None:
    typed = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        problems[name] = gettext("Write the day as 2026-09-02")
        return None
