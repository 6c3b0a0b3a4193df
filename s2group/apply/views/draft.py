"""The list of a draft's steps, and how far each has come."""

from flask import render_template
from flask.typing import ResponseReturnValue

from s2group.admissions.openings import why_not_send
from s2group.admissions.rules.openings import Closure, accepts_until, closure
from s2group.admissions.services import drafts
from s2group.apply.opened_draft import OpenedDraft, open_draft
from s2group.apply.steps import steps_of
from s2group.apply.views.blueprint import blueprint, private_page
from s2group.core import clock
from s2group.core.permissions import personal


@blueprint.get("/apply/draft/<key>/")
@personal
def draft(key: str) -> ResponseReturnValue:
    """The steps of a draft and how far each has come."""
    opened = open_draft(key, now=clock.now())
    call = opened.route.call
    page = render_template(
        "apply/draft.html",
        draft=opened.draft,
        steps=steps_of(opened),
        ends_at=drafts.ends_at(opened.draft),
        is_invited=drafts.is_invited(opened.draft),
        closure=why_closed(opened),
        accepts_until=accepts_until(call),
        has_closed=closure(call, opened.now) is Closure.CLOSED or opened.draft.extended_until is not None,
    )
    return private_page(page)


def why_closed(opened: OpenedDraft) -> Closure | None:
    """Why a new application cannot be sent now, if so. A change is judged when it is sent."""
    if opened.draft.application_id:
        return None
    return why_not_send(opened.draft, now=opened.now)
