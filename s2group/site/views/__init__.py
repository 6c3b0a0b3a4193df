"""The public pages. Importing this package gives the one blueprint all its views."""

from s2group.site.views import (
    drawings,
    health,
    home,
    machines,
    metrics,
    news,
    pages,
    people,
    pictures,
    poster,
    projects,
    publications,
    releases,
    research,
    samples,
    search,
    share,
)
from s2group.site.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "drawings",
    "health",
    "home",
    "machines",
    "metrics",
    "news",
    "pages",
    "people",
    "pictures",
    "poster",
    "projects",
    "publications",
    "releases",
    "research",
    "samples",
    "search",
    "share",
]
