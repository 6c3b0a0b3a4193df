"""publications.bib: what the group has published."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from s2group.content.bibtex import Paper
from s2group.content.importing import credit, member_finder, row_of
from s2group.content.models import Member, Publication
from s2group.content.sources.shared import Row, equalise


def store_papers(session: Session, papers: Sequence[Paper], members: Sequence[Member]) -> list[Publication]:
    """Make the database know the same papers, their authors tied to the members that they are."""
    rows = [_publication(*item) for item in enumerate(papers)]
    publications = equalise(session, Publication, rows, key="key")
    find = member_finder(members)
    for publication, paper in zip(publications, papers, strict=True):
        credit(publication, paper.authors, find)
    return publications


def _publication(position: int, paper: Paper) -> Row:
    return {**row_of(paper), "position": position, "has_pdf": False, "source": "files"}
