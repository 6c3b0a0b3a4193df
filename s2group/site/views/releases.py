"""What the group has released for others to use."""

from flask import render_template

from s2group.content.metrics.queries import metrics_of
from s2group.content.metrics.rules import star_subject
from s2group.content.releases.queries import releases_by_kind
from s2group.core.permissions import public
from s2group.site.views.blueprint import blueprint
from s2group.site.views.json_ld.releases import released_works


@blueprint.get("/releases/")
@public
def releases() -> str:
    """Datasets, code, models and demos."""
    groups = releases_by_kind()
    found = [release for group in groups.values() for release in group]
    stars = metrics_of(star_subject(release.repository) for release in found if release.repository)
    return render_template(
        "site/releases.html",
        groups=groups,
        stars={release.id: stars.get(star_subject(release.repository)) for release in found},
        structured=released_works(found),
    )
