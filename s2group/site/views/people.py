"""Who is in the group, and who was."""

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from s2group.content.group.queries import group_day
from s2group.content.people.files import MEMBER
from s2group.content.people.queries import member_by_slug, people_by_group, placements
from s2group.core.clock import now
from s2group.core.i18n import current_locale, public_url
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint
from s2group.site.views.json_ld.people import profile_data
from s2group.site.views.moved import lead_on
from s2group.site.views.profiles import profile_page, words_for_profiles

# The newest of somebody's papers; the rest are a link away, so that a long life stays a light page.
PAPERS_SHOWN = 60
# How many of them stand open; where there are many more, the others unfold.
PAPERS_OPEN = 8


@blueprint.context_processor
def _words() -> dict[str, object]:
    return words_for_profiles()


@blueprint.get("/members/")
@public
def members() -> str:
    """Who is in the group, and who was."""
    return render_template("site/members.html", people=people_by_group(group_day(now())))


@blueprint.get("/members/<slug>/")
@public
def member(slug: str) -> AnyResponse | str:
    """One person, and all that the group's record tells of them; a former address leads on to the present one."""
    found = member_by_slug(slug)
    if found is None:
        return lead_on(MEMBER, slug, "member")
    page = profile_page(found, now=now())
    data = profile_data(page.member, left=page.left)
    return render_template("site/member.html", page=page, data=data, PAPERS_SHOWN=PAPERS_SHOWN, PAPERS_OPEN=PAPERS_OPEN)


@blueprint.get("/members/<slug>/cv/")
@public
def curriculum(slug: str) -> AnyResponse | str:
    """The same as a CV to print. Search engines are sent to the person's page."""
    found = member_by_slug(slug)
    if found is None:
        return lead_on(MEMBER, slug, "curriculum")
    page = profile_page(found, now=now())
    profile = public_url("site.member", locale=current_locale(), slug=slug)
    return render_template("site/cv.html", page=page, canonical=profile)


@blueprint.get("/alumni/")
@public
def alumni() -> str:
    """Where those who have left went, by the year of leaving."""
    return render_template("site/alumni.html", years=placements(group_day(now())))
