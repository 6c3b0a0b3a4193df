"""Loading the content files into the database."""

import shutil
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

import config
from s2group.content.group.models import GroupProfile, Partner, ResearchArea
from s2group.content.loading import LoadReport, load_content
from s2group.content.news.models import NewsItem
from s2group.content.news.services import NewsDraft, Show, save_news_item, version_of
from s2group.content.people.models import Member
from s2group.content.projects.models import Project
from s2group.content.publications.models import Authorship, Publication
from s2group.content.records.errors import ContentError
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.queries import recorded_statements
from tests.support.sample import NOW, SAMPLE

LATER = datetime(2026, 3, 2, 8, tzinfo=UTC)
REAL = config.ROOT / "content"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def count(model: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def authors(key: str) -> list[tuple[str, str | None]]:
    publication = db.session.scalars(select(Publication).where(Publication.key == key)).one()
    return [(author.name, author.member.slug if author.member else None) for author in publication.authors]


def test_the_groups_own_record_is_whole(app: Flask) -> None:
    report = load_content(REAL, now=NOW)
    assert report == LoadReport(
        members=31,
        publications=78,
        projects=11,
        research_areas=9,
        partners=10,
        releases=25,
        samples=0,
        pages=0,
        news_added=110,
    )
    assert (count(Member), count(Publication), count(Project)) == (31, 78, 11)
    assert (count(ResearchArea), count(Partner), count(NewsItem), count(GroupProfile)) == (9, 10, 110, 1)
    for paper in db.session.scalars(select(Publication)):
        assert paper.title and paper.venue and paper.authors and 2020 <= paper.year <= 2026, paper.key
        assert all(address.startswith(("https://", "http://")) for address in paper.links.values())


def test_everything_the_group_says_of_itself_is_in_both_languages(app: Flask) -> None:
    load_content(REAL, now=NOW)
    texts: list[tuple[str, LocalizedText]] = []
    for model in (GroupProfile, ResearchArea, Partner, Member, Project, NewsItem):
        for row in db.session.scalars(select(model)):
            columns = [column.key for column in model.__table__.columns]
            texts += [(f"{model.__name__} {name}", getattr(row, name)) for name in columns]
    localized = [(place, text) for place, text in texts if isinstance(text, LocalizedText)]
    assert len(localized) == 7 + 9 * 2 + 10 * 2 + 31 * 5 + 11 * 3 + 110 * 2
    assert [place for place, text in localized if text.untranslated] == []


def test_loading_again_changes_nothing(app: Flask) -> None:
    load_content(REAL, now=NOW)
    with recorded_statements() as statements:
        report = load_content(REAL, now=LATER)
    assert report.news_added == 0
    assert [words for words in statements if not words.startswith(("SELECT", "BEGIN"))] == []


def test_a_publication_keeps_what_its_entry_says(app: Flask) -> None:
    load_content(SAMPLE, now=NOW)
    paper = db.session.scalars(select(Publication).where(Publication.key == "jia2026first")).one()
    assert (paper.title, paper.venue, paper.year) == ("The First Sample: Schröder & Friends", "SAMPLECONF", 2026)
    assert (paper.award, paper.and_others, paper.position) == ("Best Paper Award", False, 0)
    assert list(paper.links) == ["paper", "arXiv", "code", "demo"]
    marks = [(author.name, author.equal, author.corresponding) for author in paper.authors]
    assert marks == [("Test Yi", True, False), ("Test Jia", True, True), ("Ada Schröder", False, False)]


def test_authors_are_tied_to_members_present_and_past_but_not_to_namesakes(app: Flask) -> None:
    load_content(SAMPLE, now=NOW)
    assert authors("jia2026first") == [("Test Yi", "test-yi"), ("Test Jia", "test-jia"), ("Ada Schröder", None)]
    assert authors("ding2023third") == [("Test Ding", "test-ding"), ("Test Jia", "test-jia")]
    assert authors("yi2023fourth") == [("Test Yi", None)]


def test_the_database_follows_the_files(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    change(folder / "members.csv", "测试丁,Test Ding,master,professional,2021,alumni,示例识别,sample recognition\n", "")
    change(folder / "members.csv", "示例合成", "另一种合成")
    change(folder / "projects.csv", "旧项目,Former project,示例基金,Sample Foundation,S-0,2020-01,2022-12,lead\n", "")
    change(folder / "group.toml", "second-line", "third-line")
    change(folder / "publications.bib", "other2026second", "other2026renamed")
    change(folder / "publications.bib", "{Yi, Test and Jia, Test and Schr", "{Yi, Test and Bing, Test and Schr")
    report = load_content(folder, now=LATER)
    assert (report.members, report.projects, report.publications, report.news_added) == (3, 1, 4, 0)
    assert db.session.scalars(select(Member.slug).order_by(Member.position)).all() == [
        "test-jia",
        "test-yi",
        "test-bing",
    ]
    assert db.session.scalars(select(Project.grant_number)).all() == ["S-1"]
    assert set(db.session.scalars(select(ResearchArea.key))) == {"first-line", "third-line"}
    assert "other2026second" not in db.session.scalars(select(Publication.key)).all()
    assert authors("ding2023third") == [("Test Ding", None), ("Test Jia", "test-jia")]
    assert authors("jia2026first") == [("Test Yi", "test-yi"), ("Test Bing", "test-bing"), ("Ada Schröder", None)]
    focus = db.session.scalars(select(Member.focus).where(Member.slug == "test-yi")).one()
    assert focus == LocalizedText("另一种合成", "sample synthesis")


def test_authors_taken_out_of_an_entry_are_gone(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    change(folder / "publications.bib", ' and Schr{\\"o}der, Ada', "")
    load_content(folder, now=LATER)
    assert authors("jia2026first") == [("Test Yi", "test-yi"), ("Test Jia", "test-jia")]
    assert count(Authorship) == 2 + 2 + 2 + 1


def of(day: date) -> datetime:
    """When the day begins where the sample's group is."""
    return datetime.combine(day, time(), ZoneInfo("Asia/Shanghai"))


def test_news_is_published_once_and_then_belongs_to_its_editors(app: Flask, folder: Path) -> None:
    load_content(folder, now=NOW)
    first = db.session.scalars(select(NewsItem).where(NewsItem.slug == "first-news")).one()
    assert (first.day, first.published_at, first.title.zh) == (date(2026, 1, 1), of(date(2026, 1, 1)), "第一条新闻")
    draft = NewsDraft("", first.day, LocalizedText("改过的标题"), first.body)
    save_news_item(item_id=first.id, draft=draft, seen=version_of(first), actor=None, now=LATER, show=Show.TAKEN_BACK)
    change(folder / "news.toml", "第一条新闻的正文", "文件里的新正文")
    change(folder / "news.toml", "second-news", "third-news")
    assert load_content(folder, now=LATER).news_added == 1
    rows = db.session.execute(select(NewsItem.slug, NewsItem.published_at).order_by(NewsItem.id)).all()
    day = of(date(2026, 2, 2))
    assert [tuple(row) for row in rows] == [("first-news", None), ("second-news", day), ("third-news", day)]
    first = db.session.scalars(select(NewsItem).where(NewsItem.slug == "first-news")).one()
    assert (first.title.zh, first.body.zh) == ("改过的标题", "第一条新闻的正文。")


@pytest.mark.parametrize("file", ["group.toml", "members.csv", "projects.csv", "publications.bib", "news.toml"])
def test_one_broken_file_leaves_everything_as_it_was(app: Flask, folder: Path, file: str) -> None:
    load_content(folder, now=NOW)
    change(folder / "group.toml", "示例研究组", "改名研究组")
    change(folder / "members.csv", "示例合成", "另一种合成")
    (folder / file).write_text("{")
    with recorded_statements() as statements, pytest.raises(ContentError, match=f"^{file}"):
        load_content(folder, now=LATER)
    assert statements == []
    assert db.session.scalars(select(GroupProfile.name)).one().zh == "示例研究组"
