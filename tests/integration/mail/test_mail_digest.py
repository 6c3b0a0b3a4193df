"""The daily word to the administrators about mail that waits for somebody."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from s2group.admissions.models import Call
from s2group.cli.worker import JOBS
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.jobs.services import run_due
from s2group.mail.delivery import deliver_due
from s2group.mail.digest import MOST_LISTED, send_digest
from s2group.mail.models import OutboxMail
from tests.support.applying import load_fictional_content
from tests.support.changing import upload
from tests.support.mail import Files, add_templates, put_into_outbox
from tests.support.pdf import make_pdf
from tests.support.staff import add_staff

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
ADMINS = ["admin@example.org", "second@example.org"]


@pytest.fixture(autouse=True)
def templates(app: Flask) -> None:
    add_templates(app)


def _mail(age: timedelta, state: str) -> str:
    """A mail written so long ago, in that state; its key."""
    [mail_id] = put_into_outbox(NOW - age, to=["applicant@example.org"])
    _set(OutboxMail.id == mail_id, state=state, accepted_at=NOW if state == "bounced" else None)
    return db.session.get_one(OutboxMail, mail_id).key


def _set(which: Any, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).where(which).values(**values))


def _digests() -> list[OutboxMail]:
    db.session.expire_all()
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.message == "stuck_mail_digest")))


def test_it_tells_how_many_how_old_and_where_and_names_nobody(app: Flask) -> None:
    oldest, youngest = _mail(timedelta(days=8, hours=3), "bounced"), _mail(timedelta(hours=2), "stuck")
    _mail(timedelta(days=9), "waiting")
    assert send_digest(to=ADMINS, locale="zh", now=NOW) == 2
    first, second = _digests()
    assert [first.recipient, second.recipient, first.locale] == [*ADMINS, "zh"]
    desk = "http://127.0.0.1:8000/review/mail/"
    addresses = re.findall(r"http\S+", first.text)
    assert addresses == [desk, f"{desk}{oldest}/", f"{desk}{youngest}/"]
    assert re.findall(r'href="([^"]+)"', first.html) == addresses
    numbers = [re.findall(r"\d+", line.partition("http")[0]) for line in first.text.splitlines()]
    assert [found for found in numbers if found] == [["1"], ["1"], ["8"], ["8"], ["2"]]
    for secret in ("applicant@example.org", "测试甲", "7K3M"):
        assert secret not in first.subject + first.text + first.html


def test_there_is_none_when_nothing_waits_for_a_person(app: Flask) -> None:
    _mail(timedelta(days=3), "waiting")
    assert send_digest(to=ADMINS, locale="zh", now=NOW) == 0
    assert _digests() == []


@pytest.mark.parametrize(
    ("lost", "subject", "words"),
    [
        (1, "1 stored file is missing or damaged", "1 stored file is missing or damaged. Bring it back from a backup."),
        (2, "2 stored files are missing or damaged", "2 stored files are missing or damaged. Bring them back"),
    ],
)
def test_it_tells_of_lost_files(app: Flask, lost: int, subject: str, words: str) -> None:
    assert send_digest(to=ADMINS[:1], locale="en", lost_files=lost, now=NOW) == 0
    [digest] = _digests()
    assert (digest.subject, "These mails" in digest.text) == (subject, False)
    for body in (digest.text, digest.html):
        assert words in body
        assert "This command tells which: flask --app app check" in body


def test_it_tells_of_lost_files_and_mail_together(app: Flask) -> None:
    _mail(timedelta(days=8), "stuck")
    send_digest(to=ADMINS[:1], locale="zh", lost_files=1, now=NOW)
    [digest] = _digests()
    assert digest.subject == "1 份存储的文件丢失或损坏"
    assert "这些邮件没有送达" in digest.text
    assert "1 份存储的文件丢失或损坏。从备份中取回。\n用这条命令查看是哪些：flask --app app check" in digest.text


def test_the_job_tells_of_a_damaged_file_until_it_is_whole_again(app: Flask) -> None:
    add_staff(Role.ADMIN)
    document = upload(make_pdf())
    job = [job for job in JOBS if job.name == "tell of stuck mail"]
    for day, damaged_at in enumerate([None, NOW, NOW, None, NOW]):
        with transaction() as session:
            session.execute(update(Document).where(Document.id == document.id).values(damaged_at=damaged_at))
        run_due(job, now=NOW + timedelta(days=day))
        deliver_due(now=NOW + timedelta(days=day), read_attachment=Files().read)
    assert [digest.created_at for digest in _digests()] == [NOW + timedelta(days=day) for day in (1, 2, 4)]


def test_a_digest_that_did_not_arrive_is_no_reason_for_another(app: Flask) -> None:
    _mail(timedelta(days=8), "stuck")
    send_digest(to=ADMINS, locale="zh", now=NOW)
    _set(OutboxMail.message == "stuck_mail_digest", state="stuck")
    _set(OutboxMail.message == "test_message", state="accepted", accepted_at=NOW)
    assert send_digest(to=ADMINS, locale="zh", now=NOW + timedelta(days=1)) == 0
    assert len(_digests()) == len(ADMINS)


def test_whoever_has_one_on_its_way_gets_no_second(app: Flask) -> None:
    _mail(timedelta(days=8), "stuck")
    assert send_digest(to=["ADMIN@example.org"], locale="zh", now=NOW) == 1
    assert send_digest(to=ADMINS, locale="zh", now=NOW + timedelta(days=1)) == 1
    assert [digest.recipient for digest in _digests()] == ["ADMIN@example.org", "second@example.org"]
    deliver_due(now=NOW + timedelta(days=1), read_attachment=Files().read)
    assert send_digest(to=ADMINS, locale="zh", now=NOW + timedelta(days=2)) == 1
    assert len(_digests()) == 4


def test_a_long_list_is_cut(app: Flask) -> None:
    for _ in range(MOST_LISTED + 5):
        _mail(timedelta(days=8), "stuck")
    assert send_digest(to=ADMINS, locale="zh", now=NOW) == MOST_LISTED + 5
    assert _digests()[0].text.count("/review/mail/") == MOST_LISTED + 1


@pytest.mark.parametrize(("locale", "subject"), [("zh", "1 封邮件"), ("en", "1 mail needs somebody")])
def test_the_job_writes_it_in_the_language_of_the_groups_mail(app: Flask, locale: str, subject: str) -> None:
    load_fictional_content(app)
    with transaction() as session:
        session.execute(update(Call).values(mail_locale=locale))
    add_staff(Role.ADMIN)
    _mail(timedelta(days=8), "stuck")
    run_due([job for job in JOBS if job.name == "tell of stuck mail"], now=NOW)
    [digest] = _digests()
    assert (digest.locale, digest.subject.startswith(subject)) == (locale, True)
    assert ("/en/review/mail/" in digest.text) == (locale == "en")
