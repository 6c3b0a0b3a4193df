"""The reviewers' pages. Importing this package gives the one blueprint all its views."""

from s2group.review.views import (
    application_list,
    applications,
    cross_check,
    decisions,
    discussion,
    exports,
    home,
    interviews,
    letters,
    mail,
    navigation,
    ratings,
    releases,
    requirements,
    searches,
    tags,
)
from s2group.review.views.blueprint import blueprint

__all__ = [
    "application_list",
    "applications",
    "blueprint",
    "cross_check",
    "decisions",
    "discussion",
    "exports",
    "home",
    "interviews",
    "letters",
    "mail",
    "navigation",
    "ratings",
    "releases",
    "requirements",
    "searches",
    "tags",
]
