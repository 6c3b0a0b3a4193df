"""The group at a glance."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from s2group.admissions.openings import admissions_at
from s2group.admissions.wording import time_needed
from s2group.content.group.queries import group_counts, group_day, group_profile, partners, research_areas
from s2group.content.group.research_areas import area_figures
from s2group.content.news.queries import foremost_news
from s2group.content.people.queries import principal_investigators
from s2group.content.publications.queries import papers_in_short
from s2group.content.samples.queries import samples_of_papers
from s2group.core.clock import now
from s2group.core.i18n import ENGLISH_PREFIX
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint
from s2group.site.views.json_ld.group import group_data
from s2group.site.views.samples import heard
from s2group.site.views.selected import selected_papers
from s2group.site.views.wording import admissions_in_short

HOME_NEWS = 6
# How many calendar years are recent, this one counted.
YEARS_OF_RECENT = 3


@blueprint.get("/")
@public
def home() -> str:
    """The group at a glance."""
    moment, group = now(), group_profile()
    today = group_day(moment)
    admissions = admissions_at(moment)
    papers, selected = papers_in_short(), selected_papers(group)
    return render_template(
        "site/home.html",
        structured=group_data(group) if group else None,
        openings=admissions.open,
        calls_known=bool(admissions.calls),
        time_needed=time_needed,
        admissions=admissions_in_short(admissions, moment),
        counts=group_counts(today),
        papers=papers,
        top_papers=sum(paper.ccf == "A" for paper in papers),
        recent_papers=sum(paper.year > today.year - YEARS_OF_RECENT for paper in papers),
        selected=selected,
        samples=heard(samples_of_papers(paper for paper, _ in selected)),
        leads=principal_investigators(),
        areas_in_figures=area_figures(today),
        research_areas=research_areas(),
        partners=partners(),
        news=foremost_news(HOME_NEWS, now=moment),
    )


@blueprint.get(ENGLISH_PREFIX)
@public
def english() -> BaseResponse:
    """`/en` is what people type."""
    return redirect(f"{request.script_root}{ENGLISH_PREFIX}/", 308)
