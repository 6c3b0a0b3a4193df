"""The numbers beside the sections of the staff's navigation."""

from functools import cache
from typing import Any

from flask_login import current_user

from s2group.evaluation.desk.queries import navigation_counts
from s2group.review.views.blueprint import blueprint


@blueprint.app_context_processor
def numbers() -> dict[str, Any]:
    """Of the reader of this page, counted when a template asks, once."""
    return {"navigation_counts": cache(lambda: navigation_counts(current_user))}
