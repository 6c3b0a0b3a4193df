"""releases.toml: what the group has released for others to use."""

import re

from flask_babel import lazy_gettext

from s2group.content.records.entries import TomlTables
from s2group.content.records.fields import NO_TEXT, Choice, Localized, Number, References, Slug, Text, WebAddress
from s2group.content.records.kinds import Kind
from s2group.content.releases.models import Release
from s2group.content.releases.rules import ReleaseKind

REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
RELEASE = Kind(
    "release",
    Release,
    key="key",
    fields=(
        Slug("key"),
        Choice("kind", words=tuple(ReleaseKind)),
        Localized("title"),
        Localized("summary", NO_TEXT),
        WebAddress("url"),
        Text(
            "repository",
            "",
            longest=140,
            shape=REPOSITORY,
            remedy=lazy_gettext("Write it as owner/name, as GitHub does"),
        ),
        Text("licence", "", longest=60),
        Number(
            "year",
            None,
            within=range(1950, 2100),
            remedy=lazy_gettext("Write the year in four digits, such as 2024, or nothing"),
        ),
        References("papers", (), "publications", kind="publication"),
    ),
)
RELEASES = TomlTables(RELEASE, "releases.toml", optional=True)
