"""Reads of the group's public record. Each runs a number of statements that does not grow with the rows."""

from s2group.content.queries.addresses import PublicAddresses, public_addresses
from s2group.content.queries.group import GroupCounts, group_counts, group_day, group_profile, partners, research_lines
from s2group.content.queries.news import latest_news, news_item, news_page, published_news_item
from s2group.content.queries.people import member_by_slug, members
from s2group.content.queries.projects import projects_by_state
from s2group.content.queries.publications import bibtex_entries, publication_by_key, publications, publications_of

__all__ = [
    "GroupCounts",
    "PublicAddresses",
    "bibtex_entries",
    "group_counts",
    "group_day",
    "group_profile",
    "latest_news",
    "member_by_slug",
    "members",
    "news_item",
    "news_page",
    "partners",
    "projects_by_state",
    "public_addresses",
    "publication_by_key",
    "publications",
    "publications_of",
    "published_news_item",
    "research_lines",
]
