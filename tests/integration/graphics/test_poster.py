"""The poster of an open call: a page of A4 that says what the call says, whatever the length of its texts."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from pypdfium2 import PdfDocument, PdfPage
from sqlalchemy import select

from s2group.admissions.models import AdmissionRoute, Call, RequirementSet
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.graphics.fonts import Fonts, find_fonts
from s2group.graphics.poster import Poster, draw
from s2group.site.views.poster_texts import poster_of
from tests.support.calls import DAY, add_call, fill
from tests.support.sample import NOW

pytestmark = pytest.mark.usefixtures("on_the_day")

NO_FONTS = Fonts(None, None)
# A4 and the margin of the poster, in points.
WIDTH, HEIGHT, MARGIN = 595.3, 841.9, 42.5


@pytest.fixture
def site(site: FlaskClient) -> FlaskClient:
    add_call("open", opens_at=NOW - DAY, closes_at=NOW + DAY, places=3)
    return site


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_open_call_has_a_poster_of_a4(site: FlaskClient, prefix: str) -> None:
    page = site.get(f"{prefix}/admissions/open/").text
    for extension, media in (("png", "image/png"), ("pdf", "application/pdf")):
        address = f"{prefix}/admissions/open/poster.{extension}"
        assert f'href="{address}"' in page
        response = site.get(address)
        assert (response.status_code, response.content_type) == (200, media)
        assert len(response.data) < 1_000_000
        assert site.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
        if extension == "png":
            with Image.open(BytesIO(response.data)) as picture:
                assert picture.size == (1654, 2339)  # 200 dpi
        else:
            [sheet] = PdfReader(BytesIO(response.data)).pages
            width, height = (float(length) / 72 * 25.4 for length in sheet.mediabox.upper_right)
            assert (round(width), round(height)) == (210, 297)


def test_the_poster_says_what_the_call_says(app: Flask, site: FlaskClient) -> None:
    with app.test_request_context("/en/", environ_base={"s2group.locale": "en"}):
        poster = poster_of("open", now=NOW)
    assert poster is not None
    assert (poster.title, poster.routes, poster.deadline_heading, poster.deadline, poster.address) == (
        "Fictional open", (("Fictional open", "3 places left"),), "Apply until", "2 March 2026, 16:00 (UTC+8)",
        "http://127.0.0.1:8000/en/admissions/open/",
    )  # fmt: skip
    assert len(poster.areas) == 2


def test_a_call_without_an_end_is_open_all_year_and_a_full_route_is_left_out(app: Flask, site: FlaskClient) -> None:
    add_call("always", opens_at=NOW - DAY)
    with transaction() as session:
        call = session.scalars(select(Call).where(Call.key == "always")).one()
        words = LocalizedText("满", "Full")
        full = AdmissionRoute(key="full", position=1, title=words, subject_label=words, filled=True, form={}, call=call)
        session.add_all([full, RequirementSet(route=full, version=1, requirements=[], created_at=NOW)])
    with app.test_request_context("/en/", environ_base={"s2group.locale": "en"}):
        poster = poster_of("always", now=NOW)
    assert poster is not None
    assert (poster.routes, poster.deadline_heading, poster.deadline) == (
        (("Fictional always", ""),), "When to apply", "Open all year",
    )  # fmt: skip
    assert site.get("/admissions/always/poster.png").status_code == 200


@pytest.mark.parametrize("key", ["closed", "coming", "full", "none", "a'b"])
def test_any_other_call_has_none(site: FlaskClient, key: str) -> None:
    add_call("full", opens_at=NOW - DAY)
    fill("full")
    add_call("closed", opens_at=NOW - 3 * DAY, closes_at=NOW - DAY)
    add_call("coming", opens_at=NOW + DAY)
    for prefix in ("", "/en"):
        for extension in ("pdf", "png"):
            assert site.get(f"{prefix}/admissions/{key}/poster.{extension}").status_code == 404
        assert "poster." not in site.get(f"{prefix}/admissions/{key}/").text


def test_a_poster_ends_with_its_call(site: FlaskClient) -> None:
    assert site.get("/admissions/open/poster.pdf").status_code == 200
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        assert site.get("/admissions/open/poster.pdf").status_code == 404


def test_a_changed_title_gives_another_poster(app: Flask, site: FlaskClient) -> None:
    before = site.get("/admissions/open/poster.png").data
    with transaction() as session:
        route = session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == "open")).one()
        route.title = LocalizedText("换了名字", "Another name")
    assert site.get("/admissions/open/poster.png").data != before
    assert len(list((app.config["DATA_DIR"] / "cache" / "posters").glob("*.png"))) == 1


@pytest.mark.parametrize("extension", ["pdf", "png"])
def test_where_nothing_can_be_kept_there_is_a_poster(app: Flask, site: FlaskClient, extension: str) -> None:
    (app.config["DATA_DIR"] / "cache").write_bytes(b"no folder, so that the disk refuses")
    assert site.get(f"/admissions/open/poster.{extension}").status_code == 200


def filled(text: str, many: int) -> Poster:
    """A poster with `text` in every place."""
    return Poster(
        locale="zh", title=text, summary=text, group=text, institution=text, seal="语", claim=text, areas_heading=text,
        areas=(text,) * many, routes_heading=text, routes=((text, text),) * many, deadline_heading=text,
        deadline=text, contact=text, scan=text, address="https://example.org/en/admissions/" + "long-key-" * 6 + "/",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["很长的一句话，" * 60, "many English words " * 40, "Donaudampfschifffahrt" * 40, ""])
@pytest.mark.parametrize("many", [1, 40])
@pytest.mark.parametrize("fonts", ["system", "none"])
def test_no_text_leaves_the_page_or_runs_into_another(app: Flask, text: str, many: int, fonts: str) -> None:
    found = find_fonts(app.config["FONT_DIRS"]) if fonts == "system" else NO_FONTS
    [page] = PdfDocument(draw(filled(text, many), found, "pdf"))
    boxes = _lines(page)
    assert boxes
    for number, (left, bottom, right, top) in enumerate(boxes):
        inside = (left >= MARGIN, bottom >= MARGIN, right <= WIDTH - MARGIN, top <= HEIGHT - MARGIN)
        assert inside == (True, True, True, True), boxes[number]
        for other_left, other_bottom, other_right, other_top in boxes[number + 1 :]:
            apart = right <= other_left or other_right <= left or top <= other_bottom or other_top <= bottom
            assert apart, (boxes[number], (other_left, other_bottom, other_right, other_top))


def _lines(page: PdfPage) -> list[tuple[float, float, float, float]]:
    """The boxes of each line of text, in points, less what rounding and a blank at its end take."""
    text = page.get_textpage()
    boxes = (text.get_rect(number) for number in range(text.count_rects()))
    return [(left + 1, bottom + 2, right - 4, top - 2) for left, bottom, right, top in boxes]


def test_the_text_of_the_pdf_can_be_selected(app: Flask, site: FlaskClient) -> None:
    [page] = PdfDocument(site.get("/admissions/open/poster.pdf").data)
    words = page.get_textpage().get_text_bounded()
    for expected in ("虚构 open", "2026 年 3 月 2 日", "http://127.0.0.1:8000/admissions/open/"):
        assert expected in words
    [english] = PdfDocument(site.get("/en/admissions/open/poster.pdf").data)
    assert "Fictional open" in english.get_textpage().get_text_bounded()


def test_a_title_that_looks_like_markup_is_printed_as_it_is(app: Flask) -> None:
    title = "#strong[no] $x$ *no* _no_ @no <no>"
    [page] = PdfDocument(draw(replace(filled("", 1), title=title), find_fonts(app.config["FONT_DIRS"]), "pdf"))
    assert title in page.get_textpage().get_text_bounded().replace("\r\n", "")


def test_the_link_is_on_no_page_before_the_group_has_a_profile(client: FlaskClient) -> None:
    add_call("open", opens_at=NOW - DAY)
    assert not re.search(r"poster\.(pdf|png)", client.get("/admissions/open/").text)
    assert client.get("/admissions/open/poster.png").status_code == 404
