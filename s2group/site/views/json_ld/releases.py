"""What the page of releases says to search engines."""

from collections.abc import Iterable
from typing import Any

from s2group.content.group.json_ld import organization
from s2group.content.group.queries import group_profile
from s2group.content.releases.models import Release
from s2group.content.releases.rules import ReleaseKind
from s2group.core.i18n import current_locale, plain_text, public_url

TYPES = {
    ReleaseKind.DATASET: "Dataset",
    ReleaseKind.CODE: "SoftwareSourceCode",
    ReleaseKind.MODEL: "CreativeWork",
    ReleaseKind.DEMO: "WebApplication",
}


def released_works(releases: Iterable[Release]) -> dict[str, Any]:
    """The releases as works of schema.org, in the language of the page."""
    creator = organization(group_profile())
    return {"@graph": [_work(release, creator) for release in releases]}


def _work(release: Release, creator: dict[str, Any]) -> dict[str, Any]:
    kind = ReleaseKind(release.kind)
    locale = current_locale()
    repository = f"https://github.com/{release.repository}" if release.repository else ""
    work = {
        "@type": TYPES[kind],
        "name": plain_text(release.title),
        "description": plain_text(release.summary),
        "url": release.url,
        "codeRepository": repository if kind is ReleaseKind.CODE else "",
        "license": release.licence,
        "datePublished": str(release.year) if release.year else "",
        "creator": creator,
        "citation": [public_url("site.publication", locale=locale, key=paper.key) for paper in release.publications],
    }
    return {name: value for name, value in work.items() if value}
