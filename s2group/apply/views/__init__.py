"""The applicant's pages. Importing this package gives the one blueprint all its views."""

from s2group.apply.views import (
    check,
    draft,
    elsewhere,
    files,
    letters,
    links,
    notice,
    own,
    receipt,
    start,
    status,
    whole,
)
from s2group.apply.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "check",
    "draft",
    "elsewhere",
    "files",
    "letters",
    "links",
    "notice",
    "own",
    "receipt",
    "start",
    "status",
    "whole",
]
