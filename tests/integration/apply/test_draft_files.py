"""The files of a draft: what is taken, what is said of the rest, and that none is lost."""

import errno
import io
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from s2group.admissions import queries
from s2group.admissions.models import AdmissionRoute, Draft, DraftDocument
from s2group.admissions.services import changes, drafts
from s2group.apply import quota
from s2group.core import clock
from s2group.custody.services import inspect_waiting
from s2group.documents import inspection, pages
from s2group.documents.models import Document
from s2group.documents.stores.folder import FolderStore
from s2group.extensions import db
from tests.support import applying, changing
from tests.support.applying import hidden_fields, load_fictional_content, pdf, the_application
from tests.support.headings import text_of
from tests.support.pdf import bomb_pdf, encrypted_pdf, make_pdf, padded_pdf, pageless_pdf
from tests.support.pictures import headless, heic, make_jpeg, make_png

KEY = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
ROUTE = "recommended-exemption-master"
FILES = f"/en/apply/draft/{KEY}/files/"
NO_PIXELS = headless(make_png())
RESUME = make_pdf("Test Applicant's CV", pages=2)
NOT_NOW = (
    "The portal cannot store anything right now, so nothing was changed. "
    "Wait a few minutes, then press the button again."
)


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    """A route that needs a résumé and a proof of rank, and has a place for a transcript and for a file of its own."""
    load_fictional_content(app)
    route = db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == ROUTE)).one()
    portfolio = {
        "key": "portfolio",
        "kind": "file",
        "label": {"zh": "作品集", "en": "Portfolio"},
        "hint": {"zh": "挑三页。", "en": "Three pages of your choice."},
    }
    route.form = {**route.form, "required_documents": ["rank_proof"], "questions": [portfolio]}
    db.session.commit()
    return route


@pytest.fixture
def draft(route: AdmissionRoute) -> Draft:
    return drafts.start_draft(route=route, key=KEY, answers={}, locale="en", now=clock.now())


def upload(client: FlaskClient, kind: str, content: bytes | None, name: str = "file.pdf", **more: Any) -> TestResponse:
    """Open the page, choose the file, press the button of its place."""
    page = client.get(FILES)
    file = (io.BytesIO(content or b""), name if content is not None else "")
    return post(client, kind, {"csrf_token": hidden_fields(page.text)["csrf_token"], kind: file, **more})


def post(client: FlaskClient, kind: str, data: dict[str, Any], **how: Any) -> TestResponse:
    response = client.post(f"{FILES}{kind}/", data=data, content_type="multipart/form-data", **how)
    # The client leaves the temporary file of a large upload open.
    response.request.environ["wsgi.input"].close()
    return response


def remove(client: FlaskClient, kind: str) -> TestResponse:
    token = hidden_fields(client.get(FILES).text)["csrf_token"]
    return post(client, kind, {"csrf_token": token, "remove": "y"})


def files() -> dict[str, str]:
    """What the draft has, as the names of the files."""
    rows = db.session.scalars(select(DraftDocument).join(Draft).where(Draft.key == KEY)).all()
    return {row.kind: row.document.original_name for row in rows}


def place(page: str, kind: str) -> str:
    """The part of the page about one kind."""
    return page.partition(f'id="place-{kind}"')[2].partition("</section>")[0]


def said(page: str, kind: str) -> tuple[list[str], str]:
    """The words of the summary, and those beside the input."""
    summary = page.partition('id="error-summary"')[2].partition("</div>")[0]
    links = [part.partition("</a>")[0].partition(">")[2] for part in summary.split("<a ")[1:]]
    beside = place(page, kind).partition(f'id="{kind}-error">')[2].partition("</p>")[0]
    return links, beside.rpartition("</span> ")[2]


def test_every_place_of_the_route_is_there_and_says_what_it_takes(client: FlaskClient, draft: Draft) -> None:
    page = client.get(FILES)
    assert page.status_code == 200
    places = [part.partition('"')[0] for part in page.text.split('id="place-')[1:]]
    assert places == ["resume", "transcript", "rank_proof", "x_portfolio"]
    states = {
        kind: ("Not uploaded yet" in place(page.text, kind), "(optional)" in place(page.text, kind)) for kind in places
    }
    assert states == {
        "resume": (True, False),
        "transcript": (False, True),
        "rank_proof": (True, False),
        "x_portfolio": (False, True),
    }
    assert 'accept="application/pdf,.pdf"' in place(page.text, "resume")
    assert "PDF, at most 10 MB." in place(page.text, "resume")
    assert 'accept="application/pdf,image/jpeg,image/png,.pdf,.jpg,.png,.jpeg"' in place(page.text, "transcript")
    assert "PDF, JPEG or PNG, at most 10 MB." in place(page.text, "transcript")
    assert "Three pages of your choice." in place(page.text, "x_portfolio")


def test_the_address_is_kept_to_the_reader(client: FlaskClient, draft: Draft) -> None:
    upload(client, "resume", RESUME)
    pages.draw_wanted()
    for path in (FILES, f"{FILES}resume/thumbnail.webp"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_file_is_stored_as_it_came_and_shown(client: FlaskClient, draft: Draft) -> None:
    response = upload(client, "resume", RESUME, "张三 简历.pdf")
    assert (response.status_code, response.location) == (303, f"{FILES}#resume-file")
    document = db.session.scalars(select(Document)).one()
    assert document.sha256 == sha256(RESUME).hexdigest()
    assert drafts.documents_of(draft) == {"resume": document}
    shown = place(client.get(FILES).text, "resume")
    assert "<strong>张三 简历.pdf</strong>" in shown
    assert "1.4 kB · 2 pages" in shown
    assert "Uploaded" in shown
    assert "could not read" not in shown


@pytest.mark.parametrize(
    ("kind", "content"),
    [("transcript", make_jpeg()), ("rank_proof", make_png()), ("x_portfolio", make_pdf()), ("x_portfolio", make_png())],
)
def test_everything_but_a_resume_may_be_a_picture(client: FlaskClient, draft: Draft, kind: str, content: bytes) -> None:
    assert upload(client, kind, content).status_code == 303
    assert drafts.documents_of(draft)[kind].sha256 == sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("resume", None, "Select a PDF CV"),
        ("resume", b"", "CV: the file is empty. Save it again, then select it"),
        ("resume", make_jpeg(), "CV: the file is not a PDF. Save it as PDF, then select it"),
        ("resume", encrypted_pdf("secret"), "CV: save the file without a password, then select it"),
        ("transcript", None, "Transcript: select a file"),
        ("transcript", b"", "Transcript: the file is empty. Save it again, then select it"),
        ("transcript", heic(), "Transcript: the file is not a PDF, JPEG or PNG. Save it as one, then select it"),
        ("transcript", NO_PIXELS, "Transcript: the file is damaged and shows nothing. Save it again, then select it"),
        ("x_portfolio", None, "Portfolio: select a file"),
        ("x_portfolio", encrypted_pdf("secret"), "Portfolio: save the file without a password, then select it"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_taken_says_why(
    client: FlaskClient, draft: Draft, kind: str, content: bytes | None, message: str
) -> None:
    response = upload(client, kind, content)
    assert response.status_code == 422
    assert said(response.text, kind) == ([message], message)
    assert f'<a href="#{kind}">{message}</a>' in response.text
    assert "<title>Error: Your files" in response.text
    assert response.text.index('id="error-summary"') < response.text.index("<h1>")
    assert response.headers["Cache-Control"] == "no-store"
    assert files() == {}


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("resume", None, "选择一份 PDF 简历"),
        ("resume", b"", "简历：文件是空的。重新保存后再选择"),
        ("transcript", heic(), "成绩单：文件不是 PDF、JPEG 或 PNG。存成其中一种，再选择"),
        ("x_portfolio", NO_PIXELS, "作品集：文件已损坏，什么也显示不出来。重新保存后再选择"),
    ],
)
def test_a_file_that_is_not_taken_says_why_in_chinese(
    client: FlaskClient, draft: Draft, kind: str, content: bytes | None, message: str
) -> None:
    path = FILES.removeprefix("/en")
    token = hidden_fields(client.get(path).text)["csrf_token"]
    file = (io.BytesIO(content or b""), "file" if content is not None else "")
    response = client.post(f"{path}{kind}/", data={"csrf_token": token, kind: file})
    assert said(response.text, kind) == ([message], message)


@pytest.mark.parametrize(("size", "status"), [(0, 303), (1, 422)])
def test_the_largest_file_is_taken_and_not_a_byte_more(
    app: Flask, client: FlaskClient, draft: Draft, size: int, status: int
) -> None:
    app.config["MAX_DOCUMENT_BYTES"] = 1024 * 1024
    response = upload(client, "resume", padded_pdf(1024 * 1024 + size))
    assert response.status_code == status
    message = "CV: select a file of at most 1 MB"
    assert said(response.text, "resume") == (([message], message) if size else ([], ""))


def test_a_request_over_the_limit_gets_the_same_answer(app: Flask, client: FlaskClient, draft: Draft) -> None:
    upload(client, "rank_proof", make_png(), "rank.png")
    app.config["MAX_CONTENT_LENGTH"] = 1000
    response = upload(client, "resume", padded_pdf(3000))
    message = "CV: select a file of at most 10 MB"
    assert (response.status_code, said(response.text, "resume")) == (422, ([message], message))
    assert "rank.png" in place(response.text, "rank_proof")


@pytest.mark.parametrize("data", [bomb_pdf(), pageless_pdf()], ids=["bomb", "no page"])
def test_a_file_that_no_machine_could_open_is_taken_and_asked_about(
    client: FlaskClient, draft: Draft, data: bytes
) -> None:
    assert upload(client, "resume", data).status_code == 303
    shown = place(client.get(FILES).text, "resume")
    assert "The portal could not open this file: look at it on your device." in shown
    assert "Replace it, or send it all the same." in shown
    note = "CV: the portal could not open this file. Look at it on your device; replace it, or send it as it is."
    assert note in client.get(f"/en/apply/draft/{KEY}/").text
    assert note in client.get(f"/en/apply/draft/{KEY}/check/").text


def test_a_file_that_nobody_had_time_for_is_stored_and_its_result_shown_later(
    client: FlaskClient, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "glance", lambda _path: inspection.Inspection(is_waiting=True))
    upload(client, "resume", encrypted_pdf("secret"))
    steps = f"/en/apply/draft/{KEY}/"
    assert "This file is stored, and is still being looked at." in place(client.get(FILES).text, "resume")
    assert "CV: the file is stored, and is still being looked at." in client.get(steps).text
    inspect_waiting(now=clock.now())
    assert "This file asks for a password, which nobody here knows." in place(client.get(FILES).text, "resume")
    assert "CV: the file asks for a password. Replace it with one that needs none." in client.get(steps).text


def test_a_visitor_may_store_only_so_much_that_is_not_sent(
    app: Flask, client: FlaskClient, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "FILES", 1)
    app.config["MAX_DOCUMENT_BYTES"] = 3000
    for text in ("one", "two", "three"):
        last = upload(client, "resume", make_pdf(text))
    message = (
        "CV: a lot was uploaded from your network within a day and not sent. "
        "Send what you have uploaded, or upload this file tomorrow"
    )
    assert last.status_code == 303
    refused = upload(client, "transcript", make_pdf("four"))
    assert (refused.status_code, said(refused.text, "transcript")[1]) == (422, message.replace("CV", "Transcript"))
    assert list(files()) == ["resume"]
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert upload(client, "transcript", make_pdf("four")).status_code == 303
    client.environ_base["REMOTE_ADDR"] = "127.0.0.1"
    monkeypatch.setattr(quota, "PERIOD", timedelta())
    assert upload(client, "transcript", make_pdf("five")).status_code == 303


def test_what_was_sent_counts_no_more(app: Flask, client: FlaskClient, draft: Draft) -> None:
    upload(client, "transcript", make_png())
    before = queries.unsent_bytes(since=clock.now() - timedelta(hours=1))
    applying.apply(client, rank_proof=pdf(make_png(), "rank.png"))
    assert queries.unsent_bytes(since=clock.now() - timedelta(hours=1)) == before == len(make_png())


def test_all_together_leave_half_of_the_room(
    client: FlaskClient, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(client, "resume", RESUME)
    for free in (len(RESUME) - 1, 0):
        with monkeypatch.context() as patch:
            patch.setattr(FolderStore, "free_bytes", lambda _store, free=free: free)
            response = upload(client, "transcript", make_png())
        assert response.status_code == 507
        assert said(response.text, "transcript")[0][0] == NOT_NOW
    assert upload(client, "transcript", make_png()).status_code == 303


def test_a_name_is_text_and_nothing_else(client: FlaskClient, draft: Draft) -> None:
    upload(client, "resume", RESUME, "<b>cv</b>\u202efdp.pdf")
    shown = place(client.get(FILES).text, "resume")
    assert "<strong>b&gt;fdp.pdf</strong>" in shown


def press_the_button_below(client: FlaskClient, **fields: Any) -> TestResponse:
    """What a browser without a script sends: every place, most of them empty."""
    token = hidden_fields(client.get(FILES).text)["csrf_token"]
    empty: dict[str, Any] = {
        kind: (io.BytesIO(b""), "") for kind in ("resume", "transcript", "rank_proof", "x_portfolio")
    }
    response = client.post(FILES, data={"csrf_token": token, **empty, **fields}, content_type="multipart/form-data")
    response.request.environ["wsgi.input"].close()
    return response


def test_the_button_below_takes_what_was_chosen_and_goes_on(client: FlaskClient, draft: Draft) -> None:
    response = press_the_button_below(client, resume=pdf(RESUME, "cv.pdf"), transcript=pdf(make_pdf("t"), "grades.pdf"))
    assert (response.status_code, response.location) == (303, f"/en/apply/draft/{KEY}/check/")
    assert files() == {"resume": "cv.pdf", "transcript": "grades.pdf"}
    assert press_the_button_below(client).location == f"/en/apply/draft/{KEY}/check/"
    response = press_the_button_below(client, remove="resume", rank_proof=pdf(make_pdf("r"), "rank.pdf"))
    assert (response.status_code, response.location) == (303, f"{FILES}#resume-file")
    assert files() == {"transcript": "grades.pdf", "rank_proof": "rank.pdf"}


def test_one_bad_file_keeps_none_of_the_others_out(client: FlaskClient, draft: Draft) -> None:
    response = press_the_button_below(
        client, resume=pdf(b"no pdf", "cv.pdf"), transcript=pdf(make_pdf("t"), "grades.pdf")
    )
    assert response.status_code == 422
    words = "CV: the file is not a PDF. Save it as PDF, then select it"
    assert said(response.text, "resume") == ([words], words)
    assert "already has" not in response.text
    assert files() == {"transcript": "grades.pdf"}


def test_all_files_wait_where_the_session_has_ended(client: FlaskClient, draft: Draft) -> None:
    response = press_the_button_below(client, csrf_token="ended", resume=pdf(RESUME, "cv.pdf"))
    assert (response.status_code, files()) == (422, {})
    assert client.post(FILES, data=hidden_fields(response.text)).status_code == 303
    assert files() == {"resume": "cv.pdf"}


def test_a_second_file_replaces_the_first(client: FlaskClient, draft: Draft) -> None:
    upload(client, "resume", RESUME, "old.pdf")
    assert 'Select another file<span class="sr">: CV</span>' in place(client.get(FILES).text, "resume")
    assert upload(client, "resume", make_pdf("new"), "new.pdf").status_code == 303
    assert files() == {"resume": "new.pdf"}


def test_a_refused_file_leaves_the_first(client: FlaskClient, draft: Draft) -> None:
    upload(client, "resume", RESUME, "old.pdf")
    page = upload(client, "resume", b"no pdf").text
    assert files() == {"resume": "old.pdf"}
    assert "<strong>old.pdf</strong>" in place(page, "resume")
    assert "<details open>" in place(page, "resume")


def test_a_file_can_be_removed(client: FlaskClient, draft: Draft) -> None:
    upload(client, "resume", RESUME)
    upload(client, "transcript", make_png(), "grades.png")
    response = remove(client, "resume")
    assert (response.status_code, response.location) == (303, f"{FILES}#resume-file")
    assert files() == {"transcript": "grades.png"}
    assert remove(client, "resume").status_code == 303


def test_an_ended_session_keeps_the_file(app: Flask, client: FlaskClient, draft: Draft) -> None:
    response = post(client, "resume", {"csrf_token": "ended", "resume": pdf(RESUME, "cv.pdf")})
    ended = "Your session had ended; nothing was sent yet. Press the button again."
    assert (response.status_code, said(response.text, "resume")) == (422, ([ended], ""))
    assert "The portal already has cv.pdf (1.4 kB); another file replaces it." in place(response.text, "resume")
    assert files() == {}
    again = hidden_fields(response.text)
    assert post(client, "resume", again).status_code == 303
    assert files() == {"resume": "cv.pdf"}
    assert post(client, "resume", again).status_code == 303, "the button was pressed twice"
    assert files() == {"resume": "cv.pdf"}
    assert len(db.session.scalars(select(Document)).all()) == 1


def test_an_ended_session_removes_nothing(client: FlaskClient, draft: Draft) -> None:
    upload(client, "resume", RESUME, "cv.pdf")
    assert post(client, "resume", {"csrf_token": "ended", "remove": "y"}).status_code == 422
    assert files() == {"resume": "cv.pdf"}


def test_a_token_gives_nobody_the_file_of_another_place(
    app: Flask, client: FlaskClient, draft: Draft, route: AdmissionRoute
) -> None:
    upload(client, "transcript", make_png())
    elsewhere = drafts.documents_of(draft)["transcript"].token
    applying.apply(client, rank_proof=pdf(make_png()))
    sent = the_application().documents[0].document.token
    for token in (elsewhere, sent):
        page = upload(client, "resume", None, resume_token=token).text
        assert said(page, "resume")[0] == ["Select a PDF CV"]
        assert token not in page
    assert list(files()) == ["transcript"]


def test_a_token_makes_no_picture_a_resume(client: FlaskClient, draft: Draft) -> None:
    picture = changing.upload(make_png(), "grades.png")
    token = hidden_fields(client.get(FILES).text)["csrf_token"]
    for kind, status in (("resume", 422), ("transcript", 303)):
        response = post(client, kind, {"csrf_token": token, f"{kind}_token": picture.token})
        assert response.status_code == status
    assert files() == {"transcript": "grades.png"}


def test_no_other_file_is_wanted_nor_shown(client: FlaskClient, draft: Draft) -> None:
    assert upload(client, "language_certificate", RESUME).status_code == 404
    assert client.get(f"{FILES}language_certificate/thumbnail.webp").status_code == 404
    assert client.get(f"{FILES}resume/thumbnail.webp").status_code == 404
    assert db.session.scalars(select(Document)).all() == []


def test_the_first_page_is_shown_small(client: FlaskClient, draft: Draft) -> None:
    upload(client, "transcript", make_jpeg((600, 800)))
    pages.draw_wanted()
    response = client.get(f"{FILES}transcript/thumbnail.webp")
    assert (response.status_code, response.mimetype) == (200, "image/webp")
    assert Image.open(io.BytesIO(response.data)).size == (240, 320)
    source = place(client.get(FILES).text, "transcript").partition('src="')[2].partition('"')[0]
    assert client.get(source).status_code == 200


def test_a_page_that_cannot_be_drawn_is_not_found(
    client: FlaskClient, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(client, "resume", RESUME)
    monkeypatch.setattr(pages, "thumbnail", lambda _sha256: None)
    assert client.get(f"{FILES}resume/thumbnail.webp").status_code == 404


def test_a_draft_that_is_not_there_has_no_files(app: Flask, client: FlaskClient, draft: Draft) -> None:
    upload(client, "resume", RESUME)
    other = f"/en/apply/draft/{KEY[:-1]}x/files/"
    for path in (other, f"{other}resume/", f"{other}resume/thumbnail.webp"):
        assert client.get(path).status_code == 404
    assert client.post(f"{other}resume/", data={"resume": pdf(RESUME)}).status_code == 404
    assert len(db.session.scalars(select(Document)).all()) == 1


def test_the_address_of_one_file_leads_to_all_of_them(client: FlaskClient, draft: Draft) -> None:
    response = client.get(f"{FILES}resume/")
    assert (response.status_code, response.location) == (303, f"{FILES}#resume-file")


def test_a_draft_that_was_sent_leads_to_its_receipt(client: FlaskClient, draft: Draft) -> None:
    token = hidden_fields(client.get(FILES).text)["csrf_token"]
    applying.apply(client, form_key=KEY, **{"rank_proof": pdf(make_png(), "rank.png")})
    with db.session.begin_nested():
        drafts.forget(db.session(), draft.id)
    db.session.commit()
    receipt = f"/en/apply/received/{the_application().reference}/"
    assert client.get(FILES).location == receipt
    assert post(client, "resume", {"csrf_token": token, "resume": pdf()}).location == receipt


def test_a_draft_that_ended_says_so(client: FlaskClient, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + drafts.LIFETIME + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(FILES).status_code == 410


def test_a_full_disk_gives_the_page_back(client: FlaskClient, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    upload(client, "transcript", make_png(), "grades.png")
    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "receive", full)
        response = upload(client, "resume", RESUME)
    failed = "CV: the upload did not get through. Select the file again"
    assert (response.status_code, response.headers["Retry-After"]) == (507, "600")
    assert said(response.text, "resume") == ([NOT_NOW, failed], failed)
    assert "grades.png" in place(response.text, "transcript")
    assert upload(client, "resume", RESUME).status_code == 303


def test_a_stored_file_is_kept_when_the_draft_cannot_be_written(
    client: FlaskClient, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(**_: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    with monkeypatch.context() as patch:
        patch.setattr(drafts, "attach", refusing)
        response = upload(client, "resume", RESUME, "cv.pdf")
    assert (response.status_code, said(response.text, "resume")) == (503, ([NOT_NOW], ""))
    assert post(client, "resume", hidden_fields(response.text)).status_code == 303
    assert files() == {"resume": "cv.pdf"}


def test_a_broken_store_says_so(app: Flask, client: FlaskClient, draft: Draft) -> None:
    app.config["STORAGE_URL"] = "/dev/null"
    failed = "CV: the upload did not get through. Select the file again"
    response = upload(client, "resume", RESUME)
    assert (response.status_code, said(response.text, "resume")) == (422, ([failed], failed))


def test_over_https_no_referrer_is_needed(client: FlaskClient, draft: Draft) -> None:
    """The pages withhold it."""
    token = hidden_fields(client.get(FILES, base_url="https://localhost").text)["csrf_token"]
    data = {"csrf_token": token, "resume": pdf(RESUME)}
    assert post(client, "resume", data, base_url="https://localhost").status_code == 303


def test_a_change_shows_what_was_sent_and_may_replace_or_remove_it(client: FlaskClient, route: AdmissionRoute) -> None:
    applying.apply(client, rank_proof=pdf(make_png(), "rank.png"))
    changes.begin_change(application=the_application(), key=KEY, now=clock.now())
    page = client.get(FILES).text
    assert "Sent with your application" in place(page, "resume")
    assert "<strong>rank.png</strong>" in place(page, "rank_proof")
    pages.draw_wanted()
    assert client.get(f"{FILES}rank_proof/thumbnail.webp").status_code == 200
    upload(client, "resume", RESUME, "new.pdf")
    remove(client, "rank_proof")
    page = client.get(FILES).text
    assert "<strong>new.pdf</strong>" in place(page, "resume")
    assert "Sent with your application" not in page
    assert "Not uploaded yet" in place(page, "rank_proof")
    assert sorted(entry.kind for entry in the_application().documents) == ["rank_proof", "resume"]


def test_wechat_is_told_of_another_browser_first(client: FlaskClient, draft: Draft) -> None:
    link = f'<a href="/en/apply/draft/{KEY}/elsewhere/">Go on in another browser</a>'
    page = client.get(FILES, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50"}).text
    assert "WeChat often offers no files to choose from." in page
    assert link in page
    page = client.get(FILES).text
    assert "Files cannot be chosen in WeChat?" in page
    assert link in page


def test_a_file_that_could_not_be_opened_is_not_done_and_shows_its_kind(client: FlaskClient, draft: Draft) -> None:
    for kind, content in (("resume", pageless_pdf()), ("rank_proof", make_pdf("rank"))):
        drafts.attach(draft=draft, kind=kind, document=changing.upload(content, now=clock.now()), now=clock.now())
    steps = text_of(client.get(FILES.removesuffix("files/")).text)
    assert "Your files Look at it" in steps
    assert "Your files Done" not in steps
    files = client.get(FILES).text
    assert '<span class="kind" aria-hidden="true">PDF</span>' in files
    assert [f"files/{kind}/thumbnail.webp" in files for kind in ("resume", "rank_proof")] == [False, True]
