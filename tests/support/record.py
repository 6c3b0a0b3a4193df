"""A public record with a row in every table."""

from datetime import date, datetime

from sqlalchemy import select

from s2group.content.group.models import ResearchArea, SitePage
from s2group.content.metrics.models import Metric
from s2group.content.news.models import NewsItem, NewsPicture
from s2group.content.people.models import Member, ProfileEntry
from s2group.content.pictures.models import Picture
from s2group.content.projects.models import Project
from s2group.content.publications.models import Authorship, Publication, Venue
from s2group.content.records.models import FormerAddress, Revision
from s2group.content.releases.models import Release
from s2group.content.samples.models import Sample
from s2group.content.search.models import SearchEntry
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText

WORDS = LocalizedText(zh="词", en="Words")


def add_a_record(*, now: datetime) -> None:
    """One record of every kind, tied to each other wherever they can be; needs the fictional research areas."""
    picture = Picture(digest="d" * 64, path="people/one.png", width=3, height=4)
    with transaction() as session:
        lines = list(session.scalars(select(ResearchArea)))
        member = Member(
            slug="a-person-of-a-test", position=900, name=WORDS, sort_name="person a",
            aliases=["A. Person"],
            role="visitor", degree="", status="alumni",
            joined_on=date(2020, 9, 1), left_on=date(2024, 6, 30), destination=WORDS, co_supervision=WORDS, focus=WORDS,
            biography=WORDS, email="person@example.org", links=[{"kind": "github", "url": "https://example.org"}],
            selected=["paper-of-a-test"], picture=picture, areas=lines,
            entries=[ProfileEntry(kind="honour", position=0, period="2024", text=WORDS, url="", source="homepage")],
        )  # fmt: skip
        paper = publication("paper-of-a-test", areas=lines, picture=picture)
        paper.venue_row = Venue(short_name="TEST", name="A test", aliases=["T."], ccf="A", caai="B", jcr="Q1")
        paper.authors = [Authorship(position=0, name="A. Person", equal=True, corresponding=True, member=member)]
        session.add(Metric(subject="doi:10.5555/test", value=7, source="OpenAlex", counted_at=now))
        session.add(SearchEntry(kind="page", slug="a-test", title=WORDS, summary=WORDS, title_words="词", words="词"))
        session.add(SitePage(slug="a-test", position=900, title=WORDS, body=WORDS))
        session.add(Release(key="a-test", position=900, kind="dataset", title=WORDS, summary=WORDS,
                            publications=[paper], url="https://example.org", repository="",
                            licence="MIT", year=2024))  # fmt: skip
        session.add(Sample(key="a-test", position=900, title=WORDS, file="a-test.wav", sha256="e" * 64, seconds=7,
                           transcript=WORDS, speaker=WORDS, licence="MIT", publications=[paper],
                           areas=lines))  # fmt: skip
        session.add(Project(key="a-test", position=900, title=WORDS, funder=WORDS, programme=WORDS, grant_number="",
                            start="", end="", role="lead", members=[member], publications=[paper],
                            areas=lines))  # fmt: skip
        news = NewsItem(slug="a-test", day=date(2024, 1, 1), title=WORDS, body=WORDS,
                        created_at=now, updated_at=now,
                        members=[member], publications=[paper],
                        pictures=[NewsPicture(position=0, picture=picture, alt=WORDS)])  # fmt: skip
        session.add(news)
        session.flush()
        session.add(
            Revision(kind="news", record_id=news.id, number=1, values={"slug": "a-test"}, at=now, in_files=True)
        )
        for kind, key, row in (
            ("member", "a-persons", member),
            ("publication", "a-preprint", paper),
            ("news", "it", news),
        ):
            session.add(FormerAddress(kind=kind, key=key, record_id=row.id))


def publication(key: str, **values: object) -> Publication:
    """A paper with plain values for whatever a test does not care about."""
    plain = {
        "position": 900, "kind": "article", "title": f"On {key}", "title_key": f"on{key}",
        "venue": "A test", "year": 2024, "award": "",
        "abstract": "", "keywords": [], "impact": [], "repository": "", "volume": "", "number": "", "pages": "",
        "publisher": "", "and_others": False, "links": {}, "has_pdf": False, "bibtex": "", "source": "bibtex",
    }  # fmt: skip
    return Publication(key=key, **plain | values)
