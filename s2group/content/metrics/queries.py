"""Numbers that were counted elsewhere, and what there is to count."""

from collections.abc import Iterable

from sqlalchemy import select

from s2group.content.metrics.models import Metric
from s2group.content.metrics.rules import citation_subjects, star_subject
from s2group.content.people.models import ProfileEntry
from s2group.content.publications.models import Publication
from s2group.content.records.rules import repository_at
from s2group.content.releases.models import Release
from s2group.extensions import db


def metrics_of(subjects: Iterable[str]) -> dict[str, Metric]:
    """The last known number of each subject that has one, by subject: 'doi:…', 'arxiv:…', 'github:owner/name'.

    `citation_subjects` and `star_subject` name the subjects of a paper and of a repository. One statement.
    """
    found = db.session.scalars(select(Metric).where(Metric.subject.in_(set(subjects))))
    return {metric.subject: metric for metric in found}


def counted_papers() -> set[str]:
    """Every paper of the record whose citations can be counted, as subjects."""
    papers = db.session.execute(select(Publication.doi, Publication.arxiv))
    return {subject for doi, arxiv in papers for subject in citation_subjects(doi=doi, arxiv=arxiv)}


def counted_repositories() -> set[str]:
    """Every repository of a paper, a release or a member, as subjects."""
    named = db.session.scalars(select(Publication.repository).union_all(select(Release.repository)))
    addresses = db.session.scalars(
        select(ProfileEntry.url).where(ProfileEntry.kind == "software").union_all(select(Release.url))
    )
    return {star_subject(name) for name in (*named, *map(repository_at, addresses)) if name}
