"""An outbox row and its files as the bytes of a mail (RFC 5322)."""

import re
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import cast

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup

from s2group.core.i18n import in_language
from s2group.core.localized import Locale
from s2group.mail.headers import address, attachment_type, header_text, header_value
from s2group.mail.models import OutboxMail

# Not every relay takes eight bits or long lines; base64 and quoted-printable pass everywhere.
SEVEN_BIT = SMTP.clone(cte_type="7bit")


# What a calendar file asks calendars to do: the type of its part says it as well (RFC 6047, 2.4).
METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
CALENDAR_NAME = "invite.ics"
# Behind the last words of a mail in HTML (templates/mail/layout.html).
END = "<!-- end of the letter -->"


class WrongBytesError(ValueError):
    """A stored file is no longer what its SHA-256 says."""


def compose(mail: OutboxMail, *, sender: str, read_attachment: Callable[[str], bytes]) -> bytes:
    """The whole mail, lines ending in CRLF, the same words and headers at every repeat.

    `read_attachment` gives the bytes for a SHA-256; WrongBytesError when they have another one.
    """
    message = _letter(mail, sender, mail.text, mail.html)
    for attachment in mail.attachments:
        content = read_attachment(attachment["sha256"])
        if sha256(content).hexdigest() != attachment["sha256"]:
            raise WrongBytesError(attachment["sha256"])
        kind, subtype = attachment_type(attachment["name"])
        name = attachment["name"]
        # The name in the type is for programs that know no RFC 2231.
        message.add_attachment(
            content,
            maintype=kind,
            subtype=subtype,
            cte="base64",
            filename=attachment.get("title") or name,
            params={"name": name},
        )
    return _written(message, mail.subject)


def compose_without_attachments(mail: OutboxMail, *, sender: str) -> bytes:
    """The mail for a server that finds it too big: instead of the files, it tells to follow the link in its text."""
    note = _too_big_note(cast("Locale", mail.locale))
    before, end, after = mail.html.rpartition(END)
    html = (before or after) + Markup("<p>{}</p>\n").format(note) + end + (after if end else "")
    message = _letter(mail, sender, f"{mail.text.rstrip()}\n\n{note}\n", html)
    return _written(message, mail.subject)


def _letter(mail: OutboxMail, sender: str, text: str, html: str) -> EmailMessage:
    name, sender_address = parseaddr(sender)
    name = name or render_template("mail/sender.txt", locale=mail.locale)
    message = EmailMessage(policy=SEVEN_BIT)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.created_at)
    message["From"] = Address(header_text(name), addr_spec=address(sender_address))
    message["To"] = [Address(addr_spec=each) for each in mail.to]
    if mail.copies:
        message["Cc"] = [Address(addr_spec=each) for each in mail.copies]
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    # RFC 3834: keeps holiday notices from answering.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    if mail.calendar:
        _add_calendar(message, mail.calendar)
    return message


def _add_calendar(message: EmailMessage, calendar: str) -> None:
    """The calendar file twice, as mail programs differ: some act on the alternative, others offer the attachment."""
    method = METHOD.search(calendar)
    params = {"method": method[1]} if method else {}
    message.add_alternative(calendar, subtype="calendar", params=params, cte="base64")
    message.add_attachment(
        calendar.encode(), maintype="application", subtype="ics", cte="base64", filename=CALENDAR_NAME,
        params={"name": CALENDAR_NAME},
    )  # fmt: skip


def _written(message: EmailMessage, subject: str) -> bytes:
    """The mail with its subject in front: Python 3.11 drops spaces where it folds a long one itself."""
    return f"Subject: {header_value(subject)}\r\n".encode("ascii") + message.as_bytes()


def _too_big_note(locale: Locale) -> str:
    with in_language(locale):
        note: str = gettext(
            "The attachments are larger than the mail server takes. Nothing is lost: open the application "
            "in the portal to read them."
        )
    return note
