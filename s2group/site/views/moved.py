"""Addresses of the public pages at which a record was, and is no longer."""

from typing import Any, NoReturn

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from s2group.content.records.addresses import present_key
from s2group.content.records.kinds import Kind
from s2group.content.trash.queries import was_public
from s2group.core.clock import now
from s2group.extensions import db


def lead_on(kind: Kind, former: str, endpoint: str) -> AnyResponse:
    """Lead from a former address of a record to the present one; where there is none, the request ends."""
    present = present_key(db.session(), kind, former) or not_there(kind, former)
    values: dict[str, Any] = {kind.key: present}
    return redirect(url_for(f"site.{endpoint}", **values), code=301)


def not_there(kind: Kind, key: str) -> NoReturn:
    """End the request: with 410 where visitors once saw a record here that was removed, else with 404."""
    abort(410 if was_public(kind.name, key, now=now()) else 404)
