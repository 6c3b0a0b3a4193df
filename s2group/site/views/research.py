"""What the group works on, and whom to turn to."""

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from s2group.admissions.openings import admissions_at
from s2group.content.group.files import AREA
from s2group.content.group.queries import group_day, research_areas
from s2group.content.group.research_areas import area_figures, area_record
from s2group.content.news.queries import news_of_area
from s2group.content.samples.queries import samples_of_area
from s2group.core.clock import now
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint
from s2group.site.views.moved import lead_on
from s2group.site.views.samples import heard

PAPERS_OF_A_LINE = 12
NEWS_OF_AN_AREA = 8


@blueprint.get("/research/")
@public
def research() -> str:
    """The research areas, and how much there is of each."""
    today = group_day(now())
    return render_template("site/research.html", areas=research_areas(), figures=area_figures(today))


@blueprint.get("/research/<key>/")
@public
def research_area(key: str) -> AnyResponse | str:
    """One line: its people, papers and projects, and the places that are open; a former address leads on."""
    moment = now()
    today = group_day(moment)
    record = area_record(key, today=today, papers=PAPERS_OF_A_LINE)
    if record is None:
        return lead_on(AREA, key, "research_area")
    return render_template(
        "site/research_area.html",
        record=record,
        openings=admissions_at(moment).open,
        samples=heard(samples_of_area(record.area)),
        news=news_of_area(record.area, NEWS_OF_AN_AREA, now=moment),
    )
