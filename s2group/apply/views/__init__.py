"""The applicant's pages. Importing this package gives the one blueprint all its views."""

from s2group.apply.views import (
    calls,
    check,
    draft,
    files,
    handoff,
    letters,
    links,
    manage,
    receipt,
    single_page,
    start,
    status,
)
from s2group.apply.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "calls",
    "check",
    "draft",
    "files",
    "handoff",
    "letters",
    "links",
    "manage",
    "receipt",
    "single_page",
    "start",
    "status",
]
