"""Mail that applicants send to a mailbox of the staff, as mail programs save it."""

from datetime import UTC, datetime
from email.message import EmailMessage

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.admissions.replies.models import Reply
from s2group.evaluation.replies.services import add_reply
from s2group.mail.incoming import read_mail
from tests.support.pdf import make_pdf

ANSWERED_AT = datetime(2026, 9, 3, 1, 30, tzinfo=UTC)


def saved_mail(
    subject: str = "Re: your mail",
    *,
    sender: str = "Test Applicant <applicant@example.org>",
    text: str = "I can come.\n",
    answers: str = "",
    message_id: str = "<1@mail.example.org>",
    files: dict[str, bytes] | None = None,
) -> bytes:
    """A mail with files by their names, as an .eml file."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, "pi@example.org", subject, message_id
    mail["Date"] = ANSWERED_AT
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content(text)
    for name, content in (files or {}).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def reply_with_file(application: Application, actor: User) -> Reply:
    """A reply to an application, with a certificate."""
    raw = saved_mail(files={"certificate.pdf": make_pdf("Certificate")})
    return add_reply(
        application=application, incoming=read_mail(raw), confirmed=True, actor=actor, now=datetime.now(UTC)
    )
