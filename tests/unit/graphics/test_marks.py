"""Marks are the same for the same, say what they stand for, and can be read in both schemes."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from s2group.graphics.marks.drawing import MOTIFS, portrait, strip
from s2group.graphics.marks.families import FAMILIES
from s2group.graphics.marks.record import Stroke, mosaic, recording, squares
from s2group.graphics.marks.subject import Subject, rhythm

TITLE = "Generative Expressive Conversational Speech Synthesis"
PAPER = Subject("liu2024generative", rhythm(TITLE), voices=5, share=0.4)
CSS = Path("static/css/portal.css").read_text()


@pytest.mark.parametrize("motif", FAMILIES)
def test_the_same_subject_is_drawn_the_same_and_another_otherwise(motif: str) -> None:
    other = Subject("another", PAPER.beats, PAPER.voices, PAPER.share)
    same = Subject("liu2024generative", rhythm(TITLE), 5, 0.4)
    assert strip(motif, PAPER) == strip(motif, same) != strip(motif, other)
    assert portrait(motif, PAPER, "刘") == portrait(motif, same, "刘") != portrait(motif, other, "刘")
    for drawn in (strip(motif, PAPER), portrait(motif, PAPER, "刘")):
        root = ElementTree.fromstring(drawn)
        assert root.get("aria-hidden") == "true"
        assert {path.get("class") for path in root.iter("path")} <= {"m1", "m2"}


@pytest.mark.parametrize("motif", FAMILIES)
def test_a_portrait_stays_light_and_leaves_room_for_a_surname(motif: str) -> None:
    drawn = portrait(motif, Subject("ouyang", rhythm("Ouyang Test")), "欧阳")
    assert len(drawn) < 1500
    [words] = ElementTree.fromstring(drawn).iter("text")
    assert (words.text, words.get("font-size")) == ("欧阳", "12.2")
    for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", drawn):
        assert 14 < ((float(x) - 32) ** 2 + (float(y) - 32) ** 2) ** 0.5 < 33


def test_a_name_is_never_markup() -> None:
    assert "&lt;" in portrait("waveform", PAPER, "<")


def test_a_group_may_draw_nothing() -> None:
    assert MOTIFS[-1] == "none"
    assert strip("none", PAPER) == portrait("none", PAPER, "刘") == ""


def test_the_words_of_a_title_are_its_rhythm() -> None:
    assert rhythm(TITLE) == (10, 10, 14, 6, 9)
    assert rhythm("语音") == (3 + ord("语") % 6, 3 + ord("音") % 6)
    assert rhythm("…") == (5,)
    assert len(rhythm("a b c " * 20)) == 14


def test_the_recording_has_each_paper_once_in_the_tint_of_its_area() -> None:
    papers = [Stroke("b", 2024, 2, "A"), Stroke("a", 2020, 0, ""), Stroke("c", 2024, 2, "C")]
    root = ElementTree.fromstring(recording(papers, 300, 100, strokes=3))
    strokes = {path.get("class"): (path.get("d") or "").count("M") for path in root.iter("path")}
    assert strokes == {"k0": 3, "k2": 6}
    assert [label.text for label in root.iter("text")] == ["2020", "2024"]
    assert recording([], 300, 100, strokes=3) == ""


def test_the_mosaic_has_a_column_of_tiles_for_each_paper_higher_with_its_class() -> None:
    papers = [Stroke("b", 2024, 1, "A"), Stroke("b", 2024, 2, "C"), Stroke("b", 2024, 3, "")]
    root = ElementTree.fromstring(mosaic(papers, 300, 100))
    tiles = {path.get("class"): (path.get("d") or "").count("M") for path in root.iter("path")}
    assert list(tiles) == ["k1", "k2", "k3"]
    assert tiles["k1"] > tiles["k2"] > tiles["k3"] >= 1
    assert mosaic([], 300, 100) == ""


def test_the_squares_of_a_year_are_its_papers() -> None:
    root = ElementTree.fromstring(squares([1, 0, 3, 3]))
    drawn = {path.get("class"): (path.get("d") or "").count("M") for path in root.iter("path")}
    assert drawn == {"a3": 2, "a1": 1, "a0": 1}
    assert root.get("viewBox") == "0 0 26 17"


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark by the system", "dark by choice"])
def test_words_in_a_tint_can_be_read_on_all_grounds(scheme: int) -> None:
    found = tokens([block for block in re.findall(r":root[^{]*\{(.*?)\}", CSS, re.S) if "--t1:" in block][scheme])
    assert {f"t{number}" for number in range(10)} <= set(found)
    for number in range(10):
        for ground in ("paper", "surface", f"w{number}"):
            assert contrast(found[f"t{number}"], found[ground]) >= 4.5, (number, ground)
