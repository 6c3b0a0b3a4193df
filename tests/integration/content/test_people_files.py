"""members.csv and people/: what they say reaches the record, and a mistake is named with its place."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.loading import load_content
from s2group.content.people.models import Member, ProfileEntry
from s2group.content.people.queries import member_by_slug
from s2group.content.records.errors import ContentError
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.sample import NOW, SAMPLE

COLUMNS = (
    "name_zh,name_en,role,degree,cohort,status,focus_zh,focus_en,order,joined,left,destination_zh,destination_en,lines"
)
YI = "people/test-yi.toml"

PROFILE = """
aliases = ["T. Yi", "Yi T."]
email = "yi@example.org"
selected = ["jia2026first"]
lines = ["second-line", "first-line"]
co_supervision = { zh = "与某教授共同指导", en = "Somebody elsewhere" }
joined = 2024-09-01
photo = "people/test-jia.png"

[links]
orcid = "https://example.org/0000"
homepage = "https://example.org/~yi"
wechat = "示例公众号"

[[education]]
period = "2020.09 – 2024.06"
text = { zh = "示例大学学士", en = "Bachelor, Sample University" }

[[education]]
text = { en = "A school" }

[[software]]
text = { en = "A tool" }
url = "https://example.org/tool"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


def load(folder: Path) -> None:
    load_content(folder, now=NOW)
    db.session.expire_all()


def member(slug: str) -> Member:
    found = member_by_slug(slug)
    assert found is not None
    return found


def entries(slug: str) -> list[tuple[str, int, str, str, str]]:
    return [(entry.kind, entry.position, entry.period, entry.text.en, entry.url) for entry in member(slug).entries]


def write_people(folder: Path, *lines: str, columns: str = COLUMNS) -> None:
    shutil.rmtree(folder / "people")
    (folder / "people").mkdir()
    (folder / "members.csv").write_text("\n".join([columns, *lines]) + "\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("测试子,Test Zi,visitor,,,current,,", "测试子,Test Zi-Xu,visitor,,,current,,"),
        (",Marie Sample,visitor,,,current,,", ",Marie Samples,visitor,,,current,,"),
        (",Marie Sample,visitor,,,current,,", "玛丽,Marie Samples,visitor,,,current,,"),
        ("测试子,Test Zi,visitor,,,current,,", "测试子,Completely Other,visitor,,,current,,"),
    ],
)
def test_a_corrected_name_is_the_same_person_at_a_new_address(
    app: Flask, client: FlaskClient, folder: Path, before: str, after: str
) -> None:
    columns = ",".join(COLUMNS.split(",")[:8])
    write_people(folder, before, columns=columns)
    load(folder)
    old = db.session.scalars(select(Member)).one()
    former, number = old.slug, old.id
    with transaction() as session:
        person = session.get_one(Member, number)
        person.additions = {"email": "imported@example.org"}
        person.entries = [
            ProfileEntry(kind="honour", position=0, period="", text=LocalizedText(en="Won"), url="", source="homepage")
        ]
    write_people(folder, after, columns=columns)
    load(folder)
    new = db.session.scalars(select(Member)).one()
    assert (new.id, new.email, [entry.text.en for entry in new.entries]) == (number, "imported@example.org", ["Won"])
    later = new.slug
    assert later != former
    for ending in ("", "cv/"):
        led = client.get(f"/en/members/{former}/{ending}")
        assert (led.status_code, led.location) == (301, f"/en/members/{later}/{ending}")
    load(folder)
    assert db.session.scalars(select(Member.id)).one() == number
    write_people(folder, before, columns=columns)
    load(folder)
    assert client.get(f"/en/members/{former}/").status_code == 200
    assert client.get(f"/en/members/{later}/").location == f"/en/members/{former}/"


def test_who_leaves_and_who_comes_are_two(app: Flask, client: FlaskClient, folder: Path) -> None:
    columns = ",".join(COLUMNS.split(",")[:8])
    write_people(folder, "测试子,Test Zi,visitor,,,current,,", columns=columns)
    load(folder)
    write_people(folder, "测试丑,Test Zi-Chou,visitor,,,current,,", columns=columns)
    load(folder)
    assert db.session.scalars(select(Member.slug)).all() == ["test-zi-chou"]
    assert client.get("/en/members/test-zi/").status_code == 404


def test_who_of_two_namesakes_was_corrected_is_asked(app: Flask, folder: Path) -> None:
    columns = ",".join(COLUMNS.split(",")[:8])
    first, second = "测试子,Test Zi,visitor,,,current,,", "测试子,Test Zi-Two,visitor,,,current,,"
    write_people(folder, first, second, columns=columns)
    load(folder)
    write_people(folder, "测试子,Test Other,visitor,,,current,,", columns=columns)
    with pytest.raises(ContentError, match=r"test-other may be any of test-zi, test-zi-two\. Write the old address"):
        load(folder)
    db.session.rollback()
    assert db.session.scalars(select(Member.slug).order_by(Member.slug)).all() == ["test-zi", "test-zi-two"]


def test_a_profile_reaches_the_record(app: Flask, folder: Path) -> None:
    (folder / YI).write_text(PROFILE)
    load(folder)
    yi = member("test-yi")
    assert (yi.aliases, yi.email, yi.selected) == (["T. Yi", "Yi T."], "yi@example.org", ["jia2026first"])
    assert [line.key for line in yi.areas] == ["first-line", "second-line"]
    assert (yi.joined_on, yi.left_on) == (date(2024, 9, 1), None)
    assert yi.co_supervision == LocalizedText("与某教授共同指导", "Somebody elsewhere")
    assert yi.picture is not None
    assert yi.picture.path == "people/test-jia.png"
    assert yi.links == [
        {"kind": "orcid", "url": "https://example.org/0000"},
        {"kind": "homepage", "url": "https://example.org/~yi"},
        {"kind": "wechat", "url": "示例公众号"},
    ]
    assert entries("test-yi") == [
        ("education", 0, "2020.09 – 2024.06", "Bachelor, Sample University", ""),
        ("education", 1, "", "A school", ""),
        ("software", 0, "", "A tool", "https://example.org/tool"),
    ]


def test_what_is_taken_out_of_a_profile_is_gone_and_what_a_home_page_brought_stays(app: Flask, folder: Path) -> None:
    (folder / YI).write_text(PROFILE)
    load(folder)
    with transaction() as session:
        session.add(
            ProfileEntry(
                member_id=member("test-yi").id,
                kind="education",
                position=0,
                period="2019",
                text=LocalizedText(en="From the home page"),
                url="",
                source="homepage",
            )
        )
    (folder / YI).write_text('[[education]]\ntext = { en = "A school" }\n')
    load(folder)
    yi = member("test-yi")
    assert (yi.email, yi.links, yi.aliases, yi.selected, yi.areas, yi.picture) == ("", [], [], [], [], None)
    assert sorted(entries("test-yi")) == [
        ("education", 0, "", "A school", ""),
        ("education", 0, "2019", "From the home page", ""),
    ]
    (folder / YI).unlink()
    load(folder)
    assert entries("test-yi") == [("education", 0, "2019", "From the home page", "")]


def test_a_photo_of_that_name_needs_no_word(app: Flask, folder: Path) -> None:
    load(folder)
    jia = member("test-jia")
    assert jia.picture is not None
    assert (jia.picture.path, jia.picture.width, jia.picture.height) == ("people/test-jia.png", 480, 600)
    assert member("test-yi").picture is None


def test_a_table_of_the_old_columns_still_loads(app: Flask, folder: Path) -> None:
    write_people(folder, "测试,Test A,phd,,2024,current,,", columns=COLUMNS.partition(",order")[0])
    load(folder)
    found = member("test-a")
    assert (found.order_key, found.joined_on, found.left_on, found.areas) == (None, None, None, [])
    assert found.destination == LocalizedText()


def test_the_further_columns_reach_the_record(app: Flask, folder: Path) -> None:
    write_people(folder, "曾一,Test A,postdoc,,,alumni,,,3,2023-09,2025-02,某公司,A company,first-line; second-line")
    load(folder)
    found = member("test-a")
    assert (found.role, found.order_key, found.sort_name) == ("postdoc", 3, "zeng 曾 yi 一")
    assert (found.joined_on, found.left_on) == (date(2023, 9, 1), date(2025, 2, 28))
    assert found.destination == LocalizedText("某公司", "A company")
    assert [line.key for line in found.areas] == ["first-line", "second-line"]


def test_an_address_that_is_given_stays_when_the_name_is_mended(app: Flask, folder: Path) -> None:
    columns = f"{COLUMNS},slug"
    write_people(folder, "测试,Test A,phd,,,current,,,,,,,,,test-a", columns=columns)
    load(folder)
    first = member("test-a").id
    write_people(folder, "测试,Testa Alpha,phd,,,current,,,,,,,,,test-a", columns=columns)
    load(folder)
    assert (member("test-a").id, member("test-a").name.en) == (first, "Testa Alpha")
    write_people(folder, "测试,Test A,phd,,,current,,,,,,,,,Test A", columns=columns)
    with pytest.raises(ContentError, match=r"^members.csv, line 2: slug is 'Test A'\. Use small Latin letters"):
        load_content(folder, now=NOW)


@pytest.mark.parametrize("role", ["pi", "faculty", "postdoc", "phd", "master", "assistant", "undergraduate", "visitor"])
def test_every_role_is_known(app: Flask, folder: Path, role: str) -> None:
    write_people(folder, f"测试,Test A,{role},,,current,,,,,,,,")
    load(folder)
    assert [found.role for found in db.session.scalars(select(Member))] == [role]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "测试,Test A,phd,,,current,,,first,,,,,",
            "members.csv, line 2: order is 'first'. Write a whole number, or not",
        ),
        (
            "测试,Test A,phd,,,current,,,,autumn,,,,",
            "members.csv, line 2: joined is 'autumn'. Write a day such as 2024",
        ),
        ("测试,Test A,phd,,,current,,,,2024-13,,,,", "members.csv, line 2: joined is '2024-13'. "),
        ("测试,Test A,phd,,,current,,,,,2024-02-30,,,", "members.csv, line 2: left is '2024-02-30'. "),
        (
            "测试,Test A,phd,,,current,,,,2024-09,2024-08,,,",
            "members.csv, line 2: left on 2024-08-31, before joining. ",
        ),
        (
            "测试,Test A,phd,,,current,,,,,,,,other",
            "members.csv, line 2: lines names 'other', which group.toml does no",
        ),
        ("测试,Test A,alumni,,,current,,,,,,,,", "members.csv, line 2: role is 'alumni'. Write one of: pi, faculty, "),
        ("测试,Test A,phd,,,left,,,,,,,,", "members.csv, line 2: status is 'left'. Write one of: current, alumni."),
    ],
)
def test_a_mistake_in_the_table_is_named(folder: Path, line: str, words: str) -> None:
    write_people(folder, line)
    with pytest.raises(ContentError) as caught:
        load_content(folder, now=NOW)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("columns", [f"{COLUMNS},phone", COLUMNS.replace(",order", ""), f"{COLUMNS},order"])
def test_only_known_columns_are_taken_and_each_once(app: Flask, folder: Path, columns: str) -> None:
    write_people(folder, columns=columns)
    if columns.count(",") < COLUMNS.count(","):
        load(folder)
        assert db.session.scalars(select(Member)).all() == []
        return
    with pytest.raises(
        ContentError, match=r"^members.csv, line 1: the columns are not the known ones\. Write: name_zh"
    ):
        load_content(folder, now=NOW)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[links]\norcid = "#"', "people/test-yi.toml, links: orcid '#' is not a web address. Write all of it, from "),
        ('[links]\nscholar = "xx"', "people/test-yi.toml, links: scholar 'xx' is not a web address. "),
        ('[links]\nhomepage = ""', "people/test-yi.toml, links: homepage is empty. "),
        ('[links]\ngithub = "javascript:alert(1)"', "people/test-yi.toml, links: github 'javascript:alert(1)' is not "),
        ('[links]\nmyspace = "https://example.org"', "people/test-yi.toml, links: unknown kind myspace. Use: homepage"),
        ('[links]\nwechat = "xx"', "people/test-yi.toml, links: wechat 'xx' is no public account. "),
        ('[links]\nwechat = "#"', "people/test-yi.toml, links: wechat '#' is no public account. "),
        ('[links]\nwechat = "javascript://x"', "people/test-yi.toml, links: wechat 'javascript://x' is no public acco"),
        ('links = "none"', "people/test-yi.toml: links is not a table. Begin it with [links]."),
        ('email = "yi"', "people/test-yi.toml: email is 'yi'. Write a whole address, such as name@example.org"),
        ('aliases = "T. Yi"', "people/test-yi.toml: aliases is not a list of texts. "),
        ('lines = ["other"]', "people/test-yi.toml: lines names 'other', which group.toml does not have. Use: first-l"),
        ('photo = "people/nobody.jpg"', "people/test-yi.toml: photo 'people/nobody.jpg' is not there. "),
        ("joined = 2024-09-01T08:00:00", "people/test-yi.toml: joined is datetime.datetime(2024, 9, 1, 8, 0). "),
        ("left = 2024", "people/test-yi.toml: left is 2024. "),
        ("joined = 2024-09-01\nleft = 2024-08-01", "people/test-yi.toml: left on 2024-08-01, before joining. "),
        ("[[education]]\nperiod = '2020'", "people/test-yi.toml, education no. 1: text is missing. Add it."),
        ('[[talks]]\ntext = { en = "A" }\nurl = "xx"', "people/test-yi.toml, talks no. 1: url 'xx' is not a web addre"),
        ('[[talks]]\ntext = { en = "A" }\nwhen = "x"', "people/test-yi.toml, talks no. 1: unknown field when. "),
        ('[[hobbies]]\ntext = { en = "A" }', "people/test-yi.toml: unknown field hobbies. "),
        (
            f'[[talks]]\ntext = {{ en = "A" }}\nperiod = "{"9" * 61}"',
            "people/test-yi.toml, talks no. 1: period has 61 characters",
        ),
    ],
)
def test_a_mistake_in_a_profile_is_named(folder: Path, toml: str, words: str) -> None:
    (folder / YI).write_text(toml)
    with pytest.raises(ContentError) as caught:
        load_content(folder, now=NOW)
    assert str(caught.value).startswith(words)


def test_one_thing_is_said_in_one_place(folder: Path) -> None:
    write_people(folder, "测试,Test Yi,phd,,,current,,,,2024-09,,,,")
    (folder / YI).write_text("joined = 2024-09-01")
    with pytest.raises(ContentError, match=r"^people/test-yi.toml: joined is in members.csv too\. Keep it in one of"):
        load_content(folder, now=NOW)
