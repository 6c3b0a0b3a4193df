"""Answering with a drawing."""

from collections.abc import Callable

from flask import Response, abort, current_app, request

from s2group.content.group.queries import group_profile
from s2group.core.permissions import public
from s2group.graphics.drawing_cache import kept_drawing
from s2group.graphics.fonts import Fonts, find_fonts
from s2group.site.views.blueprint import blueprint
from s2group.site.views.feeds import xml

MEDIA = {".pdf": "application/pdf", ".png": "image/png"}


@blueprint.get("/favicon.svg")
@public
def favicon() -> Response:
    """The group's seal as browsers show it beside the title; its address holds the seal, so that another is fetched."""
    group = group_profile() or abort(404)
    return xml("site/favicon.svg", "image/svg+xml", seal=group.seal)


def drawing(folder: str, name: str, ending: str, says: object, draw: Callable[[Fonts], bytes]) -> Response:
    """The drawing `name` of `says`, drawn once and kept in `folder` of the cache; 304 to who has it already."""
    fonts = find_fonts(current_app.config["FONT_DIRS"])
    kept = current_app.config["DATA_DIR"] / "cache" / folder
    data, mark = kept_drawing(kept, name, ending, (says, fonts), lambda: draw(fonts))
    answer = Response(data, content_type=MEDIA[ending])
    answer.set_etag(mark)
    answer.make_conditional(request)
    return answer
