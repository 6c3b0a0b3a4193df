"""Text that is fit for a mail header, and the addresses and file names that stand there.

A header is the one place where a visitor's text could become an instruction to mail servers and mail
programs, so everything passes through here before it is kept in the outbox.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable

from s2group.core.text import BIDIRECTIONAL, EMAIL, LONGEST_EMAIL, UNPRINTABLE

LONGEST_LINE = 200
# Of each part of an attachment's title.
LONGEST_PART = 24
# Longest plain header text, and most bytes of an encoded word, for lines of 76 characters (RFC 2047, 2).
PLAIN_LENGTH = 66
WORD_BYTES = 39
WITHOUT_BIDIRECTIONAL = dict.fromkeys(map(ord, BIDIRECTIONAL))
# Every sign of the unprintable categories but line breaks and tabs, and those that turn the reading order round.
UNFIT_FOR_BODIES = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029{''.join(sorted(BIDIRECTIONAL))}]")
ATTACHMENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,75}\.(pdf|jpg|png)")
# Kind and subtype of an attachment, by how its name ends (RFC 2046).
ATTACHMENT_TYPES = {"pdf": ("application", "pdf"), "jpg": ("image", "jpeg"), "png": ("image", "png")}


class UnfitForHeaderError(ValueError):
    """An address or a file name that must not stand in a mail header."""


def header_text(text: str, *, limit: int = LONGEST_LINE) -> str:
    """`text` as one line of at most `limit` characters that can only ever be read as text.

    Unprintable characters become spaces and bidirectional controls vanish. `=?` opens an encoded word, which
    Python 3.11 would decode into whatever it hides, line breaks included (RFC 2047), so it is taken apart.
    """
    printable = "".join(
        " " if unicodedata.category(character) in UNPRINTABLE else character
        for character in text.translate(WITHOUT_BIDIRECTIONAL)
    )
    line = re.sub(" {2,}", " ", printable).strip().replace("=?", "= ?")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def header_value(line: str) -> str:
    """`line` (from header_text) as it is written: itself where short ASCII, else as folded encoded words."""
    if line.isascii() and len(line) <= PLAIN_LENGTH:
        return line
    words = [b""]
    for character in line:
        encoded = character.encode()
        if len(words[-1]) + len(encoded) > WORD_BYTES:
            words.append(b"")
        words[-1] += encoded
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode('ascii')}?=" for word in words)


def body_text(text: str) -> str:
    """`text` without unprintable characters other than line breaks and tabs; lines end in a single newline."""
    lines = re.sub("\r\n?", "\n", text)
    return UNFIT_FOR_BODIES.sub("", lines)


def address(text: str) -> str:
    """A bare mail address in ASCII; a domain in other letters is given as DNS knows it.

    Raises UnfitForHeaderError for anything else: no display name, no comment, no quoted part, no second address.
    """
    local, at, domain = text.strip().rpartition("@")
    try:
        plain = local + at + domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        plain = ""
    if not EMAIL.fullmatch(plain) or "=?" in plain or len(plain) > LONGEST_EMAIL:
        raise UnfitForHeaderError("not a plain mail address")
    return plain


def attachment_name(name: str) -> str:
    """The name itself, when it is one of ours: ASCII letters, digits, `.`, `_`, `-`, and `.pdf`, `.jpg` or `.png`.

    Raises UnfitForHeaderError otherwise; what an applicant called the file never gets here.
    """
    if not ATTACHMENT_NAME.fullmatch(name):
        raise UnfitForHeaderError("not an attachment name of ours")
    return name


def attachment_title(parts: Iterable[str], ending: str) -> str:
    """A name that people can read, such as 推免硕士-测试甲-某大学-简历.pdf: letters, digits and hyphens."""
    kept = ("".join(filter(str.isalnum, part))[:LONGEST_PART] for part in parts)
    return "-".join(filter(None, kept)) + f".{ending}"


def checked_title(title: str) -> str:
    """The title itself where attachment_title made it. Raises UnfitForHeaderError otherwise."""
    stem, _, ending = title.rpartition(".")
    if ending not in ATTACHMENT_TYPES or not stem or not all(map(str.isalnum, stem.split("-"))):
        raise UnfitForHeaderError("not an attachment title of ours")
    return title


def attachment_type(name: str) -> tuple[str, str]:
    """Kind and subtype of an attachment with a name of ours, such as image and jpeg."""
    return ATTACHMENT_TYPES[attachment_name(name).rpartition(".")[2]]
