"""Partners, and the pages of the group's own."""

from flask import abort, render_template

from s2group.content.group import queries as group_queries
from s2group.content.pages.queries import site_page
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint


@blueprint.get("/partners/")
@public
def partners() -> str:
    """With whom the group works, and who went where."""
    return render_template("site/partners.html", partners=group_queries.partners())


@blueprint.get("/pages/<slug>/")
@public
def page(slug: str) -> str:
    """A page of the group's own."""
    return render_template("site/page.html", page=site_page(slug) or abort(404))
