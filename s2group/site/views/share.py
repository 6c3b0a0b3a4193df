"""The picture that goes with a link."""

from flask import Response, abort

from s2group.core.clock import now
from s2group.core.i18n import current_locale
from s2group.core.permissions import public
from s2group.graphics.share_card import SHAPES, draw
from s2group.site.views import sharing
from s2group.site.views.blueprint import blueprint
from s2group.site.views.drawings import drawing

A_DAY = f"public, max-age={24 * 3600}"


@blueprint.app_context_processor
def _sharing() -> dict[str, object]:
    return {"share_image": sharing.share_image, "opengraph_type": sharing.opengraph_type, "SHARE_SHAPES": SHAPES}


@blueprint.get("/share/<kind>/<slug>/<any(wide, square):shape>.png")
@public
def share(kind: str, slug: str, shape: str) -> Response:
    """The picture of a public page, drawn once for what it says."""
    card = sharing.card_of(kind, slug, now=now()) or abort(404)
    name = f"{kind}/{slug}/{current_locale()}/{shape}"
    answer = drawing("share", name, ".png", (card, shape), lambda fonts: draw(card, shape, fonts))
    answer.headers["Cache-Control"] = A_DAY
    return answer
