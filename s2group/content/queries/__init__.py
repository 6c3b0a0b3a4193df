"""Reads of the group's public record. Each runs a number of statements that does not grow with the rows."""

from s2group.content.queries.addresses import PublicAddresses, public_addresses
from s2group.content.queries.group import GroupCounts, group_counts, group_day, group_profile, partners, research_lines
from s2group.content.queries.listing import listed_papers
from s2group.content.queries.news import (
    foremost_news,
    latest_news,
    news_counts,
    news_item,
    news_of,
    news_page,
    news_to_edit,
    pinned_news,
    present_slug,
    published_news_item,
)
from s2group.content.queries.people import (
    member_by_slug,
    members,
    people_by_group,
    placements,
    present_member_slug,
    projects_of,
    student_count,
)
from s2group.content.queries.pictures import picture_by_digest
from s2group.content.queries.projects import projects_by_state
from s2group.content.queries.publications import (
    PaperContext,
    paper_context,
    present_key,
    publication_by_key,
    publications_of,
)

__all__ = [
    "GroupCounts",
    "PaperContext",
    "PublicAddresses",
    "foremost_news",
    "group_counts",
    "group_day",
    "group_profile",
    "latest_news",
    "listed_papers",
    "member_by_slug",
    "members",
    "news_counts",
    "news_item",
    "news_of",
    "news_page",
    "news_to_edit",
    "paper_context",
    "partners",
    "people_by_group",
    "picture_by_digest",
    "pinned_news",
    "placements",
    "present_key",
    "present_member_slug",
    "present_slug",
    "projects_by_state",
    "projects_of",
    "public_addresses",
    "publication_by_key",
    "publications_of",
    "published_news_item",
    "research_lines",
    "student_count",
]
