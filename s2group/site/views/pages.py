"""Partners, and the pages of the group's own."""

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from s2group.content.group import queries as group_queries
from s2group.content.pages.files import PAGE
from s2group.content.pages.queries import site_page
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint
from s2group.site.views.moved import lead_on


@blueprint.get("/partners/")
@public
def partners() -> str:
    """With whom the group works, and who went where."""
    return render_template("site/partners.html", partners=group_queries.partners())


@blueprint.get("/pages/<slug>/")
@public
def page(slug: str) -> AnyResponse | str:
    """A page of the group's own; a former address leads on to the present one."""
    found = site_page(slug)
    return render_template("site/page.html", page=found) if found else lead_on(PAGE, slug, "page")
