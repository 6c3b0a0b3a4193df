"""Reading the notices that come back by mail: which of our mails did not arrive, and why (RFC 3464 and its neighbours).

Every mail has one recipient and a Message-ID of 128 random bits, so that whoever names it can mean only this one. The
notices themselves take every form: they are searched from the most to the least reliable place.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser
from html import unescape
from itertools import groupby, islice
from quopri import decodestring
from typing import Literal

from s2group.mail.headers import body_text
from s2group.mail.replies import words

LONGEST_NOTICE = 1024 * 1024
LONGEST_TEXT = 10_000
# More of ours than any thread quotes.
MOST_IDS = 50
# As services.new_message_id makes them, with or without brackets.
OUR_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}@[A-Za-z0-9](?:[A-Za-z0-9._-]{0,250}[A-Za-z0-9])?")
# RFC 3463; no part of an IP address or of a version.
STATUS = re.compile(r"(?<![\w.])[245]\.\d{1,3}\.\d{1,3}(?![\w.]*\d)")
REFUSAL = re.compile(r"(?<!\d)5\d\d[ -]")
DELAY = re.compile(r"\bdelay|still being retried|not yet been delivered|延迟|推迟|延误", re.IGNORECASE)
BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")
TAG = re.compile(r"<[^<>]*>")
BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

# The fields in which a record keeps them (RFC 3464).
RECIPIENT, STATUS_CODE, DIAGNOSTIC = "Final-Recipient", "Status", "Diagnostic-Code"

Verdict = Literal["failed", "delayed", "delivered"]


@dataclass(frozen=True)
class Bounce:
    """What a notice tells: of which mail (the likeliest first), to whom, what became of it and why."""

    message_ids: list[str]
    verdict: Verdict
    recipient: str
    status: str
    diagnostic: str
    # What it says to people.
    text: str

    @property
    def record(self) -> str:
        """All of it, as it is kept beside the mail: the facts, a blank line, the text."""
        facts = {RECIPIENT: self.recipient, STATUS_CODE: self.status, DIAGNOSTIC: self.diagnostic}
        lines = [f"{name}: {value}" for name, value in facts.items() if value]
        return "\n".join([*lines, "", self.text] if lines else [self.text])


def read_record(record: str) -> tuple[dict[str, str], str]:
    """What Bounce.record wrote, taken apart: the facts by the names of their fields, and the text."""
    head, _, text = record.partition("\n\n")
    facts = dict(line.partition(": ")[::2] for line in head.splitlines())
    return (facts, text) if facts.keys() <= {RECIPIENT, STATUS_CODE, DIAGNOSTIC} else ({}, record)


def read_bounce(raw: bytes) -> Bounce:
    """Read a notice, whole or as much of it as somebody copied. Takes at most LONGEST_NOTICE bytes; never fails."""
    raw = raw[:LONGEST_NOTICE].lstrip()
    notice = parsed(raw)
    parts = list(leaves(notice))
    text = body_text(_readable(parts)[: 2 * LONGEST_TEXT]).strip()
    reports = [report for part in parts for report in _reports(part)] or list(_reports_within(text))
    verdict, report = _verdict(notice, reports, text)
    return Bounce(
        message_ids=_our_ids([*_returned_ids(parts), *_thread_ids(notice), *_decodings(raw)]),
        verdict=verdict,
        recipient=_recipient(notice, report),
        status=words(str(report["Status"] or _first(STATUS.findall(text)))),
        diagnostic=_diagnostic(report, text),
        text=text[:LONGEST_TEXT],
    )


def parsed(raw: bytes) -> Message:
    """The bytes as a mail, whatever they are."""
    try:
        return message_from_bytes(raw)
    except RecursionError:  # parts within parts within parts: nobody's notice, but the text may still be searched
        notice = Message()
        notice.set_payload(raw.decode("utf-8", "replace"))
        return notice


def leaves(message: Message) -> Iterator[Message]:
    """The parts of the mail itself. Another mail that it holds is one of them, not looked into."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in _children(message):
            yield from leaves(part)
    else:
        yield message


def _children(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _readable(parts: Iterable[Message]) -> str:
    """What the notice says to people: its plain text, or else its HTML without the tags."""
    found = {kind: [part for part in parts if part.get_content_type() == kind] for kind in ("text/plain", "text/html")}
    if plain := "\n\n".join(_text(part) for part in found["text/plain"]).strip():
        return plain
    html = "\n\n".join(_text(part) for part in found["text/html"])
    return BLANK_LINES.sub("\n\n", unescape(TAG.sub(" ", html)))


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return decoded(content, str(part.get_content_charset() or "")) if isinstance(content, bytes) else ""


def decoded(content: bytes, charset: str | None) -> str:
    """The bytes as text of this charset; of UTF-8 where it is none that is known."""
    try:
        # What Chinese systems call gb2312 is often more than that.
        return content.decode("gb18030" if charset in ("gb2312", "gbk") else charset or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return content.decode("utf-8", "replace")


def _reports(part: Message) -> Iterator[Message]:
    """The groups of fields about a recipient (RFC 3464, 2.3)."""
    if part.get_content_type() == "message/delivery-status":
        yield from (group for group in _children(part) if group["Action"])


def _reports_within(text: str) -> Iterator[Message]:
    """The same fields where they were copied without the rest."""
    groups = (HeaderParser().parsestr(group.strip()) for group in re.split(r"\n\s*\n", text))
    return (group for group in groups if group["Action"] and group["Final-Recipient"])


def _verdict(notice: Message, reports: list[Message], text: str) -> tuple[Verdict, Message]:
    """What became of the mail, and the report that says so. Without one, what a person calls a bounce is one."""
    by_action = {str(report["Action"]).strip().lower(): report for report in reversed(reports)}
    if "failed" in by_action:
        return "failed", by_action["failed"]
    if "delayed" in by_action:
        return "delayed", by_action["delayed"]
    if reports:
        return "delivered", reports[0]
    told = f"{notice['Subject']}\n{text[:1000]}"
    late = DELAY.search(told) and not REFUSAL.search(text) and not notice["X-Failed-Recipients"]
    return "delayed" if late else "failed", Message()


def _recipient(notice: Message, report: Message) -> str:
    """`rfc822; pi@example.org` in a report; a list in the header that Exim and others add."""
    told = str(report["Final-Recipient"] or report["Original-Recipient"] or "").rpartition(";")[2]
    return words(told or str(notice["X-Failed-Recipients"] or "").partition(",")[0])


def _diagnostic(report: Message, text: str) -> str:
    """`smtp; 550 5.1.1 …` in a report; elsewhere the first line with a refusal."""
    told = str(report["Diagnostic-Code"] or "").partition(";")
    return words(told[2] or told[0] or _first(line for line in text.splitlines() if REFUSAL.search(line)))


def _first(found: Iterable[str]) -> str:
    return next(iter(found), "")


def _returned_ids(parts: Iterable[Message]) -> Iterator[str]:
    """The Message-ID of the mail, or of the headers, that the notice returns."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            yield str(HeaderParser().parsestr(_text(part).lstrip())["Message-ID"])
        elif part.get_content_maintype() == "message":
            yield from (str(child["Message-ID"]) for child in _children(part))


def _thread_ids(notice: Message) -> Iterator[str]:
    return (str(notice[name]) for name in ("In-Reply-To", "References", "X-Original-Message-ID"))


def _decodings(raw: bytes) -> Iterator[str]:
    """Everything, whatever the parts are called: as it came, and with the two encodings of mail undone."""
    yield raw.decode("latin-1")
    yield decodestring(raw).decode("latin-1")
    lines = (line.strip() for line in raw.splitlines())
    for encoded, run in groupby(lines, key=lambda line: BASE64_LINE.fullmatch(line) is not None):
        if encoded:
            yield _undone(b"".join(run))


def _undone(run: bytes) -> str:
    try:
        return b64decode(run.rstrip(b"=") + b"==").decode("latin-1")
    except Base64Error:
        return ""


def _our_ids(places: Iterable[str]) -> list[str]:
    """What could be Message-IDs of ours, each once, as the outbox writes them."""
    found = (f"<{match}>" for place in places for match in OUR_ID.findall(place))
    return list(islice(dict.fromkeys(found), MOST_IDS))
