"""Making the database say what the content files say."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.group.files import AREA, PARTNER, Group, read_group, store_group
from s2group.content.news.files import NEWS, published_as_it_is, read_news
from s2group.content.pages.files import PAGE, PAGES
from s2group.content.people.files import MEMBER, read_people, same_people, with_additions
from s2group.content.people.models import Member
from s2group.content.pictures.files import read_pictures, store_pictures
from s2group.content.pictures.models import Picture
from s2group.content.pictures.queries import picture_digests
from s2group.content.pictures.services import forget_pictures
from s2group.content.projects.files import PROJECT, read_projects, same_projects
from s2group.content.publications.files import Bibliography, read_bibliography, store_papers
from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Publication
from s2group.content.publications.venue_files import VENUE, VENUES
from s2group.content.records.addresses import former_keys
from s2group.content.records.entries import Entry
from s2group.content.records.kinds import Kind
from s2group.content.records.loading import Change, Loader, Matcher
from s2group.content.releases.files import RELEASE, RELEASES
from s2group.content.samples.files import SAMPLE, Recordings, read_samples, store_samples
from s2group.content.search.services import index_everything, words_prepared
from s2group.content.stored_files.queries import paper_path, picture_path, sound_path
from s2group.content.stored_files.services import Arrived, files_kept, forget_files, record_files
from s2group.content.trash.queries import removed_keys
from s2group.content.trash.services import forget_what_is_there
from s2group.content.trash.sifting import Sieve
from s2group.core.database import transaction


@dataclass(frozen=True)
class Content:
    """All that the content files say."""

    group: Group
    # By their paths.
    pictures: dict[str, dict[str, Any]]
    members: list[Entry]
    projects: list[Entry]
    venues: list[Entry]
    bibliography: Bibliography
    news: list[Entry]
    releases: list[Entry]
    recordings: Recordings
    pages: list[Entry]


@dataclass(frozen=True)
class LoadReport:
    """How many records the files hold, how many news items were new, and what became of which record."""

    members: int
    publications: int
    projects: int
    research_areas: int
    partners: int
    releases: int
    samples: int
    pages: int
    news_added: int
    changes: Sequence[Change] = field(default=(), compare=False)

    @property
    def counts(self) -> dict[str, int]:
        """Without the changes."""
        return {name: value for name, value in vars(self).items() if name != "changes"}


def load_content(folder: Path, *, now: datetime, take_files: bool = False, dry_run: bool = False) -> LoadReport:
    """Load the content files in `folder`, in one transaction; loading them again changes nothing.

    Members, publications and everything else become what the files say, and those no longer there are removed, but for
    what a person has edited since: that is left and reported, unless `take_files` says otherwise, and so is what they
    have removed. News is added, and published at `now` where the file says no moment, and never removed. With `dry_run`
    nothing is kept.

    Raises ContentError at the first mistake in a file, before anything is stored.
    """
    content = read_content(folder)
    wanted = _wanted_files(content)
    # A trial run puts nothing into the store.
    keeping: AbstractContextManager[list[Arrived]] = nullcontext([]) if dry_run else files_kept(folder, wanted)
    with words_prepared(), keeping as arrived, transaction() as session:
        loader = Loader(session, now=now, take_files=take_files)
        _store(loader, _without_removed(loader, content))
        if take_files:
            forget_what_is_there(session)
        dropped = record_files(session, arrived=arrived, wanted=wanted, now=now)
        if dry_run:
            session.rollback()
        else:
            index_everything(session)
    if not dry_run:
        forget_files(dropped)
        forget_pictures(picture_digests())
    return LoadReport(
        members=len(content.members),
        publications=len(content.bibliography.papers),
        projects=len(content.projects),
        research_areas=len(content.group.research_areas),
        partners=len(content.group.partners),
        releases=len(content.releases),
        samples=len(content.recordings.samples),
        pages=len(content.pages),
        news_added=sum((change.kind, change.what) == (NEWS.name, "added") for change in loader.changes),
        changes=loader.changes,
    )


def load_venues(folder: Path, *, now: datetime) -> None:
    """Load the journals and conferences alone, for a portal whose files say nothing else. Raises ContentError."""
    venues = VENUES.read(folder)
    with transaction() as session:
        Loader(session, now=now).load(VENUE, venues)


def read_content(folder: Path) -> Content:
    """Read every file in `folder`. Raises ContentError at the first mistake."""
    group, pictures = read_group(folder), read_pictures(folder)
    areas = [area.values["key"] for area in group.research_areas]
    return Content(
        group=group,
        pictures=pictures,
        members=read_people(folder, pictures, areas),
        projects=read_projects(folder),
        venues=VENUES.read(folder),
        bibliography=read_bibliography(folder, area_keys=set(areas), pictures=pictures),
        news=read_news(folder, pictures),
        releases=RELEASES.read(folder),
        recordings=read_samples(folder),
        pages=PAGES.read(folder),
    )


def _wanted_files(content: Content) -> dict[str, str | None]:
    """The files that pages show, by their paths, and the SHA-256 of those that were looked at."""
    pictures = {picture_path(path): str(row["digest"]) for path, row in content.pictures.items()}
    sounds = {sound_path(path): sound.sha256 for path, sound in content.recordings.sounds.items()}
    return pictures | sounds | {paper_path(key): None for key in content.bibliography.with_pdf}


def _store(loader: Loader, content: Content) -> None:
    known: dict[str, dict[str, Any]] = {
        "research_area": {area.key: area for area in store_group(loader, content.group)},
        "picture": _stored_pictures(loader.session, content),
    }
    known["member"] = {member.slug: member for member in _store_people(loader, content, known)}
    loader.load(VENUE, content.venues)
    store_papers(loader, content.bibliography, known)
    known["publication"] = _papers(loader.session)
    loader.load(PROJECT, content.projects, known, match=by_key_or(same_projects, loader, PROJECT))
    loader.load(RELEASE, content.releases, known)
    store_samples(loader, content.recordings, known)
    loader.load(PAGE, content.pages)
    # The oldest first: of two on one day the one further up in the file then counts as the newer.
    news, layer = content.news[::-1], published_as_it_is(loader.now)
    loader.load(NEWS, news, known, layer=layer, removes=lambda _item: False)


def _without_removed(loader: Loader, content: Content) -> Content:
    """What of the files is wanted beside what editors have removed; where the files decide, that is forgotten."""
    led_on = former_keys(loader.session, PUBLICATION.name)
    sieve = Sieve({} if loader.take_files else removed_keys(loader.session), led_on)
    areas, partners = content.group.research_areas, content.group.partners
    group = replace(content.group, research_areas=sieve.entries(AREA, areas), partners=sieve.entries(PARTNER, partners))
    wanted = replace(
        content,
        group=group,
        members=sieve.entries(MEMBER, content.members),
        projects=sieve.entries(PROJECT, content.projects),
        bibliography=replace(content.bibliography, papers=sieve.papers(content.bibliography.papers)),
        news=sieve.entries(NEWS, content.news),
        releases=sieve.entries(RELEASE, content.releases),
        recordings=replace(content.recordings, samples=sieve.entries(SAMPLE, content.recordings.samples)),
        pages=sieve.entries(PAGE, content.pages),
    )
    loader.changes += sieve.changes
    return wanted


def _stored_pictures(session: Session, content: Content) -> dict[str, Any]:
    store_pictures(session, content.pictures)
    return {picture.path: picture for picture in session.scalars(select(Picture))}


def _store_people(loader: Loader, content: Content, known: dict[str, dict[str, Any]]) -> Sequence[Member]:
    match = by_key_or(same_people, loader, MEMBER)
    loader.load(MEMBER, content.members, known, match=match, layer=with_additions)
    return loader.session.scalars(select(Member)).all()


def by_key_or(same: Matcher, loader: Loader, kind: Kind) -> Matcher:
    """Find rows by keys, and those that are left by what is the same."""

    def match(entries: Sequence[Entry], stored: Sequence[Any]) -> dict[str, Any]:
        found = loader.by_key(kind, entries, stored)
        theirs = {row.id for row in found.values()}
        rest = [row for row in stored if row.id not in theirs]
        return found | same([entry for entry in entries if entry.place not in found], rest)

    return match


def _papers(session: Session) -> dict[str, Publication]:
    """The papers by their keys, and by those that they had."""
    papers = {paper.id: paper for paper in session.scalars(select(Publication))}
    former = {key: papers[number] for key, number in former_keys(session, "publication").items()}
    return former | {paper.key: paper for paper in papers.values()}
