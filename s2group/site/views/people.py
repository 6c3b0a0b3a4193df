"""Who is in the group, and who was."""

from flask import abort, render_template

from s2group.content import queries
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint


@blueprint.get("/members/")
@public
def members() -> str:
    """Who is in the group, and who was."""
    return render_template("site/members.html", members=queries.members())


@blueprint.get("/members/<slug>/")
@public
def member(slug: str) -> str:
    """One person, and their papers in the group's list."""
    found = queries.member_by_slug(slug) or abort(404)
    return render_template("site/member.html", member=found, publications=queries.publications_of(found))
