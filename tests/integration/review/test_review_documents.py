"""The files of an application as the staff see them, PDF or picture, and the mail that carries them."""

import io
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.services.submissions import submit_application
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents.pages import draw_wanted
from s2group.documents.rules import PDF_OR_PICTURE
from s2group.documents.services import take_upload
from s2group.documents.store import read_bytes
from s2group.documents.verification import verify_stored
from s2group.extensions import db
from s2group.mail.composing import compose
from s2group.mail.models import OutboxMail
from tests.support import pictures
from tests.support.applying import RESUME, load_fictional_content
from tests.support.staff import sign_in
from tests.support.stored import path_of

RESUME_DIGEST = sha256(RESUME).hexdigest()
SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
JPEG, PNG = pictures.turned_jpeg(6), pictures.make_png()
CUT_OFF = pictures.truncated(pictures.make_jpeg())
FILES = {"resume": RESUME, "transcript": JPEG, "rank_proof": PNG, "other": CUT_OFF}


@pytest.fixture
def application(app: Flask) -> Application:
    """With a résumé and three pictures, one of them cut off."""
    load_fictional_content(app)
    route = db.session.scalars(select(AdmissionRoute)).first()
    assert route is not None
    documents = {
        kind: take_upload(stream=io.BytesIO(data), original_name="扫描件", accepted=PDF_OR_PICTURE, now=SENT)
        for kind, data in FILES.items()
    }
    return submit_application(
        route=route,
        name="测试甲",
        email="jia@example.org",
        answers={"university": "测试大学", "college": "测试学院", "major": "测试专业", "exemption_status": "has"},
        documents=documents,
        locale="en",
        form_key="form-key-of-the-test",
        consent_version="1",
        now=SENT,
    )


@pytest.fixture
def staff(client: FlaskClient, application: Application) -> FlaskClient:
    sign_in(client, Role.REVIEWER)
    return client


def address(application: Application, rest: str = "") -> str:
    return f"/en/review/{application.reference}/{rest}"


@pytest.mark.parametrize(
    ("kind", "extension", "media_type"),
    [("resume", "pdf", "application/pdf"), ("transcript", "jpg", "image/jpeg"), ("rank_proof", "png", "image/png")],
)
def test_a_file_is_downloaded_as_it_came_under_a_name_of_ours(
    staff: FlaskClient, application: Application, kind: str, extension: str, media_type: str
) -> None:
    response = staff.get(address(application, f"{kind}.{extension}"))
    assert (response.status_code, response.mimetype, response.data) == (200, media_type, FILES[kind])
    name = f"{kind}-{application.reference}.{extension}"
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    response.close()


@pytest.mark.parametrize(
    "rest",
    ["transcript.pdf", "resume.jpg", "transcript.jpeg", "research_plan.pdf", "transcript.txt", "transcript/2.webp"],
)
def test_what_is_not_there_is_not_found(staff: FlaskClient, application: Application, rest: str) -> None:
    assert staff.get(address(application, rest)).status_code == 404


def test_a_picture_is_shown_upright_as_its_one_page(staff: FlaskClient, application: Application) -> None:
    draw_wanted()
    response = staff.get(address(application, "transcript/1.webp"))
    assert (response.mimetype, Image.open(io.BytesIO(response.data)).size) == ("image/webp", (800, 600))


def test_the_page_names_each_file_and_shows_it(staff: FlaskClient, application: Application) -> None:
    page = staff.get(address(application)).text
    for kind, label, link in (
        ("resume", "CV", "Download the PDF"),
        ("transcript", "Transcript", "Download the JPEG"),
        ("rank_proof", "Proof of rank", "Download the PNG"),
        ("other", "Another document", "Download the JPEG"),
    ):
        section = page.partition(f' id="{kind}" ')[2].partition("</section>")[0]
        assert f"{label}: Page 1 of 1" in section
        assert link in section
        assert f'src="{address(application)}{kind}/1.webp"' in section
        assert ("Read it as plain text" in section) == (kind == "resume")
        assert ("could not be machine-checked" in section) == (kind == "other")


def test_the_mail_to_the_group_carries_each_file_as_what_it_is(application: Application) -> None:
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == "pi@example.org")).one()
    raw = compose(mail, sender="portal@example.org", read_attachment=read_bytes)
    parts = [part for part in message_from_bytes(raw, policy=default).walk() if part.get_filename()]
    carried = {part.get_param("name"): (part.get_content_type(), part["Content-Transfer-Encoding"]) for part in parts}
    assert len(parts) == len(carried) == 4
    for part in parts:
        assert str(part.get_filename()) in mail.text
        assert str(part.get_filename()) in str(mail.html)
    for kind, extension, content_type in (
        ("resume", "pdf", "application/pdf"),
        ("transcript", "jpg", "image/jpeg"),
        ("rank_proof", "png", "image/png"),
        ("other", "jpg", "image/jpeg"),
    ):
        name = f"{kind}-{application.reference}.{extension}"
        assert carried[name] == (content_type, "base64")


def test_the_mails_name_the_files_in_their_own_language(application: Application) -> None:
    mails = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    to_group, to_applicant = mails[0], mails[-1]
    assert "成绩单" in to_group.text
    assert "成绩单" in to_group.html
    assert (to_applicant.locale, "Proof of rank: " in to_applicant.text) == ("en", True)
    assert "Proof of rank" in to_applicant.html


def test_why_a_mail_came_back_stands_beside_it(staff: FlaskClient, application: Application) -> None:
    with transaction() as session:
        session.execute(
            update(OutboxMail)
            .where(OutboxMail.recipient == "pi@example.org")
            .values(
                state="bounced",
                attempts=1,
                accepted_at=SENT,
                reply_code=250,
                reply_text="queued as 4711",
                bounce_text="550 5.1.1 no such mailbox\n\nThe rest of the notice",
            )
        )
    page = staff.get(address(application)).text
    mails = page.partition("<summary>Mail")[2].partition("</ul>")[0]
    assert "1 attempt" in mails
    assert '· <span lang="en">550 5.1.1 no such mailbox</span>' in mails
    assert "queued as 4711" not in mails
    assert "The rest of the notice" not in mails


def harmed(application: Application, kind: str, content: bytes | None) -> None:
    """Whether the file is gone or holds other bytes: the store has lost it."""
    [digest] = [entry.document.sha256 for entry in application.documents if entry.kind == kind]
    path_of(digest).unlink()
    if content is not None:
        path_of(digest).write_bytes(content)


@pytest.mark.parametrize("content", [None, b"other bytes"], ids=["gone", "other bytes"])
def test_a_lost_file_is_told_of_and_raises_the_alarm(
    staff: FlaskClient, application: Application, content: bytes | None
) -> None:
    assert "damaged" not in staff.get("/readyz").text
    harmed(application, "resume", content)
    assert staff.get(address(application)).status_code == 200
    answer = staff.get(address(application, "resume.pdf"))
    assert answer.status_code == 404
    for words in ("<h1>The stored file is not as it came</h1>", "Found otherwise on", RESUME_DIGEST):
        assert words in answer.text
    page = staff.get(address(application)).text
    assert page.count("the stored copy was not as it came. Restore it from the backup or from the mail.") >= 1
    alarm = "storage: 1 stored files are missing or damaged; `flask --app app check` tells which"
    assert alarm in staff.get("/readyz").text.splitlines()
    for rest in ("resume.txt", "resume/1.webp"):
        assert staff.get(address(application, rest)).status_code == 404


def test_a_file_that_is_whole_again_raises_no_alarm(staff: FlaskClient, application: Application) -> None:
    harmed(application, "resume", b"other bytes")
    staff.get(address(application, "resume.pdf"))
    harmed(application, "resume", RESUME)
    verify_stored(limit=100, now=clock.now() + timedelta(hours=2))
    assert "damaged" not in staff.get("/readyz").text
    assert staff.get(address(application, "resume.pdf")).data == RESUME
