"""What every page says of the group: its name in the header, its contact in the footer."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from flask import Flask, g
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from s2group.content.group.queries import group_profile
from s2group.content.pages.queries import page_titles
from s2group.content.pages.sections import SECTIONS, filled_sections
from s2group.content.pictures.services import picture_sources
from s2group.core.clock import now
from s2group.core.localized import LocalizedText
from s2group.core.storage_errors import storage_error
from s2group.extensions import db

T = TypeVar("T")


def _group() -> dict[str, object]:
    """The group; its own pages and the lists that hold something, for those pages that lead there."""
    return {
        "group": _while_it_answers(group_profile, None),
        "footer_pages": _footer_pages,
        "filled_sections": cache(_filled_sections),
    }


def _footer_pages() -> Sequence[Row[str, LocalizedText]]:
    return _while_it_answers(page_titles, [])


def _filled_sections() -> frozenset[str]:
    return _while_it_answers(lambda: filled_sections(now()), SECTIONS)


def _while_it_answers(read: Callable[[], T], otherwise: T) -> T:
    """What `read` gives. Where the database cannot be asked, `otherwise` for the page that says so: it must appear.

    No other page may come without it: it would be kept for others.
    """
    try:
        return read()
    except (SQLAlchemyError, OSError) as error:
        if storage_error(error) is None or not g.get("says_what_failed"):
            raise
        db.session.rollback()  # the next one asks anew, where the connection was lost
        return otherwise


def init_app(app: Flask) -> None:
    """Give every template the group's profile as `group`, and the addresses of a picture."""
    app.context_processor(_group)
    app.jinja_env.globals["picture_sources"] = picture_sources
