"""Page images are there before anybody reads an application."""

import shutil
from collections.abc import Callable

import pytest
from flask import Flask

from s2group.admissions.models import Application
from s2group.documents.pages import draw_wanted, is_drawn, want
from s2group.evaluation.page_images import jobs
from s2group.evaluation.page_images.jobs import draw_ahead
from tests.support.applying import MORNING, load_fictional_content
from tests.support.changing import change, upload
from tests.support.drawing import draw_everything
from tests.support.moving import move_all
from tests.support.pdf import make_pdf
from tests.support.refereeing import apply_with_referees


@pytest.fixture
def send(app: Flask) -> Callable[[str], Application]:
    """Sends an application whose documents say this."""
    load_fictional_content(app)

    def send(text: str) -> Application:
        files = {kind: upload(make_pdf(f"{kind} {text}"), now=MORNING) for kind in ("resume", "transcript")}
        return apply_with_referees(key=f"key-{text}", documents=files)

    return send


def resume_of(application: Application) -> str:
    [sha256] = [each.document.sha256 for each in application.documents if each.kind == "resume"]
    return sha256


def test_what_is_missing_is_drawn_and_what_is_there_is_not(app: Flask, send: Callable[[str], Application]) -> None:
    first = send("first")
    change(first, answers={}, files={"resume": make_pdf("newer")})
    second = send("second")
    shutil.rmtree(app.config["DATA_DIR"] / "cache")
    assert draw_ahead() == (4, None)
    draw_everything()
    assert (is_drawn(resume_of(first), 1), is_drawn(resume_of(second), 1)) == (True, True)
    assert (draw_ahead(), draw_wanted()) == ((0, None), 0)
    shutil.rmtree(app.config["DATA_DIR"] / "cache")
    move_all("declined")
    assert draw_ahead() == (0, None)


def test_each_round_looks_at_the_newest_and_at_some_more(
    send: Callable[[str], Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (send(text) for text in ("1", "2", "3"))
    monkeypatch.setattr(jobs, "NEWEST", 1)
    monkeypatch.setattr(jobs, "ON_THE_WAY", 2)
    drawn: list[str] = []
    monkeypatch.setattr("s2group.documents.pages._draw_all", lambda drawing, _path: drawn.append(drawing.sha256))
    draw_wanted()
    drawn.clear()
    assert draw_ahead() == (4, second.id)
    want(resume_of(first))
    assert draw_wanted() == 5
    assert drawn[0] == resume_of(first)
    assert {resume_of(second), resume_of(third)} < set(drawn)
    assert draw_ahead(before=second.id) == (4, None)
