"""The reviewers' pages. Importing this package gives the one blueprint all its views."""

from s2group.review.views import (
    applications,
    cross_check,
    decisions,
    home,
    letters,
    mail,
    navigation,
    requirements,
    tags,
)
from s2group.review.views.blueprint import blueprint

__all__ = [
    "applications",
    "blueprint",
    "cross_check",
    "decisions",
    "home",
    "letters",
    "mail",
    "navigation",
    "requirements",
    "tags",
]
