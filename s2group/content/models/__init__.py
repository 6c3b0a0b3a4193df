"""What the group tells the world about itself."""

from s2group.content.models.group import GroupProfile, Partner, ResearchLine, SitePage
from s2group.content.models.metrics import Metric
from s2group.content.models.news import FormerSlug, NewsItem, NewsPicture, news_member, news_publication
from s2group.content.models.people import FormerMemberSlug, Member, ProfileEntry, member_line
from s2group.content.models.pictures import Picture
from s2group.content.models.projects import Project, project_line, project_member, project_publication
from s2group.content.models.publications import Authorship, FormerKey, Publication, Venue, publication_line
from s2group.content.models.releases import Release, release_publication
from s2group.content.models.search import SearchEntry

__all__ = [
    "Authorship",
    "FormerKey",
    "FormerMemberSlug",
    "FormerSlug",
    "GroupProfile",
    "Member",
    "Metric",
    "NewsItem",
    "NewsPicture",
    "Partner",
    "Picture",
    "ProfileEntry",
    "Project",
    "Publication",
    "Release",
    "ResearchLine",
    "SearchEntry",
    "SitePage",
    "Venue",
    "member_line",
    "news_member",
    "news_publication",
    "project_line",
    "project_member",
    "project_publication",
    "publication_line",
    "release_publication",
]
