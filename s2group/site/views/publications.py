"""What the group has published."""

from flask import Response, abort, render_template

from s2group.content import queries
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint


@blueprint.get("/publications/")
@public
def publications() -> str:
    """All papers by year."""
    return render_template("site/publications.html", publications=queries.publications())


@blueprint.get("/publications/<key>/")
@public
def publication(key: str) -> str:
    """One paper, with its BibTeX."""
    return render_template("site/publication.html", paper=queries.publication_by_key(key) or abort(404))


@blueprint.get("/publications.bib")
@public
def bibtex() -> Response:
    """All papers as BibTeX."""
    text = "".join(f"{entry}\n\n" for entry in queries.bibtex_entries())
    return Response(text, content_type="application/x-bibtex; charset=utf-8")
