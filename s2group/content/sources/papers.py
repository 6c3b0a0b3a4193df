"""publications.bib: what the group has published."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from s2group.content.bibtex import Author, Paper
from s2group.content.models import Authorship, Member, Publication
from s2group.content.rules import same_name_key, title_key
from s2group.content.sources.shared import Row, equalise


def store_papers(session: Session, papers: Sequence[Paper], members: Sequence[Member]) -> list[Publication]:
    """Make the database know the same papers, their authors tied to the members that they are."""
    rows = [_publication(*item) for item in enumerate(papers)]
    publications = equalise(session, Publication, rows, key="key")
    by_name = {same_name_key(member.name.en): member for member in members}
    for publication, paper in zip(publications, papers, strict=True):
        _credit(publication, paper.authors, by_name)
    return publications


def _publication(position: int, paper: Paper) -> Row:
    return {
        "key": paper.key,
        "position": position,
        "kind": paper.kind,
        "title": paper.title,
        "venue": paper.venue,
        "year": paper.year,
        "award": paper.award,
        "and_others": paper.and_others,
        "links": paper.links,
        "title_key": title_key(paper.title),
        "abstract": "",
        "keywords": [],
        "impact": [],
        "repository": "",
        "volume": "",
        "number": "",
        "pages": "",
        "publisher": "",
        "has_pdf": False,
        "source": "files",
        "bibtex": paper.bibtex,
    }


def _credit(publication: Publication, authors: Sequence[Author], members: dict[str, Member]) -> None:
    """Set the authors of a paper, each tied to the member of the same English name, present or past."""
    del publication.authors[len(authors) :]
    for position, author in enumerate(authors):
        if position == len(publication.authors):
            publication.authors.append(Authorship(position=position))
        line = publication.authors[position]
        line.name, line.equal, line.corresponding = author.name, author.equal, author.corresponding
        line.member = None if author.namesake else members.get(same_name_key(author.name))
