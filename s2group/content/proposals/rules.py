"""What members may propose."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class ProposalKind(StrEnum):
    """What a proposal is for."""

    PROFILE = "member"
    NEWS = "news"
    PAPER = "publication"


# What of a profile is its owner's to say; the rest, such as position and dates, is the group's.
OF_ITS_OWNER = (
    "photo", "focus", "destination", "biography", "email", "links", "education", "experience", "internships",
    "honours", "talks", "services", "software", "projects", "news",
)  # fmt: skip
# So many of a member may wait at once.
MOST_WAITING = 20
LONGEST_NOTE = 2000


def changes(now: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a profile that its owner wants to say something else, and what."""
    return {name: wanted[name] for name in OF_ITS_OWNER if wanted[name] != now[name]}


def overtaken(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """The fields that somebody has changed since the proposal was made."""
    return [name for name, value in before.items() if now[name] != value]
