"""What is put into the outbox, and the letter that becomes of it."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from s2group.content.group.queries import group_profile
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.extensions import db
from s2group.mail.composing import WrongBytesError, compose
from s2group.mail.headers import UnfitForHeaderError
from s2group.mail.models import OutboxMail
from s2group.mail.queries import mails_of
from s2group.mail.services import Attachment, enqueue
from tests.support.applying import load_fictional_content
from tests.support.mail import Files, add_templates, put_into_outbox

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
HEADERS = [
    "Subject", "Message-ID", "Date", "From", "To", "Cc", "Reply-To", "Auto-Submitted", "MIME-Version", "Content-Type",
]  # fmt: skip


@pytest.fixture(autouse=True)
def templates(app: Flask) -> None:
    add_templates(app)


def _row(**changes: Any) -> OutboxMail:
    return db.session.get_one(OutboxMail, put_into_outbox(NOW, **changes)[0])


def _letter(mail: OutboxMail, files: Files | None = None) -> tuple[bytes, EmailMessage]:
    raw = compose(mail, sender="S2Group 门户 <portal@example.org>", read_attachment=(files or Files()).read)
    return raw, email.message_from_bytes(raw, policy=email.policy.default)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize(
    ("sender", "name"), [("portal@example.org", ""), ("入学办公室 <portal@example.org>", "入学办公室")]
)
def test_mail_comes_from_the_group_unless_the_settings_name_somebody(
    app: Flask, locale: Locale, sender: str, name: str
) -> None:
    load_fictional_content(app)
    group = group_profile()
    assert group is not None
    raw = compose(_row(locale=locale), sender=sender, read_attachment=Files().read)
    [address] = email.message_from_bytes(raw, policy=email.policy.default)["From"].addresses
    assert (address.display_name, address.addr_spec) == (name or group.name[locale], "portal@example.org")


def test_each_recipient_has_a_row_of_its_own(app: Flask) -> None:
    put_into_outbox(NOW, to=["pi@example.org", "co@example.org"], copies=["office@example.org", "PI@example.org"])
    rows = mails_of("7K3M-Q0ZT-9XHB-4WPD")
    assert [row.recipient for row in rows] == ["pi@example.org", "co@example.org", "office@example.org"]
    assert len({row.message_id for row in rows}) == 3
    assert all(row.message_id.endswith("@127.0.0.1>") for row in rows)
    assert {(row.state, row.attempts, row.next_attempt_at) for row in rows} == {("waiting", 0, NOW)}


def test_every_copy_shows_all_recipients(app: Flask) -> None:
    ids = put_into_outbox(NOW, to=["pi@example.org", "co@example.org"], copies=["office@example.org"])
    for mail_id in ids:
        _, message = _letter(db.session.get_one(OutboxMail, mail_id))
        assert (message["To"], message["Cc"]) == ("pi@example.org, co@example.org", "office@example.org")


def test_a_mail_vanishes_with_the_transaction_it_tells_of(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        enqueue(session, message="test_message", topic="T", to=["pi@example.org"], locale="zh", context={"name": "甲"}, now=NOW)  # fmt: skip # noqa: E501
        raise ZeroDivisionError
    assert mails_of("T") == []


def test_the_letter(app: Flask) -> None:
    files = Files()
    resume = bytes(range(256)) * 1000 + b"\r\n.\r\nFrom \n\r"
    mail = _row(
        copies=["office@example.org"], reply_to="jia@example.org", attachments=[files.add(resume, "resume-7K3M.pdf")]
    )
    raw, message = _letter(mail, files)
    assert message.keys() == HEADERS
    assert message["Subject"] == "推免-测试甲-计算机学院 软件工程"
    assert message["Message-ID"] == mail.message_id
    assert message["Date"] == "Wed, 02 Sep 2026 06:06:00 +0000"
    assert message["From"] == "S2Group 门户 <portal@example.org>"
    assert message["Reply-To"] == "jia@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["测试甲 <zh>", ".", "以点开头的一行"]
    assert "<p>测试甲</p>" in html.get_content()
    [attachment] = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content_type()) == ("resume-7K3M.pdf", "application/pdf")
    assert attachment.get_payload(decode=True) == resume
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("甲\r\nBcc: spy@example.org", "甲 Bcc: spy@example.org"),
        ("=?utf-8?q?a=0d=0aBcc:_spy@example.org?=", "= ?utf-8?q?a=0d=0aBcc:_spy@example.org?="),
        ("\u202e甲\u2066乙", "甲乙"),
        ("a\nb\x00c", "a b c"),
    ],
)
def test_a_hostile_name_is_only_text(app: Flask, name: str, shown: str) -> None:
    _, message = _letter(_row(name=name))
    assert message.keys() == [header for header in HEADERS if header not in ("Cc", "Reply-To")]
    assert message["Subject"] == f"推免-{shown}-计算机学院 软件工程"
    assert message["Subject"].defects == ()


def test_a_name_of_ten_thousand_characters_is_cut_in_the_subject(app: Flask) -> None:
    _, message = _letter(_row(name="甲" * 10_000))
    assert message["Subject"] == "推免-" + "甲" * 196 + "…"


def test_only_the_html_is_escaped(app: Flask) -> None:
    _, message = _letter(_row(name='<b>&"甲"'))
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert message["Subject"].startswith('推免-<b>&"甲"-')
    assert text.get_content().startswith('<b>&"甲" <zh>')
    assert "<p>&lt;b&gt;&amp;&#34;甲&#34;</p>" in html.get_content()


def test_a_mail_to_nobody_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="somebody to go to"):
        put_into_outbox(NOW, to=[], copies=["office@example.org"])


@pytest.mark.parametrize("place", ["to", "copies", "reply_to"])
def test_an_address_that_could_be_read_as_more_is_refused(app: Flask, place: str) -> None:
    hostile = "a@example.org\r\nBcc: spy@example.org"
    changes: dict[str, Any] = {place: hostile if place == "reply_to" else [hostile]}
    with pytest.raises(UnfitForHeaderError):
        put_into_outbox(NOW, **changes)


def test_an_attachment_cannot_carry_an_applicants_own_name() -> None:
    with pytest.raises(UnfitForHeaderError):
        Attachment("0" * 64, "张三_简历.pdf")


def test_a_file_that_changed_in_the_store_is_not_sent(app: Flask) -> None:
    files = Files()
    attachment = files.add(b"resume", "resume.pdf")
    files.contents[attachment.sha256] = b"other"
    mail = _row(attachments=[attachment])
    with pytest.raises(WrongBytesError):
        _letter(mail, files)
