"""The applicant's pages. Importing this package gives the one blueprint all its views."""

from s2group.apply.views import (
    calls,
    check,
    draft,
    draft_check,
    files,
    handoff,
    interview,
    letters,
    links,
    manage,
    offer,
    receipt,
    requested,
    single_page,
    start,
    status,
    topic,
)
from s2group.apply.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "calls",
    "check",
    "draft",
    "draft_check",
    "files",
    "handoff",
    "interview",
    "letters",
    "links",
    "manage",
    "offer",
    "receipt",
    "requested",
    "single_page",
    "start",
    "status",
    "topic",
]
