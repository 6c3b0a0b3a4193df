"""Reading a mail that somebody has got and saved: what it says, what goes with it, and which mail it answers.

Whatever stands in it is a stranger's: nothing of it reaches a header, an address or a page as anything but text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import sha256
from html import unescape

import nh3

from s2group.core.text import EMAIL
from s2group.links.rules import without_tokens
from s2group.mail.bounces import OUR_ID, decoded, leaves, parsed
from s2group.mail.headers import body_text, header_text

MOST_BYTES = 20 * 1024 * 1024
LONGEST_TEXT = 20_000
# What a person sends has fewer; more of them would only keep the portal busy.
MOST_PARTS = 100
MOST_FILES = 10
LONGEST_NAME = 200
# What begins a line of its own where HTML becomes text.
BLOCKS = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote")


class UnreadableMailError(ValueError):
    """No mail, or one of more parts than a person sends."""


@dataclass(frozen=True)
class SentAlong:
    """A file that came with a mail, under the name that its sender gave it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Incoming:
    """A mail that somebody got. Links that give rights, which a quoted mail holds, are masked in it."""

    # The same for the same mail, however often and by whatever program it was saved.
    mark: str
    # The Message-IDs of ours that it answers, the nearest first.
    answers: list[str]
    sender: str
    subject: str
    # As its sender's clock said; None where that is not readable.
    sent_at: datetime | None
    text: str
    files: list[SentAlong]


def read_mail(raw: bytes) -> Incoming:
    """Read a saved mail of at most MOST_BYTES. Raises UnreadableMailError where it is none."""
    if raw.lower().count(b"boundary=") > MOST_PARTS or raw.count(b"\n--") > 10 * MOST_PARTS:
        raise UnreadableMailError
    mail = parsed(raw.lstrip())
    if not mail["From"]:
        raise UnreadableMailError
    parts = list(leaves(mail))
    message_id = str(mail["Message-ID"] or "").strip()
    return Incoming(
        mark=sha256(message_id.encode("utf-8", "replace") or raw).hexdigest(),
        answers=_answers(mail),
        sender=_sender(mail),
        subject=without_tokens(_header(mail, "Subject")),
        sent_at=_sent_at(mail),
        text=without_tokens(_text(parts))[:LONGEST_TEXT],
        files=list(_files(parts)),
    )


def _answers(mail: Message) -> list[str]:
    """What it answers directly comes last in the References (RFC 5322, 3.6.4)."""
    told = [*OUR_ID.findall(str(mail["In-Reply-To"])), *reversed(OUR_ID.findall(str(mail["References"])))]
    return [f"<{each}>" for each in dict.fromkeys(told)]


def _sender(mail: Message) -> str:
    """The bare address where there is one, else what stands there."""
    said = _header(mail, "From")
    address = parseaddr(said)[1]
    return address if EMAIL.fullmatch(address) else said


def _header(mail: Message, name: str) -> str:
    return _words(mail[name]) if mail[name] else ""


def _words(value: object) -> str:
    """A header's encoded words as one line that can only ever be read as text."""
    try:
        pieces = decode_header(value)  # type: ignore[arg-type]
    except (HeaderParseError, ValueError):
        return header_text(str(value), limit=LONGEST_NAME)
    said = "".join(piece if isinstance(piece, str) else decoded(piece, charset) for piece, charset in pieces)
    return header_text(said, limit=LONGEST_NAME)


def _sent_at(mail: Message) -> datetime | None:
    try:
        said = parsedate_to_datetime(str(mail["Date"]))
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _text(parts: list[Message]) -> str:
    """Its plain text; where it has none, what its HTML says."""
    said = {kind: [] for kind in ("text/plain", "text/html")}  # type: dict[str, list[str]]
    for part in parts:
        if part.get_content_type() in said and not _name(part):
            said[part.get_content_type()].append(_payload_text(part))
    plain = body_text("\n\n".join(said["text/plain"])).strip()
    return plain or body_text(text_of_html("\n".join(said["text/html"])))


def _payload_text(part: Message) -> str:
    return decoded(_payload(part), str(part.get_content_charset() or ""))


def text_of_html(html: str) -> str:
    """What HTML says to people: without its tags, scripts and styles, each block in a line of its own."""
    broken = html.replace("\r", "").replace("\n", " ")
    for name in BLOCKS:
        for tag in (f"<{name}", f"<{name.upper()}"):
            broken = broken.replace(tag, f"\n{tag}")
    said = unescape(nh3.clean(broken, tags=set(), clean_content_tags={"script", "style", "title"}))
    lines = (" ".join(line.split()) for line in said.splitlines())
    return "\n".join(line for line in lines if line)


def _files(parts: list[Message]) -> Iterator[SentAlong]:
    named = ((part, _name(part)) for part in parts)
    found = (SentAlong(name, _payload(part)) for part, name in named if name)
    return (file for _, file in zip(range(MOST_FILES), found, strict=False))


def _name(part: Message) -> str:
    """What a file is called; empty for what is no file."""
    try:
        name = part.get_filename()
    except (LookupError, ValueError):
        return "?"
    return _words(name) if name else ""


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
