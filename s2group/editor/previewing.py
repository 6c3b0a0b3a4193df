"""The page that visitors would see of what is not saved yet."""

from typing import Any

from flask import Response, current_app, g, make_response, request, url_for

from s2group.content.records.kinds import Kind
from s2group.core.i18n import ENVIRON_KEY, current_locale

# By the names of kinds: the page that shows a record, and what of its address is the key; of some one page shows all.
PAGES = {
    "profile": ("site.home", ""),
    "research_area": ("site.research_area", "key"),
    "member": ("site.member", "slug"),
    "publication": ("site.publication", "key"),
    "project": ("site.projects", ""),
    "release": ("site.releases", ""),
    "partner": ("site.partners", ""),
    "page": ("site.page", "slug"),
    "news": ("site.news_item", "slug"),
}


def page_of(kind: Kind, row: Any) -> Response:
    """The whole page as this request's transaction has it, in the language of the request, marked as a preview."""
    endpoint, named = PAGES[kind.name]
    values: dict[str, Any] = {named: kind.key_of_row(row)} if named else {}
    path = url_for(endpoint, **values)
    visit = current_app.test_request_context(
        path.removeprefix(request.script_root),
        base_url=request.root_url,
        environ_overrides={ENVIRON_KEY: current_locale()},
    )
    g.is_preview = True
    with visit:
        return make_response(current_app.dispatch_request())
