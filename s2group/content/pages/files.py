"""pages/: pages of the group's own, one file each."""

from s2group.content.group.models import SitePage
from s2group.content.records.entries import TomlFolder
from s2group.content.records.fields import Localized, Slug
from s2group.content.records.kinds import Kind

PAGE = Kind("page", SitePage, key="slug", fields=(Slug("slug"), Localized("title"), Localized("body")))
PAGES = TomlFolder(PAGE, "pages")
