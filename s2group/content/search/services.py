"""The index of the search: one entry for every public page and record, made anew from the record."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, selectinload

from s2group.content.group.models import GroupProfile, Partner, ResearchArea, SitePage
from s2group.content.group.queries import group_zone
from s2group.content.news.models import NewsItem
from s2group.content.people.models import Member
from s2group.content.projects.models import Project
from s2group.content.publications.models import Authorship, Publication, Venue
from s2group.content.releases.models import Release
from s2group.content.samples.models import Sample
from s2group.content.search.models import SearchEntry
from s2group.content.search.rules import searchable
from s2group.core.localized import LocalizedText
from s2group.core.markup import markdown_to_html
from s2group.extensions import db

# How much of a longer text a result shows.
SUMMARY_LENGTH = 120
NOTHING = LocalizedText()
# So many texts are kept while a record of some thousand papers is indexed.
_normalised = lru_cache(maxsize=50_000)(searchable)
Row = dict[str, Any]


@contextmanager
def words_prepared(kinds: Iterable[str] = ()) -> Iterator[None]:
    """Normalise the words of the record before a transaction that indexes it, for that is what takes seconds.

    Whoever writes at the same time would wait for it. Only what changes in the transaction is then normalised in it.
    """
    session = db.session()
    for kind in kinds or READERS:
        list(READERS[kind](session))
    session.rollback()
    yield
    _normalised.cache_clear()


def index_everything(session: Session) -> None:
    """Make the index say what the record says. Part of the caller's transaction."""
    for kind in READERS:
        index_kind(session, kind)


def index_kind(session: Session, kind: str) -> None:
    """As index_everything, for the entries of one kind, such as 'news' after an item was edited."""
    session.flush()
    # Two editors at once take turns: each must see what the other put into the index.
    session.get(GroupProfile, 1, with_for_update=True)
    rows = [{"kind": kind, "visible_from": None} | row for row in READERS[kind](session)]
    if rows == _indexed(session, kind):
        return
    session.execute(delete(SearchEntry).where(SearchEntry.kind == kind))
    if rows:
        session.execute(insert(SearchEntry), rows)


def _indexed(session: Session, kind: str) -> list[Row]:
    columns = [column for column in SearchEntry.__table__.columns if column.key != "id"]
    found = session.execute(select(*columns).where(SearchEntry.kind == kind).order_by(SearchEntry.id))
    return [dict(row) for row in found.mappings()]


def _entry(slug: object, title: LocalizedText, summary: LocalizedText, more: Iterable[object], **columns: Any) -> Row:
    names = _words([title, *columns.pop("names", ())])
    return {
        "slug": str(slug), "title": title, "summary": summary, "title_words": names,
        "words": names + _words([summary, *more]), **columns,
    }  # fmt: skip


def _words(texts: Iterable[object]) -> str:
    """The normal form of texts in one or two languages; each begins anew, so that no phrase spans two."""
    parts: list[str] = []
    for text in texts:
        parts += [text.zh, text.en] if isinstance(text, LocalizedText) else [str(text or "")]
    return "·".join(_normalised(part) for part in parts if part)


def _plain(text: LocalizedText) -> LocalizedText:
    """Markdown as the words that it shows."""
    return LocalizedText(zh=_stripped(text.zh), en=_stripped(text.en))


def _stripped(text: str) -> str:
    return markdown_to_html(text).striptags() if text else ""


def _begun(text: LocalizedText) -> LocalizedText:
    return LocalizedText(zh=_cut(text.zh), en=_cut(text.en))


def _cut(text: str) -> str:
    return text if len(text) <= SUMMARY_LENGTH else f"{text[:SUMMARY_LENGTH].rstrip()}…"


def _members(session: Session) -> Iterator[Row]:
    """Who joins later is found from the first day on."""
    zone = group_zone()
    whole = (selectinload(Member.areas), selectinload(Member.entries))
    for member in session.scalars(select(Member).options(*whole).order_by(Member.position)):
        about = [_plain(member.biography), member.destination, *(area.title for area in member.areas)]
        # In memory they may still stand as the files have them.
        in_order = sorted(member.entries, key=lambda entry: (entry.kind, entry.position))
        entries = [_plain(entry.text) for entry in in_order]
        names = [*member.aliases, member.sort_name]
        joined_at = member.joined_on and datetime.combine(member.joined_on, time(), zone)
        yield _entry(member.slug, member.name, member.focus, [*about, *entries], names=names, visible_from=joined_at)


def _publications(session: Session) -> Iterator[Row]:
    """Plain rows: thousands of papers are read while others wait to write."""
    authors: dict[int, list[tuple[str, LocalizedText | None]]] = defaultdict(list)
    of_papers = select(Authorship.publication_id, Authorship.name, Member.name).outerjoin(Authorship.member)
    for paper_id, name, member in session.execute(of_papers.order_by(Authorship.position)):
        authors[paper_id].append((name, member))
    columns = [getattr(Publication, name) for name in ("id", "key", "title", "venue", "year", "award", "abstract")]
    more_columns = Publication.keywords, Publication.doi, Publication.arxiv, Venue.short_name, Venue.name
    statement = select(*columns, *more_columns).outerjoin(Publication.venue_row)
    in_order = statement.order_by(Publication.year.desc(), Publication.position)
    for paper_id, key, title, venue, year, award, abstract, keywords, *known_by in session.execute(in_order):
        names = ", ".join(name for name, _member in authors[paper_id])
        line = f"{names}. {', '.join(str(said) for said in (venue, year) if said)}"
        doi, arxiv, *of_venue = known_by
        members = [member for _name, member in authors[paper_id] if member]
        more = [*members, *filter(None, of_venue), award, abstract, *keywords, doi, arxiv]
        yield _entry(key, LocalizedText(title, title), LocalizedText(line, line), more)


def _projects(session: Session) -> Iterator[Row]:
    statement = select(Project).options(selectinload(Project.members)).order_by(Project.position)
    for project in session.scalars(statement):
        members = [member.name for member in project.members]
        more = [project.programme, project.grant_number, *members]
        yield _entry(project.key, project.title, project.funder, more)


def _news(session: Session) -> Iterator[Row]:
    """What is published or planned; drafts are nobody's to find."""
    statement = select(NewsItem).where(NewsItem.published_at.is_not(None)).options(selectinload(NewsItem.members))
    for item in session.scalars(statement.order_by(NewsItem.day.desc(), NewsItem.id.desc())):
        body, members = _plain(item.body), [member.name for member in item.members]
        yield _entry(item.slug, item.title, _begun(body), [body, *members], visible_from=item.published_at)


def _releases(session: Session) -> Iterator[Row]:
    for release in session.scalars(select(Release).order_by(Release.position)):
        summary = _plain(release.summary)
        more = [summary, release.repository, release.licence, release.year]
        yield _entry(release.key, release.title, _begun(summary), more)


def _samples(session: Session) -> Iterator[Row]:
    for sample in session.scalars(select(Sample).order_by(Sample.position)):
        words = sample.transcript
        yield _entry(sample.key, sample.title, _begun(words), [words, sample.speaker, sample.licence])


def _areas(session: Session) -> Iterator[Row]:
    for area in session.scalars(select(ResearchArea).order_by(ResearchArea.position)):
        yield _entry(area.key, area.title, _begun(area.summary), [area.summary])


def _pages(session: Session) -> Iterator[Row]:
    for page in session.scalars(select(SitePage).order_by(SitePage.position)):
        body = _plain(page.body)
        yield _entry(page.slug, page.title, _begun(body), [body])


def _partners(session: Session) -> Iterator[Row]:
    for partner in session.scalars(select(Partner).order_by(Partner.position)):
        yield _entry(partner.key, partner.name, partner.note, [])


READERS: dict[str, Callable[[Session], Iterable[Row]]] = {
    "member": _members, "publication": _publications, "project": _projects, "news": _news,
    "release": _releases, "sample": _samples, "line": _areas, "page": _pages, "partner": _partners,
}  # fmt: skip
