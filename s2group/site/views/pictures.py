"""The pictures of the public pages."""

from flask import Response, abort

from s2group.content.pictures.queries import picture_by_digest
from s2group.content.pictures.services import picture_file
from s2group.core.headers import A_YEAR
from s2group.core.permissions import public
from s2group.documents.images import NotInTimeError
from s2group.site.views.blueprint import blueprint


@blueprint.get("/pictures/<digest>-<int:width>.webp")
@public
def picture(digest: str, width: int) -> Response:
    """A picture in one of its widths. What is behind an address never changes, so it is asked for once."""
    found = picture_by_digest(digest) or abort(404)
    try:
        data = picture_file(found, width) or abort(404)
    except NotInTimeError:
        return Response(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    return Response(data, content_type="image/webp", headers={"Cache-Control": f"public, max-age={A_YEAR}, immutable"})
