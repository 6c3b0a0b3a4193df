"""The pictures that go with shared links: drawn for what is public, kept, and drawn anew for another title."""

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from s2group.content.group.models import GroupProfile
from s2group.content.news.models import NewsItem
from s2group.content.people.models import Member
from s2group.core.clock import now
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.graphics import share_card
from s2group.graphics.fonts import Fonts
from s2group.site.views import share
from tests.support.calls import add_call, fill
from tests.support.sample import NOW

PUBLIC = "http://127.0.0.1:8000"
SIZES = {"wide": (1200, 630), "square": (600, 600)}


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[share_card.Card]:
    """The cards that are drawn from here on."""
    drawn: list[share_card.Card] = []

    def noted(card: share_card.Card, shape: str, fonts: Fonts) -> bytes:
        drawn.append(card)
        return share_card.draw(card, shape, fonts)

    monkeypatch.setattr(share, "draw", noted)
    return drawn


def meta(page: str, name: str) -> list[str]:
    return re.findall(rf'<meta property="{name}" content="(.*?)">', page)


@pytest.mark.parametrize(
    ("days", "filled", "said"),
    [(9, False, "Admissions"), (9, True, "Admissions · All places taken"), (-1, False, "Admissions · Closed")],
)
def test_the_picture_of_a_call_says_when_nobody_can_apply(
    site: FlaskClient, drawings: list[share_card.Card], days: int, filled: bool, said: str
) -> None:
    add_call("a-call", opens_at=now() - timedelta(days=9), closes_at=now() + timedelta(days=days))
    if filled:
        fill("a-call")
    site.get("/en/share/call/a-call/wide.png")
    assert [card.kicker for card in drawings] == [said]


@pytest.mark.parametrize(
    ("path", "kind", "slug"),
    [
        ("/", "section", "home"),
        ("/members/", "section", "members"),
        ("/members/test-jia/", "member", "test-jia"),
        ("/publications/jia2026first/", "publication", "jia2026first"),
        ("/news/second-news/", "news", "second-news"),
        ("/admissions/", "section", "admissions"),
        ("/admissions/privacy/", "section", "home"),
        ("/admissions/a-call/", "call", "a-call"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_names_its_two_pictures_and_they_exist(
    site: FlaskClient, path: str, kind: str, slug: str, prefix: str
) -> None:
    add_call("a-call", opens_at=NOW)
    page = site.get(prefix + path).text
    addresses = [f"{PUBLIC}{prefix}/share/{kind}/{slug}/{shape}.png" for shape in SIZES]
    assert meta(page, "og:image") == addresses
    assert meta(page, "og:image:width") == ["1200", "600"]
    assert meta(page, "og:image:height") == ["630", "600"]
    for address, size in zip(addresses, SIZES.values(), strict=True):
        response = site.get(address.removeprefix(PUBLIC))
        assert (response.status_code, response.content_type) == (200, "image/png")
        with Image.open(BytesIO(response.data)) as picture:
            assert (picture.format, picture.size) == ("PNG", size)
        assert len(response.data) < 100_000


def test_a_page_tells_link_previews_what_it_is(site: FlaskClient) -> None:
    page = site.get("/en/news/second-news/?from=elsewhere").text
    assert f'<link rel="canonical" href="{PUBLIC}/en/news/second-news/">' in page
    assert meta(page, "og:title") == ["Second news"]
    assert meta(page, "og:description") == ["The body of the second news."]
    assert meta(page, "og:url") == [f"{PUBLIC}/en/news/second-news/"]
    assert meta(page, "og:type") == ["article"]
    assert meta(page, "og:locale") == ["en_US"]
    assert meta(page, "og:locale:alternate") == ["zh_CN"]
    assert meta(page, "og:image:alt") == ["Second news"] * 2
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert meta(site.get("/members/test-jia/").text, "og:type") == ["profile"]


def test_a_page_whose_address_is_a_key_has_no_picture(site: FlaskClient) -> None:
    assert "og:image" not in site.get("/account/login").text


def test_a_portal_without_a_group_has_no_pictures(client: FlaskClient) -> None:
    assert "og:image" not in client.get("/").text
    assert client.get("/share/section/home/wide.png").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "member/nobody/wide", "news/draft/wide", "news/planned/square", "nothing/home/wide", "section/editor/wide",
        "call/none/wide", "member/test-jia/tall", "publication/%00/wide", "call/a'b/wide",
    ],
)  # fmt: skip
def test_what_is_not_public_has_no_picture(site: FlaskClient, path: str) -> None:
    plain = {"day": date(2026, 3, 1), "body": LocalizedText(), "created_at": NOW, "updated_at": NOW}
    with transaction() as session:
        title = LocalizedText("草稿", "Draft")
        later = now() + timedelta(hours=1)
        session.add(NewsItem(slug="draft", title=title, published_at=None, **plain))
        session.add(NewsItem(slug="planned", title=title, published_at=later, **plain))
    for prefix in ("", "/en"):
        assert site.get(f"{prefix}/share/{path}.png").status_code == 404


def test_each_language_has_a_card_of_its_own(site: FlaskClient, drawings: list[share_card.Card]) -> None:
    for prefix in ("", "/en"):
        site.get(f"{prefix}/share/news/second-news/wide.png")
    zh, en = drawings
    assert (zh.kicker, zh.title, en.kicker, en.title) == (
        "新闻 · 2026 年 2 月 2 日", "第二条新闻", "News · 2 February 2026", "Second news",
    )  # fmt: skip
    site.get("/en/share/publication/jia2026first/wide.png")
    assert drawings[-1].title == "The First Sample: Schröder & Friends"


def test_a_picture_is_drawn_once_and_again_for_another_title(
    app: Flask, site: FlaskClient, drawings: list[share_card.Card]
) -> None:
    address = "/share/member/test-jia/wide.png"
    first = site.get(address)
    again = site.get(address + "?anything", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, first.headers["Cache-Control"]) == (304, "public, max-age=86400")
    assert len(drawings) == 1
    with transaction() as session:
        member = session.scalars(select(Member).where(Member.slug == "test-jia")).one()
        member.name = LocalizedText("测试甲甲", "Test Jiajia")
    other = site.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (other.status_code, len(drawings)) == (200, 2)
    assert other.data != first.data
    assert len(list((app.config["DATA_DIR"] / "cache" / "share").iterdir())) == 1


def test_where_nothing_can_be_kept_it_is_drawn_each_time(
    app: Flask, site: FlaskClient, drawings: list[share_card.Card]
) -> None:
    (app.config["DATA_DIR"] / "cache").write_bytes(b"no folder, so that the disk refuses")
    answers = [site.get("/share/section/home/wide.png") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (len(drawings), answers[0].data == answers[1].data) == (2, True)


def test_what_is_removed_while_it_is_read_is_drawn_anew(
    site: FlaskClient, drawings: list[share_card.Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = site.get("/share/section/home/wide.png")
    read = Path.read_bytes

    def removed(path: Path) -> bytes:
        if path.parent.name == "share":
            path.unlink()
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", removed)
    again = site.get("/share/section/home/wide.png")
    assert (again.status_code, again.data == first.data, len(drawings)) == (200, True, 2)


def test_without_a_han_font_the_latin_lines_are_drawn(
    app: Flask, site: FlaskClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with_font = site.get("/en/share/section/home/wide.png").data
    app.config["FONT_DIRS"] = (tmp_path,)
    for _ in range(2):
        without = site.get("/en/share/section/home/wide.png")
    assert without.status_code == 200
    assert without.data != with_font
    assert [record.message.split(":")[0] for record in caplog.records] == [f"no font with Chinese signs in {tmp_path}"]


def test_the_longest_titles_are_cut_inside_the_picture(site: FlaskClient) -> None:
    for title in ("很长的题目" * 80, "Donaudampfschiff" * 60, "many words " * 90, "。" * 300, "🎉" * 50):
        with transaction() as session:
            group = session.get_one(GroupProfile, 1)
            group.claim = LocalizedText(title, title)
            group.name = LocalizedText(title, title)
        for shape, (width, height) in SIZES.items():
            with Image.open(BytesIO(site.get(f"/share/section/home/{shape}.png").data)) as picture:
                pixels = picture.convert("RGB")
            paper = pixels.getpixel((0, 0))
            margin = height // 9 - 4
            for box in (
                (0, 0, margin, height), (width - margin, 0, width, height), (0, 0, width, margin),
                (0, height - margin, width, height),
            ):  # fmt: skip
                assert pixels.crop(box).getcolors() == [(pixels.crop(box).width * pixels.crop(box).height, paper)]
