"""What the group has published."""

from flask import Response, abort, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from s2group.content.group.queries import group_profile
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.listing import listed_papers
from s2group.content.publications.queries import paper_context, publication_by_key
from s2group.content.publications.rules.citations import gbt7714, ieee
from s2group.content.publications.rules.facets import OF_THE_GROUP, selection
from s2group.content.samples.queries import samples_of_papers
from s2group.content.stored_files.queries import paper_of
from s2group.core import clock
from s2group.core.permissions import public
from s2group.documents.rules import PDF
from s2group.documents.store import store
from s2group.site.views import paper_metadata
from s2group.site.views.blueprint import blueprint
from s2group.site.views.moved import lead_on
from s2group.site.views.paper_filters import papers_chosen, publications_page
from s2group.site.views.samples import heard
from s2group.site.views.selected import selected_papers

# So many papers are listed in full, and the rest of the year in which they are reached; older years are a link away.
MOST_LISTED = 200


@blueprint.get("/publications/")
@public
def publications() -> str:
    """The papers by year, those that fit the filters and the words of the address."""
    choice = selection(request.args)
    page = publications_page(listed_papers(), choice)
    selected = [] if choice.arguments else selected_papers(group_profile())
    return render_template("site/publications.html", page=page, selected=selected, MOST_LISTED=MOST_LISTED)


@blueprint.get("/publications.bib")
@public
def bibtex() -> Response:
    """As BibTeX the group's own papers; with filters exactly those that the publications page shows for them."""
    papers, choice = listed_papers(), selection(request.args)
    chosen = papers_chosen(papers, choice if choice.arguments else OF_THE_GROUP)
    text = render_template("site/publications.bib", papers=chosen, page=publications_page(papers, choice))
    return Response(text, content_type="application/x-bibtex; charset=utf-8")


@blueprint.get("/publications/<key>/")
@public
def publication(key: str) -> AnyResponse | str:
    """One paper, and how to cite it; a former key leads on to the present one."""
    paper = publication_by_key(key)
    if paper is None:
        return lead_on(PUBLICATION, key, "publication")
    citation, samples = paper_metadata.cited(paper), heard(samples_of_papers([paper]).get(paper.id, []))
    return render_template(
        "site/publication.html",
        paper=paper,
        context=paper_context(paper, clock.now()),
        samples=samples,
        citations={"GB/T 7714-2015": gbt7714(citation), "IEEE": ieee(citation)},
        scholar_tags=list(paper_metadata.scholar_tags(paper)),
        structured=paper_metadata.scholarly_article(paper, samples),
    )


@blueprint.get("/publications/<key>/paper.pdf")
@public
def paper_pdf(key: str) -> AnyResponse:
    """The PDF of a paper where the group holds it."""
    paper = publication_by_key(key)
    if paper is None:
        return lead_on(PUBLICATION, key, "paper_pdf")
    found = paper_of(key) if paper.has_pdf else None
    return _pdf(key, found.sha256) if found and store.has(found.sha256) else abort(404)


def _pdf(key: str, sha256: str) -> AnyResponse:
    with store.local(sha256) as path:  # it is opened by then
        return send_file(path, PDF, download_name=f"{key}.pdf", etag=sha256)
