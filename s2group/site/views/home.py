"""The group at a glance."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from s2group.admissions.queries import open_calls
from s2group.content import queries
from s2group.core.clock import now
from s2group.core.i18n import ENGLISH_PREFIX
from s2group.core.permissions import public
from s2group.site import wording
from s2group.site.structured_group import group_data
from s2group.site.views.blueprint import blueprint

HOME_NEWS = 4


@blueprint.get("/")
@public
def home() -> str:
    """The group at a glance."""
    moment, group = now(), queries.group_profile()
    today = queries.group_day(moment)
    call = next(iter(open_calls(moment)), None)
    return render_template(
        "site/home.html",
        structured=group_data(group) if group else None,
        call=call,
        days_left=wording.days_left(call, today) if call else None,
        counts=queries.group_counts(today),
        research_lines=queries.research_lines(),
        partners=queries.partners(),
        news=queries.foremost_news(HOME_NEWS, now=moment),
    )


@blueprint.get(ENGLISH_PREFIX)
@public
def english() -> BaseResponse:
    """`/en` is what people type."""
    return redirect(f"{request.script_root}{ENGLISH_PREFIX}/", 308)
