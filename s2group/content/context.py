"""What every page says of the group: its name in the header, its contact in the footer."""

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from s2group.content.models import GroupProfile
from s2group.content.pictures import picture_sources
from s2group.content.queries import group_profile
from s2group.core.trouble import storage_trouble


def _group() -> dict[str, GroupProfile | None]:
    """The group; none where the database cannot be asked, for the page that says so must still appear."""
    try:
        return {"group": group_profile()}
    except (SQLAlchemyError, OSError) as error:
        if storage_trouble(error) is None:
            raise
        return {"group": None}


def init_app(app: Flask) -> None:
    """Give every template the group's profile as `group`, and the addresses of a picture."""
    app.context_processor(_group)
    app.jinja_env.globals["picture_sources"] = picture_sources
