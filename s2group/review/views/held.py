"""What is held before its applicant is told of it."""

from datetime import datetime

from flask import current_app

from s2group.evaluation.releases.rules import effective_at


def told_at(now: datetime) -> datetime:
    """When an applicant is told of what somebody of the staff does now."""
    return effective_at(now, current_app.config["HOLD_MINUTES"])
