"""Reads of the group's public record."""

from s2group.content.models import GroupProfile
from s2group.extensions import db


def group_profile() -> GroupProfile | None:
    """The group, or None before its content is loaded."""
    return db.session.get(GroupProfile, 1)
