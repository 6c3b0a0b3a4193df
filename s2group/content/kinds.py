"""All kinds of records."""

from s2group.content.group.files import AREA, PARTNER, PROFILE
from s2group.content.news.files import NEWS
from s2group.content.pages.files import PAGE
from s2group.content.people.files import MEMBER
from s2group.content.projects.files import PROJECT
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.venue_files import VENUE
from s2group.content.releases.files import RELEASE
from s2group.content.samples.files import SAMPLE

KINDS = {
    kind.name: kind
    for kind in (PROFILE, AREA, PARTNER, MEMBER, PUBLICATION, VENUE, PROJECT, RELEASE, SAMPLE, NEWS, PAGE)
}
