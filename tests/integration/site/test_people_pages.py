"""The pages of people: everybody in the right place on each day, and a profile with all that the record tells."""

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import config
from s2group.content.group.queries import group_counts, group_day
from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem
from s2group.content.people.models import Member, ProfileEntry
from s2group.content.projects.models import Project
from s2group.content.publications.models import Authorship, Publication
from s2group.content.publications.queries import publications_of
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from tests.support.headings import headings, text_of
from tests.support.queries import recorded_statements
from tests.support.record import publication
from tests.support.sample import NOW, SAMPLE

COLUMNS = "name_zh,name_en,role,degree,cohort,status,focus_zh,focus_en,order,joined,left,destination_zh,destination_en"
PAGES = ("/members/", "/members/test-yi/", "/members/test-yi/cv/", "/alumni/")

PROFILE = """
aliases = ["T. Yi"]
email = "yi@sample.example.org"
selected = ["yi2020own"]
lines = ["first-line"]
co_supervision = { en = "Somebody elsewhere" }
[biography]
en = "A made-up *student*."
[links]
orcid = "https://example.org/orcid"
wechat = "示例公众号"
[[education]]
period = "2020.09 – 2024.06"
text = { zh = "示例大学学士", en = "Bachelor, Sample University" }
[[experience]]
text = { en = "Worked somewhere" }
[[internships]]
text = { en = "An internship" }
[[honours]]
text = { en = "A prize" }
[[talks]]
text = { en = "A talk" }
url = "https://www.example.org/talk"
[[services]]
text = { en = "Reviewing" }
[[software]]
text = { en = "A **tool**" }
[[projects]]
text = { en = "A small project" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


@pytest.fixture
def visitor(app: Flask, client: FlaskClient, folder: Path) -> FlaskClient:
    """A visitor of a site on which Test Yi has a full profile."""
    app.config["CONTENT_DIR"] = folder
    (folder / "people" / "test-yi.toml").write_text(PROFILE)
    with (folder / "publications.bib").open("a") as bib:
        bib.write("@article{yi2020own, title={A Paper of One}, author={Yi, Test}, journal={J}, year={2020}}\n")
    load_content(folder, now=NOW)
    return client


def write_people(folder: Path, *lines: str) -> None:
    for profile in (folder / "people").glob("*.toml"):
        profile.unlink()
    (folder / "members.csv").write_text("\n".join([COLUMNS, *lines]) + "\n")
    load_content(folder, now=NOW)


def names(page: str) -> list[str]:
    """The names of people with a link to their page, in the order of the page."""
    return re.findall(r'href="/en/members/[\w-]+/">(?:<[^>]+>)?([^<]+)<', page)


def json_ld(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def test_each_role_has_its_heading_in_the_order_of_the_house(app: Flask, client: FlaskClient, folder: Path) -> None:
    roles = ("visitor", "undergraduate", "assistant", "phd", "postdoc", "faculty", "pi")
    people = [f"测试,{role.title()},{role},,,current,,,,,,," for role in roles]
    masters = [
        f"测试,M {degree or 'none'},master,{degree},,current,,,,,,," for degree in ("professional", "academic", "")
    ]
    write_people(folder, *people, *masters)
    page = client.get("/en/members/").text
    assert headings(page, "h2") == [
        "Principal investigator", "Faculty", "Postdoctoral researchers", "Doctoral students", "Master's students 3",
        "Research assistants", "Undergraduates", "Visitors",
    ]  # fmt: skip
    assert headings(page, "h3") == ["Academic degree", "Professional degree", "Other degrees"]
    assert names(page) == [
        "Pi", "Faculty", "Postdoc", "Phd", "M academic", "M professional", "M none", "Assistant", "Undergraduate",
        "Visitor",
    ]  # fmt: skip


def test_people_of_a_role_stand_by_key_then_cohort_then_pinyin(app: Flask, client: FlaskClient, folder: Path) -> None:
    write_people(
        folder,
        "曾一,Zeng,phd,,2024,current,,,,,,,",
        "单一,Shan,phd,,2024,current,,,,,,,",
        "吕一,Lv,phd,,2024,current,,,,,,,",
        "陆一,Lu,phd,,2024,current,,,,,,,",
        "张一,Old,phd,,2022,current,,,,,,,",
        "张二,First,phd,,2025,current,,,1,,,,",
    )
    assert names(client.get("/en/members/").text) == ["First", "Old", "Lu", "Lv", "Shan", "Zeng"]


def test_people_come_and_go_by_themselves_on_the_groups_own_day(app: Flask, client: FlaskClient, folder: Path) -> None:
    write_people(
        folder,
        "测试,Test Guest,phd,,,current,,,,2026-03-03,2026-03-04,示例公司,Sample Company",
        "测试,Test Master,master,,,current,,,,,,,",
        "测试,Test Fellow,postdoc,,,current,,,,,,,",
    )
    seen = {}
    # Midnight in Asia/Shanghai, where the group of the sample is, is 16:00 in UTC.
    for moment in ("2026-03-02 15:59", "2026-03-02 16:00", "2026-03-04 15:59", "2026-03-04 16:00"):
        with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
            page, day = client.get("/en/members/").text, group_day(datetime.now(UTC))
            placed = "Sample Company" in client.get("/en/alumni/").text
            seen[moment] = (headings(page, "h2"), group_counts(day).students, placed)
    assert seen == {
        "2026-03-02 15:59": (["Postdoctoral researchers", "Master's students"], 1, False),
        "2026-03-02 16:00": (["Postdoctoral researchers", "Doctoral students", "Master's students"], 2, False),
        "2026-03-04 15:59": (["Postdoctoral researchers", "Doctoral students", "Master's students"], 2, False),
        "2026-03-04 16:00": (["Postdoctoral researchers", "Master's students", "Alumni"], 1, True),
    }


def test_who_is_to_come_is_told_so_on_their_own_page(app: Flask, client: FlaskClient, folder: Path) -> None:
    write_people(folder, "测试,Test Guest,phd,,,current,,,,2026-09-01,,,")
    with time_machine.travel(NOW, tick=False):
        assert "Will join the group as Doctoral student" in text_of(client.get("/en/members/test-guest/").text)


def test_the_placement_page_stands_by_year_and_says_where_they_went(
    app: Flask, client: FlaskClient, folder: Path
) -> None:
    write_people(
        folder,
        "测试,Test One,phd,,2018,alumni,,,,,2024-06,某公司,A company",
        "测试,Test Two,master,academic,2021,alumni,,,,,2025-06,某大学,A university",
        "测试,Test Three,master,,2019,alumni,,,,,,,",
        "测试,Test Four,pi,,,current,,,,,,去向不该出现,Not to be shown",
    )
    page = client.get("/en/alumni/").text
    assert headings(page, "h2") == ["2025 1", "2024 1", "Year of leaving not recorded 1"]
    assert names(page) == ["Test Two", "Test One", "Test Three"]
    words = text_of(page)
    assert "Test Two A university Master's student, academic degree · Entered 2021" in words
    assert "Not to be shown" not in words
    assert headings(client.get("/en/members/test-one/").text, "dd") == [
        "Doctoral student", "2018", "until 30 June 2024", "A company",
    ]  # fmt: skip


def test_nobody_has_left_yet(app: Flask, client: FlaskClient, folder: Path) -> None:
    write_people(folder)
    assert "Those who have left the group, and where they went, will be listed here." in client.get("/en/alumni/").text


def test_a_profile_tells_all_that_the_record_holds(visitor: FlaskClient) -> None:
    page = visitor.get("/en/members/test-yi/").text
    assert headings(page, "h2") == [
        "Biography", "Education", "Experience", "Internships", "Selected papers 1", "Other papers 1", "Projects",
        "Honours", "Talks", "Service", "Software",
    ]  # fmt: skip
    assert headings(page, "dd") == [
        "Doctoral student", "2024", "sample synthesis", "First line", "Somebody elsewhere",
        "yi (at) sample (dot) example (dot) org", "示例公众号",
    ]  # fmt: skip
    assert "2020.09 – 2024.06 Bachelor, Sample University" in text_of(page)
    assert "A <strong>tool</strong>" in page
    assert "A made-up <em>student</em>." in page
    assert 'href="https://www.example.org/talk" rel="noopener noreferrer nofollow">example.org</a>' in page
    assert re.findall(r'href="#(\w+)"', page) == [
        "main", "biography", "education", "experience", "internship", "papers", "projects", "honour", "talk",
        "service", "software",
    ]  # fmt: skip
    assert set(re.findall(r'href="#(\w+)"', page)) <= set(re.findall(r'\bid="(\w+)"', page))


def test_selected_papers_come_first_and_the_name_is_marked(visitor: FlaskClient) -> None:
    page = visitor.get("/en/members/test-yi/").text
    keys = re.findall(r'href="/en/publications/([\w-]+)/"', page)
    assert keys == ["yi2020own", "jia2026first"]
    assert "<strong>Test Yi</strong>" in page
    assert '/members/test-yi/">Test Yi' not in page.partition("<h2")[2]


def test_an_address_is_read_by_people_and_not_collected_by_machines(visitor: FlaskClient) -> None:
    for path in ("/members/test-yi/", "/en/members/test-yi/", "/en/members/test-yi/cv/"):
        page = visitor.get(path).text
        assert "yi (at) sample (dot) example (dot) org" in text_of(page)
        assert "yi@" not in page
        assert "mailto:yi" not in page
        assert not re.search(r"yi\W{0,3}\(?at\)?\W{0,3}sample", page.replace("&#40;", "("))


def test_a_profile_shows_projects_and_news_that_name_the_person(visitor: FlaskClient) -> None:
    with transaction() as session:
        yi = session.scalars(select(Member).where(Member.slug == "test-yi")).one()
        session.scalars(select(Project)).first().members = [yi]  # type: ignore[union-attr]
        session.scalars(select(NewsItem).where(NewsItem.slug == "second-news")).one().members = [yi]
        session.add(
            ProfileEntry(
                member_id=yi.id,
                kind="news",
                position=0,
                period="2025.01",
                text=LocalizedText(en="From the *home page*"),
                url="",
                source="homepage",
            )
        )
    with time_machine.travel(NOW, tick=False):
        page = visitor.get("/en/members/test-yi/").text
    assert "News" in headings(page, "h2")
    assert 'href="/en/news/second-news/"' in page
    assert "From the <em>home page</em>" in page
    projects = page.partition('id="projects"')[2].partition("<h2")[0]
    assert text_of(projects).count("A small project") == 1
    assert projects.count("<li>") == 2


def test_a_biography_of_a_home_page_stands_in_for_a_missing_one(visitor: FlaskClient, folder: Path) -> None:
    (folder / "people" / "test-yi.toml").unlink()
    load_content(folder, now=NOW)
    with transaction() as session:
        yi = session.scalars(select(Member).where(Member.slug == "test-yi")).one()
        words = LocalizedText(en="Told by the *home page*.")
        session.add(
            ProfileEntry(
                member_id=yi.id, kind="biography", position=0, period="", text=words, url="", source="homepage"
            )
        )
    assert "Told by the <em>home page</em>." in visitor.get("/en/members/test-yi/").text


def test_a_photo_comes_in_one_frame_with_its_alternatives(visitor: FlaskClient) -> None:
    page = visitor.get("/en/members/test-jia/").text
    photo = re.search(r'<span class="portrait"><img src="/pictures/(\w{64})-640.webp" srcset="([^"]+)"', page)
    assert photo
    assert re.findall(r"-(\d+)\.webp (\d+w)", photo[2]) == [("160", "160w"), ("320", "320w"), ("640", "480w")]
    assert 'alt="Portrait of Test Jia"' in page
    assert 'width="480" height="600"' in page
    listed = visitor.get("/en/members/").text
    assert re.search(r'<img src="/pictures/\w{64}-160.webp"\s+width="160" height="200" alt="" loading="lazy"', listed)
    drawn = re.findall(
        r'<span class="portrait drawn a\d" aria-hidden="true" lang="zh-CN">(<svg .*?</svg>)</span>', listed
    )
    assert drawn and all(mark.endswith(">测</text></svg>") for mark in drawn)


def test_search_engines_are_told_who_it_is(visitor: FlaskClient) -> None:
    data = json_ld(visitor.get("/en/members/test-yi/").text)
    assert data["@type"] == "ProfilePage"
    person = data["mainEntity"]
    assert isinstance(person, dict)
    assert person["name"] == "Test Yi"
    assert person["alternateName"] == ["测试乙", "T. Yi"]
    assert person["jobTitle"] == "Doctoral student"
    assert person["sameAs"] == ["https://example.org/orcid"]
    assert person["url"].endswith("/en/members/test-yi/")
    assert person["affiliation"]["@type"] == "ResearchOrganization"
    assert "email" not in person
    former = json_ld(visitor.get("/en/members/test-ding/").text)["mainEntity"]
    assert isinstance(former, dict)
    assert "affiliation" not in former


def test_a_picture_is_named_once_by_where_the_portal_is_mounted(visitor: FlaskClient) -> None:
    visitor.application.config["PUBLIC_URL"] = "https://example.org/lab"
    person = json_ld(visitor.get("/en/members/test-jia/", base_url="http://localhost/lab/").text)["mainEntity"]
    assert isinstance(person, dict)
    assert re.fullmatch(r"https://example\.org/lab/pictures/\w{64}-640\.webp", person["image"])


def test_the_cv_is_the_same_record_and_not_for_search_engines(visitor: FlaskClient) -> None:
    page = visitor.get("/en/members/test-yi/cv/").text
    assert headings(page, "h1") == ["Test Yi"]
    assert headings(page, "h2") == [
        "Biography", "Education", "Experience", "Internships", "Honours", "Talks", "Service", "Software", "Projects",
        "Selected papers", "Other papers",
    ]  # fmt: skip
    assert '<meta name="robots" content="noindex">' in page
    assert re.findall(r'<link rel="canonical" href="[^"]*(/en/members/[^"]+)"', page) == ["/en/members/test-yi/"]
    assert "<strong>Test Yi</strong>" in page
    assert "https://example.org/orcid</a>" in page


def test_a_citation_of_the_cv_has_one_stop_after_the_authors_and_one_after_the_title(visitor: FlaskClient) -> None:
    with transaction() as session:
        paper = session.scalars(select(Publication).where(Publication.key == "other2026second")).one()
        paper.title = "Who Hears the Sample?"
    page = text_of(visitor.get("/en/members/test-jia/cv/").text)
    assert "Jan van der Sample et al. Who Hears the Sample? Journal of Samples" in page


@pytest.mark.parametrize("path", ["/members/nobody/", "/members/nobody/cv/"])
def test_nobody_of_that_address(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_the_number_of_queries_does_not_grow(app: Flask, client: FlaskClient, folder: Path) -> None:
    known = (folder / "publications.bib").read_text()

    def statements(rows: int) -> list[int]:
        entry = '[[honours]]\ntext = { en = "A prize" }\n[[talks]]\ntext = { en = "A talk" }\n'
        numbers = range(1, rows + 1)
        people = "测试,Test Yi,phd,,,current,,,,,,,"
        write_people(folder, people, *(f"测试,P {n},phd,,,current,,,,,,," for n in numbers),
                     *(f"测试,Q {n},phd,,,alumni,,,,,,," for n in numbers))  # fmt: skip
        lines = ", ".join(f'"{key}"' for key in ("first-line", "second-line")[:rows])
        (folder / "people" / "test-yi.toml").write_text(f"lines = [{lines}]\n" + entry * rows)
        bib = "".join(
            f"@article{{p{n}, title={{Paper {n}}}, author={{Test Yi and P 1}}, journal={{J}}, year={{2026}}}}\n"
            for n in numbers
        )
        (folder / "publications.bib").write_text(known + bib)
        load_content(folder, now=NOW)
        counts = []
        for path in PAGES:
            with recorded_statements() as recorded:
                assert client.get(path).status_code == 200
            counts.append(len(recorded))
        return counts

    with_one = statements(1)
    assert statements(3) == with_one
    assert max(with_one) <= 13


@pytest.mark.parametrize("path", ["/members/", "/members/rui-liu/", "/members/rui-liu/cv/", "/alumni/"])
def test_the_groups_own_pages_are_light(app: Flask, client: FlaskClient, path: str) -> None:
    load_content(config.ROOT / "content", now=NOW)
    for prefix in ("", "/en"):
        assert len(client.get(prefix + path).data) < 50_000


def test_a_long_list_of_papers_ends_with_a_link_to_all(app: Flask, client: FlaskClient, folder: Path) -> None:
    load_content(folder, now=NOW)
    with transaction() as session:
        member = session.scalars(select(Member).where(Member.slug == "test-ding")).one()
        known = len(publications_of(member))
        for number in range(70):
            author = Authorship(position=0, name="Test Ding", equal=False, corresponding=False, member=member)
            session.add(publication(f"more-{number}", authors=[author]))
    page = client.get("/en/members/test-ding/").text
    assert len(re.findall(r'<a href="/en/publications/[^"/]+/"', page)) == 60
    all_of_them = f"All {known + 70} papers, with filters"
    assert f'<a class="standalone" href="/en/publications/?member=test-ding">{all_of_them}</a>' in page


def test_many_papers_unfold_after_the_newest(app: Flask, client: FlaskClient) -> None:
    load_content(config.ROOT / "content", now=NOW)
    page = client.get("/en/members/rui-liu/").text
    shown, folded = page.split('<details class="rest">')
    papers = r'<li><a href="/en/publications/([^"]+)/"'
    assert (len(re.findall(papers, shown)), len(re.findall(papers, folded))) == (3 + 8, 52)
    assert "52 earlier papers" in folded
    assert "<details" not in client.get("/en/members/haolin-zuo/").text.partition("<main")[2]
