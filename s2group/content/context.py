"""What every page says of the group: its name in the header, its contact in the footer."""

from flask import Flask

from s2group.content.models import GroupProfile
from s2group.content.queries import group_profile


def _group() -> dict[str, GroupProfile | None]:
    return {"group": group_profile()}


def init_app(app: Flask) -> None:
    """Give every template the group's profile as `group`."""
    app.context_processor(_group)
