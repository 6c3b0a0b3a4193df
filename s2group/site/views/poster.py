"""The recruitment poster of an open call."""

from typing import Literal

from flask import Response, abort

from s2group.core.clock import now
from s2group.core.i18n import current_locale
from s2group.core.permissions import public
from s2group.graphics.fonts import Fonts
from s2group.graphics.poster import draw
from s2group.site.views.blueprint import blueprint
from s2group.site.views.drawings import drawing
from s2group.site.views.poster_texts import poster_of


@blueprint.get("/admissions/<call_key>/poster.<any(pdf, png):extension>")
@public
def poster(call_key: str, extension: Literal["pdf", "png"]) -> Response:
    """A page of A4 to print and pin up, drawn once for what it says. Gone when the call has closed."""
    says = poster_of(call_key, now=now()) or abort(404)

    def drawn(fonts: Fonts) -> bytes:
        return draw(says, fonts, extension)

    return drawing("posters", f"{call_key}/{current_locale()}", f".{extension}", says, drawn)
