"""The picture that goes with a link."""

from flask import Response, abort, current_app, request

from s2group.core.clock import now
from s2group.core.drawn import kept_drawing
from s2group.core.fonts import find_fonts
from s2group.core.i18n import current_locale
from s2group.core.permissions import public
from s2group.site import sharing
from s2group.site.share_card import SHAPES, draw
from s2group.site.views.blueprint import blueprint

A_DAY = f"public, max-age={24 * 3600}"


@blueprint.app_context_processor
def _sharing() -> dict[str, object]:
    return {"share_image": sharing.share_image, "opengraph_type": sharing.opengraph_type, "SHARE_SHAPES": SHAPES}


@blueprint.get("/share/<kind>/<slug>/<any(wide, square):shape>.png")
@public
def share(kind: str, slug: str, shape: str) -> Response:
    """The picture of a public page, drawn once for what it says."""
    card = sharing.card_of(kind, slug, now=now()) or abort(404)
    fonts = find_fonts(current_app.config["FONT_DIRS"])
    folder = current_app.config["DATA_DIR"] / "cache" / "share"
    name = f"{kind}/{slug}/{current_locale()}/{shape}"
    data, mark = kept_drawing(folder, name, ".png", (card, shape, fonts), lambda: draw(card, shape, fonts))
    answer = Response(data, content_type="image/png", headers={"Cache-Control": A_DAY})
    answer.set_etag(mark)
    answer.make_conditional(request)
    return answer
