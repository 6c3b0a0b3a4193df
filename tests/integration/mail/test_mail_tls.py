"""Mail goes over TLS only to a server whose certificate is trusted, and a password only over TLS."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from s2group.extensions import db
from s2group.mail import transports
from s2group.mail.delivery import deliver_due
from s2group.mail.models import OutboxMail
from tests.support.certificates import CERTIFICATE, self_signed
from tests.support.mail import Files, add_templates, put_into_outbox
from tests.support.smtp import Mailbox

NOW = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)


@pytest.fixture
def mailbox(app: Flask, tmp_path: Path) -> Mailbox:
    """A mail server with a certificate that nobody knows; still down."""
    add_templates(app)
    mailbox = Mailbox(tls=self_signed(tmp_path))
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=mailbox.port, MAIL_USE_TLS=True)
    return mailbox


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine trust the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / CERTIFICATE))


def _deliver_one() -> OutboxMail:
    """Put a mail into the outbox, try it once, and see what the database says of it then."""
    [mail_id] = put_into_outbox(NOW)
    assert deliver_due(now=NOW, read_attachment=Files().read) == 1
    return db.session.get_one(OutboxMail, mail_id)


def test_an_untrusted_certificate_is_refused_and_nothing_is_said(mailbox: Mailbox) -> None:
    with mailbox:
        mail = _deliver_one()
    assert (mail.state, mail.reply_code, mailbox.letters) == ("waiting", None, [])
    assert mail.reply_text is not None
    assert mail.reply_text.startswith("SSLCertVerificationError")


def test_a_trusted_certificate_is_taken(mailbox: Mailbox, trusted: None) -> None:
    with mailbox:
        assert _deliver_one().state == "accepted"
    assert len(mailbox.letters) == 1


def test_a_certificate_for_another_name_is_refused(app: Flask, mailbox: Mailbox, trusted: None) -> None:
    app.config["MAIL_SERVER"] = "localhost"
    with mailbox:
        assert _deliver_one().state == "waiting"
    assert mailbox.letters == []


def test_a_server_without_tls_is_not_spoken_to_in_the_clear(mailbox: Mailbox) -> None:
    mailbox.tls = None
    with mailbox:
        mail = _deliver_one()
    assert (mail.state, mailbox.letters) == ("waiting", [])
    assert mail.reply_text is not None
    assert mail.reply_text.startswith("SMTPNotSupportedError: STARTTLS")


@pytest.mark.parametrize("trust", [True, False])
def test_a_port_with_tls_from_the_first_byte(
    trust: bool, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if trust:
        request.getfixturevalue("trusted")
    monkeypatch.setattr(transports, "IMPLICIT_TLS_PORT", mailbox.port)
    mailbox.implicit_tls = True
    with mailbox:
        mail = _deliver_one()
    assert (mail.state, len(mailbox.letters)) == (("accepted", 1) if trust else ("waiting", 0))


@pytest.mark.parametrize(("password", "expected"), [("right", ("accepted", 250)), ("wrong", ("waiting", 535))])
def test_signing_in(app: Flask, mailbox: Mailbox, trusted: None, password: str, expected: tuple[str, int]) -> None:
    """A wrong password is a matter of settings: the mail waits until somebody mends them."""
    app.config.update(MAIL_USERNAME="portal", MAIL_PASSWORD=password)
    mailbox.password = "right"
    with mailbox:
        mail = _deliver_one()
    assert (mail.state, mail.reply_code) == expected


def test_a_password_is_never_sent_in_the_clear(app: Flask, mailbox: Mailbox) -> None:
    app.config.update(MAIL_USERNAME="portal", MAIL_PASSWORD="secret", MAIL_USE_TLS=False)
    with mailbox:
        mail = _deliver_one()
    assert (mail.state, mail.reply_text) == (
        "waiting",
        "SMTPException: a password goes over TLS only: set MAIL_USE_TLS",
    )
