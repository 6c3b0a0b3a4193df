"""A fictional record in which every page has all that it can show; needs the fictional content files to be loaded."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.group.models import Partner, ResearchArea, SitePage
from s2group.content.metrics.models import Metric
from s2group.content.news.models import NewsItem, NewsPicture
from s2group.content.people.models import Member, ProfileEntry
from s2group.content.people.wording import LINKS
from s2group.content.pictures.models import Picture
from s2group.content.projects.models import Project
from s2group.content.publications.models import Publication, Venue
from s2group.content.releases.models import Release
from s2group.content.search.services import index_everything
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from tests.support.sounds import add_sample

DOI, ARXIV, REPOSITORY = "10.5555/showcase", "2601.00009", "test-owner/showcase"
WORDS = LocalizedText(zh="一句虚构的话。", en="A sentence that is made up.")
ONLY_CHINESE = LocalizedText(zh="只有中文的一句话。", en="")
ENTRIES = (
    "education", "experience", "internship", "honour", "talk", "service", "software", "project", "news",
)  # fmt: skip


def add_showcase(*, now: datetime) -> None:
    """Fill in the profile of Test Jia and a paper, and add whatever else there is a page for."""
    with transaction() as session:
        member = session.scalars(select(Member).where(Member.slug == "test-jia")).one()
        lines, picture = list(session.scalars(select(ResearchArea))), session.scalars(select(Picture)).first()
        assert picture is not None
        paper = session.scalars(select(Publication).where(Publication.key == "jia2026first")).one()
        _fill(member, lines)
        _fill_paper(session, paper, lines, picture)
        session.add(Project(key="a-project", position=90, title=WORDS, funder=WORDS, programme=WORDS, grant_number="1",
                            start="2025-01", end="2028-12", role="lead",
                            members=[member], publications=[paper], areas=lines))  # fmt: skip
        session.add(NewsItem(slug="gallery", day=date(2026, 2, 1), category="activity", pinned=True, title=WORDS,
                             body=ONLY_CHINESE, published_at=now, created_at=now, updated_at=now,
                             members=[member], publications=[paper],
                             pictures=[NewsPicture(position=0, picture=picture, alt=WORDS)]))  # fmt: skip
        session.add(Release(key="showcase", position=90, kind="code", title=WORDS, summary=WORDS, licence="MIT",
                            url="https://example.org", repository=REPOSITORY, year=2026,
                            publications=[paper]))  # fmt: skip
        add_sample(session, now=now)
        session.add(Partner(key="a-partner", position=90, name=WORDS, url="https://example.org", note=WORDS))
        session.add(SitePage(slug="showcase", position=90, title=WORDS, body=LocalizedText(zh="## 标题\n\n正文。")))
        for subject, source in ((f"doi:{DOI}", "OpenAlex"), (f"github:{REPOSITORY}", "GitHub")):
            session.add(Metric(subject=subject, value=12, source=source, counted_at=now))
        index_everything(session)


def _fill(member: Member, lines: list[ResearchArea]) -> None:
    member.email = "jia@example.org"
    member.aliases, member.selected, member.areas = ["T. Jia"], ["jia2026first"], lines
    member.co_supervision = WORDS
    member.links = [
        {"kind": kind, "url": "test_account" if kind == "wechat" else f"https://example.org/{kind}"} for kind in LINKS
    ]
    for kind in ENTRIES:
        for position, text in ((90, WORDS), (91, ONLY_CHINESE)):
            member.entries.append(
                ProfileEntry(
                    kind=kind, position=position, period="2024", text=text, url="https://example.org", source="homepage"
                )
            )


def _fill_paper(session: Session, paper: Publication, lines: list[ResearchArea], picture: Picture) -> None:
    paper.venue_row = Venue(short_name="SHOWCASE", name="A fictional venue", aliases=[], ccf="A", caai="A", jcr="Q1")
    paper.abstract, paper.keywords = "An abstract that is made up.", ["speech", "语音"]
    paper.impact = ["Read by [nobody](https://example.org)."]
    paper.doi, paper.arxiv, paper.repository = DOI, ARXIV, REPOSITORY
    paper.volume, paper.number, paper.pages, paper.publisher = "1", "2", "3–4", "Nobody"
    labels = ("paper", "DOI", "arXiv", "code", "demo", "video", "poster", "slides", "dataset", "project")
    paper.links = {label: f"https://example.org/{label}" for label in labels}
    paper.areas, paper.picture = lines, picture
