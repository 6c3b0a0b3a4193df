"""A résumé that the relay does not take goes to the group as a link that asks them to sign in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from s2group.admissions.models import Call
from s2group.core import clock
from s2group.core.database import transaction
from s2group.documents.store import read_bytes
from s2group.mail.delivery import deliver_due
from tests.support import applying
from tests.support.pdf import padded_pdf
from tests.support.smtp import Mailbox


@pytest.mark.parametrize(
    ("locale", "prefix", "note"),
    [("zh", "", "附件超过了邮件服务器的上限"), ("en", "/en", "The attachments are larger than the mail server takes.")],
)
def test_the_mail_carries_the_link_and_says_why_in_its_own_language(
    app: Flask, client: FlaskClient, locale: str, prefix: str, note: str
) -> None:
    applying.load_fictional_content(app)
    with transaction() as session:
        session.execute(update(Call).values(mail_locale=locale))
    applying.apply(client, resume=applying.pdf(padded_pdf(800_000)))
    mailbox = Mailbox(announced_size=1_000_000)
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=mailbox.port)
    with mailbox:
        deliver_due(now=clock.now(), read_attachment=read_bytes)
    [letter] = mailbox.letters_to("pi@example.org")
    link = f"{prefix}/review/{applying.the_application().reference}/"
    assert (letter.attachments, f"http://127.0.0.1:8000{link}" in letter.text) == ([], True)
    assert letter.text.count(note) == 1
    assert client.get(link).headers["Location"].startswith(f"{prefix}/account/login?next=")
