"""The editors' pages. Importing this package gives the one blueprint all its views."""

from s2group.editor.views import (
    accounts,
    calls,
    contributions,
    files,
    health,
    importing,
    news,
    passwords,
    proposals,
    records,
    requirements,
    routes,
    second_factor,
    sessions,
    settings,
    sign_in_links,
    trash,
)
from s2group.editor.views.blueprint import blueprint

__all__ = [
    "accounts",
    "blueprint",
    "calls",
    "contributions",
    "files",
    "health",
    "importing",
    "news",
    "passwords",
    "proposals",
    "records",
    "requirements",
    "routes",
    "second_factor",
    "sessions",
    "settings",
    "sign_in_links",
    "trash",
]
