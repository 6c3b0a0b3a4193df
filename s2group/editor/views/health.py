"""What of the content wants looking after, on one page."""

from flask import render_template

from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor.health import health
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.trash import address_of
from s2group.editor.wording import KIND_NAMES, link_fault


@blueprint.get("/editor/health/")
@allow(Action.EDIT_CONTENT)
def content_health() -> str:
    """All of it, each with the way to where it is mended."""
    return render_template(
        "editor/health.html", found=health(now()), words=KIND_NAMES, address_of=address_of, link_fault=link_fault
    )
