"""The group at a glance."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from s2group.admissions.openings import admissions_at
from s2group.content.group.queries import group_counts, group_day, group_profile, partners, research_areas
from s2group.content.news.queries import foremost_news
from s2group.core.clock import now
from s2group.core.i18n import ENGLISH_PREFIX
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint
from s2group.site.views.json_ld.group import group_data
from s2group.site.views.wording import admissions_in_short

HOME_NEWS = 4


@blueprint.get("/")
@public
def home() -> str:
    """The group at a glance."""
    moment, group = now(), group_profile()
    today = group_day(moment)
    admissions = admissions_at(moment)
    return render_template(
        "site/home.html",
        structured=group_data(group) if group else None,
        call=admissions.open[0].call if admissions.open else None,
        calls_known=bool(admissions.calls),
        admissions=admissions_in_short(admissions, moment),
        counts=group_counts(today),
        research_areas=research_areas(),
        partners=partners(),
        news=foremost_news(HOME_NEWS, now=moment),
    )


@blueprint.get(ENGLISH_PREFIX)
@public
def english() -> BaseResponse:
    """`/en` is what people type."""
    return redirect(f"{request.script_root}{ENGLISH_PREFIX}/", 308)
