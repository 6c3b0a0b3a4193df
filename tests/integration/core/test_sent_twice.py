"""What is sent twice, from the wrong place, or after the session has ended, does no harm and loses nothing."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from s2group import create_app
from s2group.admissions.models import Call
from s2group.content.news.models import NewsItem
from s2group.content.people.models import Member
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support import applying
from tests.support.databases import PRODUCTION
from tests.support.pdf import make_pdf
from tests.support.staff import sign_in

NEWS = {"day": "2026-09-02", "slug": "", "title_zh": "测试新闻", "title_en": "", "body_zh": "", "body_en": ""}
NEW_ITEM = "/en/editor/news/new/"
HERE = {"Origin": "http://localhost"}


def _items() -> int:
    return db.session.scalar(select(func.count()).select_from(NewsItem)) or 0


def test_a_news_form_sent_twice_makes_one_item(client: FlaskClient) -> None:
    sign_in(client, Role.EDITOR)
    hidden = applying.hidden_fields(client.get(NEW_ITEM).text)
    first, second = (client.post(NEW_ITEM, data=NEWS | hidden | {"action": "publish"}) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"] == "/en/editor/news/2026-09-02/"
    assert _items() == 1
    assert client.get(NEW_ITEM).status_code == 200


def test_an_editor_whose_session_ended_sends_the_same_text_again(app: Flask, client: FlaskClient) -> None:
    sign_in(client, Role.EDITOR)
    hidden = applying.hidden_fields(client.get(NEW_ITEM).text)
    client.delete_cookie("session")
    lost = client.post(NEW_ITEM, data=NEWS | hidden, headers=HERE)
    assert lost.status_code == 400
    assert "测试新闻" in lost.text

    again = NEWS | applying.hidden_fields(lost.text)
    signed_out = client.post(NEW_ITEM, data=again, headers=HERE)
    assert signed_out.status_code == 401
    assert "测试新闻" in signed_out.text
    assert _items() == 0


def test_the_page_after_an_ended_session_repeats_nothing_that_another_site_sent(client: FlaskClient) -> None:
    forged = client.post(NEW_ITEM, data=NEWS, headers={"Origin": "https://evil.example"})
    assert forged.status_code == 400
    assert "测试新闻" not in forged.text


def test_a_transcript_that_belongs_to_another_application_is_left_out(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    applying.apply(client, transcript=applying.pdf(make_pdf("grades")))
    kept = next(entry.document for entry in applying.the_application().documents if entry.kind == "transcript")
    response = applying.apply(client, email="other@example.org", transcript_token=kept.token)
    assert response.status_code == 303
    assert applying.applications() == 2


@pytest.mark.parametrize("name", ["\u200b", "—", "\ufffd\ufffd"])
def test_a_name_that_says_nothing_is_asked_for_again(app: Flask, client: FlaskClient, name: str) -> None:
    applying.load_fictional_content(app)
    assert applying.apply(client, name=name).status_code == 422
    assert applying.applications() == 0


def test_a_host_that_is_not_ours_gets_a_readable_answer(environ: dict[str, str]) -> None:
    app = create_app(environ | PRODUCTION)
    client = app.test_client()
    refused = client.get("/", headers={"Host": "evil.example"})
    assert (refused.status_code, "cannot be answered" in refused.text) == (400, True)
    assert client.get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 200
    with app.app_context():
        db.engine.dispose()


def test_a_missing_table_gets_a_readable_answer(app: Flask, client: FlaskClient) -> None:
    db.session.execute(text("DROP TABLE group_profile"))
    db.session.commit()
    broken = client.get("/members/")
    assert (broken.status_code, "cannot be answered" in broken.text) == (500, True)


def test_a_wrong_call_file_leaves_everything_as_it_was(environ: dict[str, str], tmp_path: Path) -> None:
    folder = shutil.copytree(environ["S2_CONTENT_DIR"], tmp_path / "content")
    call = next((folder / "calls").glob("*.toml"))
    sound = call.read_text()
    call.write_text(sound.replace("answer_days = ", "answer_days = -"))
    app = create_app(environ | {"S2_CONTENT_DIR": str(folder)})
    run = app.test_cli_runner().invoke
    with app.app_context():
        refused = run(args=["prepare"])
        assert refused.exit_code == 1
        assert "answer_days is -14. Write a whole number above 0" in refused.output
        assert db.session.scalar(select(func.count()).select_from(Member)) == 0
        call.write_text(sound)
        assert run(args=["prepare"]).exit_code == 0
        assert db.session.scalar(select(func.count()).select_from(Call)) == 1
        db.session.remove()
        db.engine.dispose()
