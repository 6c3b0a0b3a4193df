"""The recordings of the group."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from s2group.content.group.models import ResearchArea
from s2group.content.publications.models import Publication
from s2group.content.samples.models import Sample, sample_publication
from s2group.extensions import db


def samples_of_papers(papers: Iterable[Publication]) -> dict[int, list[Sample]]:
    """The samples of each of the papers that has any, by the ids of the papers."""
    ids = [paper.id for paper in papers]
    if not ids:
        return {}
    paper = sample_publication.c.publication_id
    tied = select(paper, Sample).join(Sample, Sample.id == sample_publication.c.sample_id).where(paper.in_(ids))
    found: defaultdict[int, list[Sample]] = defaultdict(list)
    for paper_id, sample in db.session.execute(tied.order_by(Sample.position)):
        found[paper_id].append(sample)
    return dict(found)


def samples_of_area(area: ResearchArea) -> Sequence[Sample]:
    """The samples of a research area."""
    of_area = select(Sample).where(Sample.areas.any(ResearchArea.id == area.id))
    return db.session.scalars(of_area.order_by(Sample.position)).all()


def where_heard() -> dict[str, tuple[str, str]]:
    """Of each sample, by its key, where it is heard first: ('publication' or 'line', the key of that)."""
    whole = selectinload(Sample.publications), selectinload(Sample.areas)
    samples = db.session.scalars(select(Sample).options(*whole)).all()
    in_areas = {sample.key: ("line", sample.areas[0].key) for sample in samples if sample.areas}
    with_papers = {sample.key: ("publication", sample.publications[0].key) for sample in samples if sample.publications}
    return in_areas | with_papers


def sample_with_sound(sha256: str, ending: str) -> Sample | None:
    """A sample whose file has this SHA-256, and a name with this ending."""
    found = select(Sample).where(Sample.sha256 == sha256, Sample.file.endswith(f".{ending}", autoescape=True))
    return db.session.scalars(found.order_by(Sample.position)).first()
