"""What a paper's page says to machines: Google Scholar's tags, JSON-LD, and the paper as citations take it."""

from collections.abc import Iterable, Iterator
from typing import Any

from s2group.content.publications.models import Publication
from s2group.content.publications.rules.citations import Cited
from s2group.content.publications.rules.names import person_name
from s2group.content.records.rules import language_of
from s2group.content.samples.models import Sample
from s2group.core.i18n import LANG_TAGS, current_locale, plain_text, public_url
from s2group.site.views.samples import audio_object

SCHEMA_TYPES = {
    "thesis": "Thesis", "book": "Book", "dataset": "Dataset", "software": "SoftwareSourceCode",
}  # fmt: skip
VENUE_TAGS = {
    "article": "citation_journal_title",
    "inproceedings": "citation_conference_title",
    "thesis": "citation_dissertation_institution",
}


def venue_in_full(paper: Publication) -> str:
    """The whole name of the venue where the table knows it, else what the paper says."""
    return paper.venue_row.name if paper.venue_row else paper.venue


def cited(paper: Publication) -> Cited:
    """What a citation says of the paper."""
    return Cited(
        kind=paper.kind,
        title=paper.title,
        authors=tuple(author.name for author in paper.authors),
        and_others=paper.and_others,
        venue=venue_in_full(paper),
        year=paper.year,
        volume=paper.volume,
        number=paper.number,
        pages=paper.pages,
        publisher=paper.publisher,
        doi=paper.doi or "",
        arxiv=paper.arxiv or "",
        url=next((paper.links[label] for label in ("paper", "arXiv", "dataset", "code") if label in paper.links), ""),
    )


def scholar_tags(paper: Publication) -> Iterator[tuple[str, str]]:
    """Name and content of each `citation_…` tag by which Google Scholar reads the page."""
    yield "citation_title", paper.title
    for author in paper.authors:
        yield "citation_author", person_name(author.name).family_first
    first, _, last = paper.pages.replace("--", "–").replace("-", "–").partition("–")
    facts = {
        "citation_publication_date": str(paper.year or ""),
        VENUE_TAGS.get(paper.kind, "citation_publisher"): venue_in_full(paper),
        "citation_volume": paper.volume,
        "citation_issue": paper.number,
        "citation_firstpage": first.strip(),
        "citation_lastpage": last.strip(),
        "citation_doi": paper.doi,
        "citation_arxiv_id": paper.arxiv,
        "citation_language": LANG_TAGS[language_of(paper.title)],
        "citation_pdf_url": pdf_address(paper) if paper.has_pdf else "",
    }
    yield from ((name, content) for name, content in facts.items() if content)
    yield from (("citation_keywords", keyword) for keyword in paper.keywords)


def pdf_address(paper: Publication) -> str:
    """The address of the PDF that the group holds, the same in both languages."""
    return public_url("site.paper_pdf", locale="zh", key=paper.key)


def scholarly_article(paper: Publication, samples: Iterable[Sample] = ()) -> dict[str, Any]:
    """The paper as schema.org describes works, with all its authors, and what can be heard of it."""
    data = {
        "@type": SCHEMA_TYPES.get(paper.kind, "ScholarlyArticle"),
        "name": paper.title,
        "headline": paper.title,
        "url": public_url("site.publication", locale=current_locale(), key=paper.key),
        "inLanguage": LANG_TAGS[language_of(paper.title)],
        "datePublished": str(paper.year or ""),
        "author": [_person(author) for author in paper.authors],
        "isPartOf": {
            "@type": "Periodical" if paper.kind == "article" else "CreativeWork",
            "name": venue_in_full(paper),
        }
        if paper.venue
        else None,
        "volumeNumber": paper.volume,
        "issueNumber": paper.number,
        "pagination": paper.pages,
        "abstract": paper.abstract,
        "keywords": ", ".join(paper.keywords),
        "award": paper.award,
        "identifier": [f"https://doi.org/{paper.doi}"] * bool(paper.doi) + [f"arXiv:{paper.arxiv}"] * bool(paper.arxiv),
        "sameAs": list(paper.links.values()),
        "codeRepository": f"https://github.com/{paper.repository}"
        if paper.repository and paper.kind == "software"
        else "",
        "encoding": {"@type": "MediaObject", "contentUrl": pdf_address(paper), "encodingFormat": "application/pdf"}
        if paper.has_pdf
        else None,
        "audio": [audio_object(sample) for sample in samples],
    }
    return {name: value for name, value in data.items() if value}


def _person(author: Any) -> dict[str, str]:
    person = {"@type": "Person", "name": author.name}
    if author.member:
        person["url"] = public_url("site.member", locale=current_locale(), slug=author.member.slug)
        other = plain_text(author.member.name)
        return person | ({"alternateName": other} if other != author.name else {})
    return person
