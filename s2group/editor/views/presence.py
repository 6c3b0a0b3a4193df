"""Who else has a page of the editor open, for the page itself to show."""

from typing import Any

from flask import abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from s2group.content.presence.models import LONGEST_PAGE
from s2group.content.presence.services import look_in
from s2group.core.clock import now
from s2group.core.i18n import listed
from s2group.core.permissions import Action, allow, authorize
from s2group.editor.views.blueprint import blueprint
from s2group.extensions import limiter

# Pages on which two editors may write at once.
SHARED = ("editor.record", "editor.edit_news_item", "editor.call", "editor.route", "editor.requirements")
POSTS = "60 per minute"


@blueprint.post("/editor/presence/")
@allow(Action.EDIT_CONTENT)
@limiter.limit(POSTS)
def presence() -> ResponseReturnValue:
    """Note that the reader has a page open; a sentence on who else has, empty where nobody has."""
    page = request.form.get("page", "")[:LONGEST_PAGE]
    if not authorize(current_user, _access(page)):
        abort(404)
    others = look_in(page, current_user, now=now())
    if not others:
        return jsonify("")
    names = listed(user.shown_name for user in others)
    return jsonify(
        ngettext("%(names)s has this page open, too.", "%(names)s have this page open, too.", len(others), names=names)
    )


def _access(page: str) -> Action:
    """What whoever opens the page may do."""
    try:
        endpoint = current_app.url_map.bind("localhost").match(page, method="GET")[0]
    except HTTPException:
        abort(400)
    view: Any = current_app.view_functions[endpoint]
    if endpoint not in SHARED:
        abort(400)
    action: Action = view.access
    return action
