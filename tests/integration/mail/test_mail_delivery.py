"""The worker against a real mail server: accepted, refused, down, hanging, dropping the line, too small."""

import smtplib
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from unittest.mock import Mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, true, update

from s2group.core.database import transaction
from s2group.extensions import db
from s2group.mail import delivery, manual, transports
from s2group.mail.delivery import deliver_due
from s2group.mail.models import MailServer, OutboxMail
from s2group.mail.queries import mails_for_a_person, staff_mails
from s2group.mail.replies import ServerReply
from s2group.mail.rules import GIVE_UP_AFTER, PROBES, WAKE_GROUP
from tests.support.mail import Files, add_templates, put_into_outbox
from tests.support.smtp import Mailbox

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def templates(app: Flask) -> None:
    add_templates(app)


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    """A mail server that is still down; the portal knows where it will be."""
    mailbox = Mailbox()
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=mailbox.port)
    return mailbox


def _deliver(now: datetime, files: Files | None = None) -> int:
    tried = deliver_due(now=now, read_attachment=(files or Files()).read)
    db.session.remove()
    return tried


def _deliver_in_context(app: Flask, now: datetime) -> int:
    """As another worker does: in a context, and so in a session, of its own."""
    with app.app_context():
        return _deliver(now)


def _row(mail_id: int) -> OutboxMail:
    """What the database says of a mail now."""
    row = db.session.get_one(OutboxMail, mail_id)
    db.session.remove()
    return row


def test_an_accepted_mail_keeps_the_servers_words(mailbox: Mailbox) -> None:
    resume = bytes(range(256)) * 4000
    files = Files()
    [mail_id] = put_into_outbox(NOW, attachments=[files.add(resume, "resume.pdf")])
    with mailbox:
        mailbox.reply = "250 2.0.0 Ok: queued as 4T1"
        assert _deliver(NOW, files) == 1
        assert _deliver(NOW + MINUTE, files) == 0
    [letter] = mailbox.letters
    assert (letter.sender, letter.recipients) == ("portal@example.org", ["pi@example.org"])
    assert [(name, sha256(content).hexdigest()) for name, content in letter.attachments] == [
        ("resume.pdf", sha256(resume).hexdigest())
    ]
    row = _row(mail_id)
    assert (row.state, row.attempts, row.reply_code, row.reply_text) == ("accepted", 1, 250, "2.0.0 Ok: queued as 4T1")
    assert row.accepted_at is not None
    assert NOW <= row.accepted_at < NOW + MINUTE


def test_while_the_server_is_down_one_mail_tries_it_again_and_again(mailbox: Mailbox) -> None:
    ids = [put_into_outbox(NOW)[0] for _ in range(3)]
    now = NOW
    for probe in (*PROBES, PROBES[-1]):
        assert _deliver(now) == 1
        server = _server()
        assert (server.state, server.reply_code) == ("down", None)
        assert server.reply_text.startswith("ConnectionRefusedError")
        assert probe <= server.next_probe_at - now <= probe + timedelta(seconds=5)
        assert _deliver(server.next_probe_at - timedelta(seconds=1)) == 0
        now = server.next_probe_at
    assert {_row(mail_id).state for mail_id in ids} == {"waiting"}
    assert sum(_row(mail_id).attempts for mail_id in ids) == len(PROBES) + 1
    with mailbox:
        assert (_deliver(now), _deliver(now + MINUTE)) == (1, 2)
    assert {letter.message["Message-ID"] for letter in mailbox.letters} == {_row(mail_id).message_id for mail_id in ids}
    assert _server().state == "open"


@pytest.mark.parametrize(
    ("outage", "mails"), [(timedelta(minutes=15), 170), (timedelta(hours=24), 30), (timedelta(days=5), 1)]
)
def test_ten_minutes_after_an_outage_everything_is_delivered_in_small_groups(
    app: Flask, monkeypatch: pytest.MonkeyPatch, outage: timedelta, mails: int
) -> None:
    relay = SimulatedRelay(back_at=NOW + outage)
    monkeypatch.setattr(delivery, "open_transport", lambda: nullcontext(relay))
    for number in range(mails):
        put_into_outbox(NOW + outage * number / mails)
    while due := next_attempt_at(NOW + outage):
        if NOW + timedelta(minutes=30) < due < relay.back_at - timedelta(minutes=30):
            due = relay.back_at - timedelta(minutes=30)  # the hours between are all alike
        relay.now = due
        assert _deliver(due) > 0
    assert len(relay.accepted) == mails
    assert max(relay.accepted.values()) <= NOW + outage + timedelta(minutes=10)
    groups = Counter(relay.accepted.values())
    assert max(groups.values()) <= WAKE_GROUP + 1
    assert relay.in_vain <= timedelta(hours=1) / timedelta(minutes=3) + len(PROBES)


def next_attempt_at(end: datetime) -> datetime | None:
    """When the worker next has something to do, whoever it is for."""
    server = db.session.get(MailServer, 1)
    waiting = select(func.min(OutboxMail.next_attempt_at)).where(OutboxMail.state == "waiting")
    due = db.session.scalar(waiting)
    found = max(due, server.next_probe_at) if due and server and server.state != "open" else due
    db.session.remove()
    return found


@dataclass
class SimulatedRelay:
    """A server that is back at a moment of a simulated clock."""

    back_at: datetime
    now: datetime = NOW
    in_vain: int = 0
    accepted: dict[str, datetime] = field(default_factory=dict)

    def hand_over(self, *, message_id: str, recipient: str, content: bytes) -> ServerReply:
        """Refuse the connection until the server is back."""
        if self.now < self.back_at:
            self.in_vain += 1
            return ServerReply("later", None, "ConnectionRefusedError", about="server")
        self.accepted[message_id] = self.now
        return ServerReply("accepted", 250, "queued")


def test_a_mail_that_nobody_takes_for_six_days_is_shown_to_a_person(mailbox: Mailbox) -> None:
    [mail_id] = put_into_outbox(NOW)
    now = NOW
    with mailbox:
        mailbox.recipient_replies["pi@example.org"] = "450 4.2.2 mailbox full"
        while _row(mail_id).state == "waiting":
            now = max(_row(mail_id).next_attempt_at, now + timedelta(hours=1))
            _deliver(now)
    assert now - NOW > GIVE_UP_AFTER
    assert [mail.id for mail in mails_for_a_person(staff_mails())] == [mail_id]


def test_a_mailbox_that_is_full_holds_up_nobody_else(mailbox: Mailbox) -> None:
    [full] = put_into_outbox(NOW, to=["full@example.org"])
    now = NOW
    with mailbox:
        mailbox.recipient_replies["full@example.org"] = "452 4.2.2 mailbox full"
        for _ in range(4):
            now = max(_row(full).next_attempt_at, now + 3 * MINUTE)
            _deliver(now)
        assert _server().state == "down"
        [other] = put_into_outbox(now)
        _deliver(now + 4 * MINUTE)
    assert (_row(other).state, _row(full).state, _server().state) == ("accepted", "waiting", "open")


def test_a_wrong_password_holds_the_outbox_and_raises_the_alarm_at_once(
    app: Flask, client: FlaskClient, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ids = [put_into_outbox(NOW)[0] for _ in range(3)]
    refusal = smtplib.SMTPAuthenticationError(535, b"5.7.8 no such password")
    monkeypatch.setattr(transports.Connection, "configure_host", Mock(side_effect=refusal))
    assert _deliver(NOW) == 1
    assert (_server().state, _server().reply_code) == ("refusing", 535)
    assert "the server refuses everything (535)" in caplog.text
    assert client.get("/readyz").status_code == 503
    assert "mail: the server refuses all mail (535)" in client.get("/readyz").text
    monkeypatch.undo()
    with mailbox:
        _send_all_again(NOW + MINUTE)
        assert _deliver(NOW + MINUTE) == 3
    assert {_row(mail_id).state for mail_id in ids} == {"accepted"}


@pytest.mark.parametrize(
    ("recipients", "reply"),
    [
        (["gone@a.example", "gone@b.example", "gone@c.example", "gone@d.example"], "550 5.1.1 no such user"),
        (["gone@a.example", "gone@b.example", "gone@c.example", "gone@d.example"], "550 5.2.1 mailbox disabled"),
        (["one@a.example", "two@a.example", "three@a.example", "four@b.example"], "554 5.7.1 not wanted here"),
        (["one@a.example", "two@b.example"], "550 no"),
    ],
)
def test_dead_addresses_hold_up_nobody_else(mailbox: Mailbox, recipients: list[str], reply: str) -> None:
    dead = [put_into_outbox(NOW, to=[recipient])[0] for recipient in recipients]
    [living] = put_into_outbox(NOW)
    with mailbox:
        mailbox.recipient_replies = dict.fromkeys(recipients, reply)
        assert _deliver(NOW) == len(recipients) + 1
    assert [_row(mail_id).state for mail_id in [*dead, living]] == ["stuck"] * len(dead) + ["accepted"]


@pytest.mark.parametrize("reply", ["553 5.1.8 no such sender", "550 5.1.7 bad sender", "535 5.7.8 wrong password"])
def test_a_sender_that_is_refused_at_the_recipient_holds_the_outbox_at_once(mailbox: Mailbox, reply: str) -> None:
    [first] = put_into_outbox(NOW)
    [second] = put_into_outbox(NOW, to=["co@example.org"])
    with mailbox:
        mailbox.recipient_replies["pi@example.org"] = reply
        assert _deliver(NOW) == 1
    assert (_server().state, _server().reply_code) == ("refusing", int(reply[:3]))
    assert [(_row(mail_id).state, _row(mail_id).attempts) for mail_id in (first, second)] == [
        ("waiting", 1),
        ("waiting", 0),
    ]


def test_a_refused_sender_holds_the_outbox_at_once(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    [mail_id] = put_into_outbox(NOW)
    monkeypatch.setattr(Mailbox, "handle_MAIL", Mock(side_effect=_refuse_sender), raising=False)
    with mailbox:
        assert _deliver(NOW) == 1
    assert (_server().state, _row(mail_id).state) == ("refusing", "waiting")


async def _refuse_sender(*_: object) -> str:
    return "550 5.7.1 not from you"


def test_a_server_that_refuses_every_mail_gets_no_more_than_it_takes_to_see_that(
    client: FlaskClient, mailbox: Mailbox
) -> None:
    ids = [put_into_outbox(NOW, to=[f"pi@{number}.example"])[0] for number in range(6)]
    with mailbox:
        mailbox.reply = "550 5.7.1 relaying denied"
        assert _deliver(NOW) == 3
        assert _server().state == "refusing"
        assert [_row(mail_id).state for mail_id in ids] == ["stuck"] * 3 + ["waiting"] * 3
        assert "mail: the server refuses all mail (550)" in client.get("/readyz").text
        assert _deliver(_server().next_probe_at) == 1
        assert [_row(mail_id).state for mail_id in ids] == ["stuck"] * 3 + ["waiting"] * 3
        mailbox.reply = "250 OK"
        _send_all_again(NOW + MINUTE)
        assert _deliver(NOW + MINUTE) == 6
    assert len({letter.message["Message-ID"] for letter in mailbox.letters}) == 6
    assert _server().state == "open"


def _send_all_again(now: datetime) -> None:
    with transaction() as session:
        manual.send_all_again(session, which=true(), now=now)


def _server() -> MailServer:
    server = db.session.get_one(MailServer, 1)
    db.session.remove()
    return server


@pytest.mark.parametrize("behaviour", ["drop the line", "hang"])
def test_a_mail_whose_acceptance_was_not_heard_is_repeated_under_the_same_id(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, behaviour: str
) -> None:
    monkeypatch.setattr(transports, "VERDICT_SECONDS", 0.5)
    [mail_id] = put_into_outbox(NOW)
    with mailbox:
        mailbox.behaviour = behaviour  # type: ignore[assignment]
        assert _deliver(NOW) == 1
        assert (_row(mail_id).state, _row(mail_id).reply_code) == ("waiting", None)
        mailbox.behaviour = "answer"
        assert _deliver(NOW + MINUTE) == 1
    first, second = mailbox.letters
    assert first.message["Message-ID"] == second.message["Message-ID"] == _row(mail_id).message_id
    assert _row(mail_id).state == "accepted"


def _answer_with(mailbox: Mailbox, step: str, reply: str) -> None:
    if step == "recipient":
        mailbox.recipient_replies["pi@example.org"] = reply
    else:
        mailbox.reply = reply


@pytest.mark.parametrize("step", ["recipient", "mail"])
def test_a_refusal_for_good_goes_to_a_person_at_once(mailbox: Mailbox, step: str) -> None:
    [mail_id] = put_into_outbox(NOW)
    _answer_with(mailbox, step, "550 5.1.1 no such\N{RIGHT-TO-LEFT OVERRIDE} user")
    with mailbox:
        assert _deliver(NOW) == 1
        assert _deliver(NOW + timedelta(days=1)) == 0
    row = _row(mail_id)
    assert (row.state, row.reply_code, row.reply_text) == ("stuck", 550, "5.1.1 no such user")


@pytest.mark.parametrize("reply", ["451 4.7.1 greylisted", "530 5.7.0 sign in first"])
@pytest.mark.parametrize("step", ["recipient", "mail"])
def test_a_refusal_for_now_is_tried_again(mailbox: Mailbox, step: str, reply: str) -> None:
    [mail_id] = put_into_outbox(NOW)
    _answer_with(mailbox, step, reply)
    with mailbox:
        assert _deliver(NOW) == 1
        assert (_row(mail_id).state, _row(mail_id).reply_code) == ("waiting", int(reply[:3]))
        _answer_with(mailbox, step, "250 OK")
        mailbox.recipient_replies.clear()
        assert _deliver(NOW + MINUTE) == 1
    assert len(mailbox.letters) == 1


def test_one_refused_recipient_does_not_hold_up_the_others(mailbox: Mailbox) -> None:
    gone, present = put_into_outbox(NOW, to=["gone@example.org", "pi@example.org"])
    with mailbox:
        mailbox.recipient_replies["gone@example.org"] = "550 5.1.1 no such user"
        assert _deliver(NOW) == 2
    assert (_row(gone).state, _row(present).state) == ("stuck", "accepted")


@pytest.mark.parametrize(("locale", "note"), [("zh", "附件超过了"), ("en", "The attachments are larger than")])
@pytest.mark.parametrize("announced", [True, False])
def test_files_too_big_for_the_server_are_left_out_and_the_mail_says_so_in_its_language(
    announced: bool, locale: str, note: str, mailbox: Mailbox
) -> None:
    files = Files()
    [mail_id] = put_into_outbox(NOW, locale=locale, attachments=[files.add(b"x" * 50_000, "resume.pdf")])
    if announced:
        mailbox.announced_size = 20_000
    else:
        mailbox.biggest = 20_000
    with mailbox:
        assert _deliver(NOW, files) == 1
    [letter] = mailbox.letters
    assert letter.attachments == []
    assert [line.startswith(note) for line in letter.text.splitlines()].count(True) == 1
    assert _row(mail_id).state == "accepted"


def test_a_mail_whose_file_is_missing_waits_and_the_next_one_goes(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = put_into_outbox(NOW, attachments=[Files().add(b"lost", "resume.pdf")]) + put_into_outbox(NOW)
    with mailbox:
        assert _deliver(NOW) == 2
    row = _row(broken)
    assert (row.state, row.attempts, _row(sound).state) == ("waiting", 1, "accepted")
    assert row.reply_text is not None
    assert row.reply_text.startswith("KeyError")
    assert row.message_id in caplog.text
    assert "pi@example.org" not in caplog.text


def test_no_mail_is_claimed_twice_by_workers_at_the_same_time(app: Flask, mailbox: Mailbox) -> None:
    ids = [mail_id for _ in range(20) for mail_id in put_into_outbox(NOW)]

    with mailbox, ThreadPoolExecutor() as workers:
        tried = list(workers.map(lambda _: _deliver_in_context(app, NOW), range(4)))
    assert sum(tried) == len(ids) == len(mailbox.letters)
    assert len({letter.message["Message-ID"] for letter in mailbox.letters}) == len(ids)
    assert {_row(mail_id).state for mail_id in ids} == {"accepted"}


def _claim_and_die(mail_id: int, at: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(OutboxMail).where(OutboxMail.id == mail_id).values(state="sending", claimed_at=at, attempts=1)
        )


def test_the_claim_of_a_dead_worker_is_taken_over(app: Flask, mailbox: Mailbox) -> None:
    """At once: nobody else holds the workers' lock."""
    [mail_id] = put_into_outbox(NOW)
    _claim_and_die(mail_id, NOW)
    with mailbox:
        assert _deliver(NOW + MINUTE) == 1
    assert (_row(mail_id).state, _row(mail_id).attempts) == ("accepted", 2)


def test_the_claim_of_a_living_worker_is_left_alone(app: Flask, mailbox: Mailbox) -> None:
    slow, later = put_into_outbox(NOW) + put_into_outbox(NOW + MINUTE)
    with mailbox:
        mailbox.behaviour = "hang"
        first = threading.Thread(target=_deliver_in_context, args=(app, NOW))
        first.start()
        mailbox.wait_for("pi@example.org", containing="测试甲")
        mailbox.behaviour = "answer"
        assert _deliver(NOW + MINUTE) == 1
        assert (_row(slow).state, _row(later).state) == ("sending", "accepted")
        mailbox.release()
        first.join()
    assert _row(slow).state == "accepted"
    assert len(mailbox.letters) == 2


def _meanwhile(mail_id: int, **values: object) -> None:
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.id == mail_id).values(**values))


def test_a_late_acceptance_counts_though_the_claim_was_given_up(app: Flask, mailbox: Mailbox) -> None:
    [mail_id] = put_into_outbox(NOW)
    with mailbox, ThreadPoolExecutor() as workers:
        mailbox.behaviour = "hang"
        slow = workers.submit(_deliver_in_context, app, NOW)
        mailbox.wait_for("pi@example.org", containing="测试甲")
        _meanwhile(mail_id, state="waiting", next_attempt_at=NOW + MINUTE)
        mailbox.release()
        slow.result()
        assert _deliver(NOW + MINUTE) == 0
    assert (_row(mail_id).state, _row(mail_id).reply_code) == ("accepted", 250)


def test_a_late_failure_changes_nothing_once_another_worker_was_heard(app: Flask, mailbox: Mailbox) -> None:
    [mail_id] = put_into_outbox(NOW)
    with mailbox, ThreadPoolExecutor() as workers:
        mailbox.behaviour = "hang"
        slow = workers.submit(_deliver_in_context, app, NOW)
        mailbox.wait_for("pi@example.org", containing="测试甲")
        _meanwhile(mail_id, state="accepted", accepted_at=NOW, reply_code=250)
        mailbox.reply = "550 no"
        mailbox.release()
        slow.result()
    assert (_row(mail_id).state, _row(mail_id).reply_code) == ("accepted", 250)


def test_a_late_failure_changes_nothing_once_another_worker_has_the_mail(app: Flask, mailbox: Mailbox) -> None:
    """Attempts do not tell the two apart: somebody may have said 'send again' in between, which counts anew."""
    [mail_id] = put_into_outbox(NOW)
    with mailbox, ThreadPoolExecutor() as workers:
        mailbox.behaviour = "hang"
        slow = workers.submit(_deliver_in_context, app, NOW)
        mailbox.wait_for("pi@example.org", containing="测试甲")
        _meanwhile(mail_id, state="sending", claimed_at=NOW + MINUTE, attempts=1)
        mailbox.reply = "550 no"
        mailbox.release()
        slow.result()
    assert (_row(mail_id).state, _row(mail_id).reply_code) == ("sending", None)


def test_the_verdict_on_a_mail_is_waited_for_longer_than_a_step(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that scans the attachments takes its time; who hangs up sends them twice."""
    monkeypatch.setattr(transports, "STEP_SECONDS", 0.5)
    [mail_id] = put_into_outbox(NOW)
    with mailbox:
        mailbox.behaviour = "hang"
        threading.Timer(1, mailbox.release).start()
        assert _deliver(NOW) == 1
    assert (_row(mail_id).state, len(mailbox.letters)) == ("accepted", 1)


def test_without_a_mail_server_each_mail_becomes_a_file_that_a_repeat_replaces(app: Flask) -> None:
    files = Files()
    ids = put_into_outbox(NOW, to=["pi@example.org", "co@example.org"], attachments=[files.add(b"%PDF-", "resume.pdf")])
    assert _deliver(NOW, files) == 2
    with transaction() as session:
        session.execute(update(OutboxMail).values(state="waiting", written_at=None))
    assert _deliver(NOW, files) == 2
    folder = app.config["DATA_DIR"] / "mail"
    names = {
        f"{mail_id.strip('<>').split('@')[0]}.eml" for mail_id in db.session.scalars(select(OutboxMail.message_id))
    }
    assert {path.name for path in folder.iterdir()} == names
    for mail_id in ids:
        row = _row(mail_id)
        content = (folder / f"{row.message_id.strip('<>').split('@')[0]}.eml").read_bytes()
        assert content.startswith(f"Delivered-To: {row.recipient}\r\nSubject: ".encode())
        assert (row.state, row.reply_code, row.accepted_at) == ("written", None, None)
        assert row.written_at is not None
        assert NOW <= row.written_at < NOW + MINUTE
