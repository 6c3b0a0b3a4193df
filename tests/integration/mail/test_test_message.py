"""`mail test`: one message, and what the server says to each step; the outbox knows nothing of it."""

from pathlib import Path

import pytest
from flask import Flask

from s2group.extensions import db
from s2group.mail import transports
from s2group.mail.models import OutboxMail
from tests.support.certificates import CERTIFICATE, self_signed
from tests.support.smtp import Mailbox


@pytest.fixture
def mailbox(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """A mail server with TLS and a password; still down."""
    mailbox = Mailbox(tls=self_signed(tmp_path), password="right")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / CERTIFICATE))
    app.config.update(
        MAIL_SERVER="127.0.0.1", MAIL_PORT=mailbox.port, MAIL_USERNAME="portal", MAIL_PASSWORD="right",
        MAIL_USE_TLS=True, MAIL_DEFAULT_SENDER="portal@lab.test",
    )  # fmt: skip
    return mailbox


def sent(app: Flask, address: str = "pi@lab.test") -> tuple[int, list[list[str]], str]:
    """Exit status, step and outcome of each line, and the last line."""
    result = app.test_cli_runner().invoke(args=["mail", "test", address])
    lines = result.output.splitlines()
    assert db.session.query(OutboxMail).count() == 0
    return result.exit_code, [line[:19].rsplit(maxsplit=1) for line in lines if line[9:11] == "  "], lines[-1]


@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "port 465"])
def test_each_step_is_told(at_once: bool, app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    if at_once:
        monkeypatch.setattr(transports, "IMPLICIT_TLS_PORT", mailbox.port)
        mailbox.implicit_tls = True
    steps = ["connect", *([] if at_once else ["STARTTLS"]), "sign in", "sender", "recipient", "message"]
    with mailbox:
        assert sent(app) == (0, [[step, "accepted"] for step in steps], "message    accepted  250 2.0.0 OK: queued")
    [letter] = mailbox.letters_to("pi@lab.test")
    assert letter.message["Subject"] == "网站的测试邮件 · Test message of the portal"
    assert app.config["PUBLIC_URL"] in letter.text
    assert letter.attachments == []


def test_the_step_that_fails_is_the_last_and_says_what_to_do(app: Flask, mailbox: Mailbox) -> None:
    accepted = ["sender", "accepted"]
    with mailbox:
        mailbox.recipient_replies["nobody@lab.test"] = "550 5.1.1 no such mailbox"
        code, steps, last = sent(app, "nobody@lab.test")
        assert (code, steps[-2:]) == (1, [accepted, ["recipient", "refused"]])
        assert last.startswith("Nothing was sent. What to do: the relay does not take mail for this address")
        app.config["MAIL_PASSWORD"] = "wrong"
        code, steps, last = sent(app)
        assert (code, steps[-1]) == (1, ["sign in", "refused"])
        assert "授权码" in last
        mailbox.tls = None
    with mailbox:
        assert sent(app)[:2] == (1, [["connect", "accepted"], ["STARTTLS", "failed"]])
    assert sent(app)[:2] == (1, [["connect", "failed"]])
    assert mailbox.letters == []


def test_without_a_server_it_lies_in_a_file_and_says_so(app: Flask) -> None:
    code, _steps, last = sent(app)
    assert (code, last.startswith("A trial run, MAIL_SERVER is not set")) == (0, True)
    [file] = (app.config["DATA_DIR"] / "mail").iterdir()
    assert b"Delivered-To: pi@lab.test" in file.read_bytes()
    assert sent(app, "no address")[::2] == (1, "Error: no address: not a plain mail address")
