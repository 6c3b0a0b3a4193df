"""The page for a referee: what it says, which files it takes, and that the letter reaches the readers alone."""

import errno
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from s2group.admissions.models import Application, Call, Referee
from s2group.apply.forms import uploads
from s2group.apply.forms.files import FilesForm
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.custody import services as custody
from s2group.custody.reconciliation import check
from s2group.documents.models import Document
from s2group.documents.store import read_bytes
from s2group.documents.stores.folder import FolderStore
from s2group.documents.verification import verify_stored
from s2group.extensions import db
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING, hidden_fields, load_fictional_content
from tests.support.changing import mails
from tests.support.moving import move
from tests.support.pdf import encrypted_pdf, make_pdf, padded_pdf
from tests.support.pictures import make_png
from tests.support.refereeing import apply_with_referees, token_in
from tests.support.staff import sign_in
from tests.support.stored import path_of

LETTER = make_pdf("a letter")
DUE = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GONE = "This link no longer works"


@pytest.fixture
def application(app: Flask) -> Application:
    load_fictional_content(app)
    return apply_with_referees()


@pytest.fixture
def address(application: Application) -> str:
    """The page of the first referee."""
    return f"/en/apply/letter/{token_in(mails('letter_asked')[0])}/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Six hours after the application."""
    with time_machine.travel(MORNING + timedelta(hours=6), tick=False) as traveller:
        yield traveller


def send(client: FlaskClient, address: str, content: bytes | None = LETTER, **more: str) -> TestResponse:
    """Open the page, choose the file, press the button."""
    hidden = hidden_fields(client.get(address).text)
    return post(client, address, content, **(hidden | more))


def post(client: FlaskClient, address: str, content: bytes | None, **fields: str) -> TestResponse:
    file = (io.BytesIO(content or b""), "letter.pdf" if content is not None else "")
    data = {**fields, "letter": file}
    response = client.post(address, data=data, content_type="multipart/form-data")
    # The client leaves the temporary file of a large upload open.
    response.request.environ["wsgi.input"].close()
    return response


def the_letter() -> Document | None:
    db.session.expire_all()
    return db.session.scalars(select(Referee).where(Referee.position == 1)).one().document


def documents() -> int:
    return db.session.scalar(select(func.count()).select_from(Document)) or 0


def test_it_says_who_asks_for_whom_until_when_and_who_reads_it(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    for words in (
        "Test Applicant is applying to Sample Research Group and has named you as a referee.",
        "PhD by application and assessment",
        "16 September 2026, 14:06 (UTC+8)",
        "Those who read the application, and nobody else.",
        "Write to pi@example.org.",
    ):
        assert words in page.text
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "2026 年 9 月 16 日 14:06（UTC+8）" in client.get(address.removeprefix("/en")).text


def test_a_letter_is_stored_byte_for_byte_and_thanked_for(client: FlaskClient, address: str) -> None:
    response = send(client, address)
    assert (response.status_code, response.location) == (303, address)
    letter = the_letter()
    assert letter and letter.sha256 == sha256(LETTER).hexdigest()
    assert read_bytes(letter.sha256) == LETTER
    page = client.get(address).text
    assert "<h1>Thank you for your letter</h1>" in page
    assert "Your letter about Test Applicant was received and stored." in page
    assert "2 September 2026, 20:06 (UTC+8)" in page
    assert "after it was due" not in page
    assert "Replace the letter" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Letter: select a file"),
        (b"", "Letter: the file is empty. Save it again, then select it"),
        (b"words", "Letter: the file is not a PDF. Save it as PDF, then select it"),
        (make_png(), "Letter: the file is not a PDF. Save it as PDF, then select it"),
        (encrypted_pdf("secret"), "Letter: save the file without a password, then select it"),
        (padded_pdf(10 * 1024 * 1024 + 1), "Letter: select a file of at most 10 MB"),
    ],
    ids=["nothing", "empty", "text", "picture", "locked", "big"],
)
def test_each_file_that_is_not_taken_is_told_apart(
    client: FlaskClient, address: str, content: bytes | None, words: str
) -> None:
    response = send(client, address, content)
    assert response.status_code == 422
    assert response.text.count(words) == 2  # in the summary and beside the field
    assert 'aria-invalid="true"' in response.text
    assert the_letter() is None


def test_a_request_over_the_limit_gets_the_same_answer(app: Flask, client: FlaskClient, address: str) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    response = send(client, address, padded_pdf(3000))
    assert (response.status_code, response.text.count("Letter: select a file of at most 10 MB")) == (422, 2)


def test_an_ended_session_loses_no_letter(client: FlaskClient, address: str) -> None:
    page = post(client, address, LETTER)
    assert page.status_code == 422
    assert "Your session had ended; nothing was sent yet. Press the button again." in page.text
    assert "The portal already has letter.pdf" in page.text
    assert the_letter() is None
    assert post(client, address, None, **hidden_fields(page.text)).status_code == 303
    letter = the_letter()
    assert letter and letter.sha256 == sha256(LETTER).hexdigest()


def test_a_full_disk_is_said_and_the_page_stays(
    client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(FolderStore, "receive", full)
    response = send(client, address)
    assert (response.status_code, response.headers["Retry-After"]) == (507, "600")
    assert "The portal cannot store anything right now" in response.text
    assert "Letter: the upload did not get through. Select the file again" in response.text


def test_a_token_of_somebody_elses_file_is_of_no_use(
    client: FlaskClient, application: Application, address: str
) -> None:
    resume = application.documents[0].document
    response = send(client, address, None, letter_token=resume.token)
    assert (response.status_code, the_letter()) == (422, None)


def test_a_late_letter_is_taken_marked_and_final(
    client: FlaskClient, address: str, clock: time_machine.Traveller
) -> None:
    with transaction() as session:
        session.execute(update(Call).values(closes_at=DUE))
    clock.move_to(DUE + DAY)
    assert send(client, address).status_code == 303
    page = client.get(address).text
    assert '<span class="tag wait">after it was due</span>' in page
    assert "It was due and can no longer be replaced." in page
    assert '<form method="post"' not in page.partition("<main")[2]
    first = the_letter()
    hidden = {"csrf_token": hidden_fields(client.get("/en/apply/status/").text)["csrf_token"]}
    assert post(client, address, make_pdf("another"), **hidden).status_code == 303
    assert the_letter() == first


@pytest.mark.parametrize("path", ["/en/apply/letter/0123456789abcdef0123456789abcdef/", "/en/apply/letter/张/"])
def test_an_unknown_link_says_what_to_do(client: FlaskClient, application: Application, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 410
    assert GONE in page.text
    assert 'href="mailto:group@example.org"' in page.text
    assert client.post(path).status_code == 410


def test_a_link_ends_after_120_days(client: FlaskClient, address: str, clock: time_machine.Traveller) -> None:
    clock.move_to(MORNING + 120 * DAY - timedelta(seconds=1))
    assert client.get(address).status_code == 200
    clock.move_to(MORNING + 120 * DAY)
    assert client.get(address).status_code == 410


def remove_files(_: Application) -> None:
    with transaction() as session:
        session.execute(update(Application).values(files_removed_at=MORNING))


@pytest.mark.parametrize("end", [partial(move, to="withdrawn"), remove_files], ids=["withdrawn", "without files"])
def test_for_what_is_over_no_letter_is_asked(
    client: FlaskClient, application: Application, address: str, end: Callable[[Application], None]
) -> None:
    end(application)
    page = client.get(address)
    assert (page.status_code, "No letter is needed any more" in page.text) == (410, True)
    assert "Test Applicant" not in page.text


def test_an_application_that_is_deleted_meanwhile_asks_for_no_letter(
    client: FlaskClient, application: Application, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference, receive = application.reference, uploads.receive

    def slowly(form: FilesForm, *, now: datetime) -> None:
        receive(form, now=now)
        delete_application(reference=reference, reason="request", actor=None, farewell=True, now=now)

    monkeypatch.setattr(uploads, "receive", slowly)
    response = send(client, address, make_png())
    assert (response.status_code, response.location) == (303, address)
    assert client.get(address).status_code == 410


def test_readers_see_who_was_asked_and_download_what_came(
    client: FlaskClient, application: Application, address: str
) -> None:
    send(client, address)
    sign_in(client, Role.REVIEWER)
    page = client.get(f"/en/review/{application.reference}/").text
    section = page.partition("Letters of recommendation</h2>")[2].partition("<h2>")[0]
    assert section.count('<span class="tag good">received</span>') == 1
    assert section.count('<span class="tag wait">awaited</span>') == 1
    assert "Professor, Test University" in section
    assert "after it was due" not in section
    download = f"/en/review/{application.reference}/letters/1.pdf"
    assert section.count(download) == section.count("/letters/") == 1
    response = client.get(download)
    assert (response.data, response.mimetype) == (LETTER, "application/pdf")
    name = f"letter-1-{application.reference}.pdf"
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    response.close()
    for other in (f"{application.reference}/letters/2.pdf", "0000-0000-0000-0001/letters/1.pdf"):
        assert client.get(f"/en/review/{other}").status_code == 404


def test_applicants_and_editors_never_get_it(client: FlaskClient, application: Application, address: str) -> None:
    send(client, address)
    download = f"/en/review/{application.reference}/letters/1.pdf"
    assert client.get(download).status_code == 302
    for path in ("status", "received"):
        page = client.get(f"/en/apply/{path}/{application.reference}/").text
        assert sha256(LETTER).hexdigest() not in page
        assert "/letters/" not in page
    sign_in(client, Role.EDITOR)
    assert client.get(download).status_code == 404


def test_custody_keeps_a_letter_and_drops_the_one_it_replaced(client: FlaskClient, address: str) -> None:
    send(client, address)
    send(client, address, make_pdf("a better letter"))
    now = MORNING + 3 * DAY
    count = documents()
    assert custody.discard_abandoned(now=now) == 1
    assert documents() == count - 1
    letter = the_letter()
    assert letter and read_bytes(letter.sha256) == make_pdf("a better letter")
    assert [str(difference) for difference in check(now=now)] == []
    assert verify_stored(limit=10, now=now).verified == 3


def test_the_check_names_the_application_of_a_letter_that_is_lost(
    client: FlaskClient, application: Application, address: str
) -> None:
    send(client, address)
    digest = sha256(LETTER).hexdigest()
    path_of(digest).unlink()
    assert [str(difference) for difference in check(now=MORNING)] == [
        f"file that is missing: {digest} of {application.reference}"
    ]


def test_referees_are_spoken_to_as_those_who_do_a_favour(client: FlaskClient, address: str) -> None:
    """Applicants are 你; a referee is 您, on the page, with its errors and thanks, and in the mail."""
    chinese = address.removeprefix("/en")
    pages = [client.get(chinese), send(client, chinese, b"words"), client.get("/apply/letter/none/")]
    send(client, chinese)
    pages.append(client.get(chinese))
    mail = mails("letter_asked")[0]
    assert f"{mail.text}".count("您") >= 1
    for text in [mail.text, mail.html, *(page.text.partition("<main")[2].partition("</main>")[0] for page in pages)]:
        assert "你" not in text
