"""Another group runs the portal by its content alone: nobody takes one for the other."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from config import ROOT
from s2group.content.group.models import GroupProfile
from s2group.content.loading import load_content
from s2group.core.database import transaction
from tests.support.sample import NOW
from tests.support.walking import public_pages

pytestmark = pytest.mark.usefixtures("on_the_day")

# What only the group that the portal grew from would say of itself.
OF_THE_FIRST_GROUP = re.compile(
    r"S2Group|S2 Group|语音|\bspeech|刘瑞|Rui Liu|内蒙古|Inner Mongolia|imu\.edu", re.IGNORECASE
)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_vision_lab_has_no_word_of_the_first_group_on_any_page(app: Flask, client: FlaskClient) -> None:
    loaded = load_content(ROOT / "tests/vision", now=NOW)
    assert (loaded.members, loaded.publications) == (5, 22)
    pages = public_pages(client, "/") | public_pages(client, "/en/")
    assert len(pages) > 60
    assert {path: found[0] for path, page in pages.items() if (found := OF_THE_FIRST_GROUP.search(page))} == {}
    assert "看得清" in words(pages["/"])


def test_its_papers_are_a_mosaic_and_not_a_recording(app: Flask, client: FlaskClient) -> None:
    marks = []
    for folder in (ROOT / "tests/vision", ROOT / "content"):
        load_content(folder, now=NOW)
        [wide, _narrow] = re.findall(r'<svg class="mark recording".*?</svg>', client.get("/").text, re.S)
        marks.append(re.findall(r'stroke-width="(\d+)" d="M\d+ (\d+)', wide))
    mosaic, recording = marks
    assert {width for width, _ in mosaic} == {"9"}
    assert {floor for _, floor in mosaic} == {"112"}
    assert {width for width, _ in recording} == {"2"}


def test_partners_and_missing_pages_are_drawn_in_the_manner_of_the_group(app: Flask, client: FlaskClient) -> None:
    drawing = re.compile(r'<p class="plate[^"]*">(<svg class="mark".*?</svg>)</p>', re.S)
    missing = []
    for folder in (ROOT / "tests/vision", ROOT / "content"):
        load_content(folder, now=NOW)
        missing += drawing.findall(client.get("/en/nothing-here/").text)
    mosaic, wave = missing
    assert 'stroke-width="8.4"' in mosaic and 'stroke-width="2"' in wave
    partners = drawing.findall(client.get("/partners/").text)
    assert len(partners) == len(set(partners)) == 10
    with transaction() as session:
        session.execute(update(GroupProfile).values(motif="none"))
    for page in ("/nothing-here/", "/partners/"):
        assert '<svg class="mark' not in client.get(page).text
