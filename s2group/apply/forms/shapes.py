"""What a typed answer must look like; nothing here knows of forms or requests."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from s2group.core.text import BIDIRECTIONAL, UNPRINTABLE, plain, visible

Number = int | float

# No answer of a shape of its own is typed longer; what is, is none, and no pattern spends its time on it.
LONGEST, LONGEST_PAIR = 1000, 60

# Opens an encoded word of a mail header (RFC 2047), which a mail program would decode into whatever it hides.
ENCODED_WORD = "=?"
NUMBER = r"([0-9]{1,6}(?:\.[0-9]{1,3})?)"
# Two answers as one, such as 3.8/4.0 or 3 of 120.
TWO = re.compile(r"([^/]*?\d[^/]*?)\s*(?:/|\b(?:out )?of\b)\s*(\d[^/]*)", re.IGNORECASE)
# What a decoder leaves where the bytes were no text.
REPLACEMENT = "\ufffd"
MAINLAND_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
# ITU-T E.164: at most 15 digits. No number is shorter than 7 with its country; +86 1… is a mobile of 11 digits.
INTERNATIONAL = re.compile(r"\+(?!861)[1-9]\d{6,14}")
# A random token as we make them.
TOKEN = re.compile(r"[A-Za-z0-9_-]{32,40}")
# A month as people write it: 2023-09, 2023/9, 2023.9, 2023 年 9 月.
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
EARLIEST_YEAR, LATEST_YEAR = 1950, 2100
LINK = re.compile(r"(?i)https?://(?=[^\s/]+?\.[^\s/])[^\s/]++(/\S*)?")
# WeChat's own rule: a letter, then letters, digits, - or _; a phone or QQ number may stand in for it.
WECHAT = re.compile(r"[A-Za-z][-_A-Za-z0-9]{5,19}|\d{5,11}")
# Letters that a reference never holds, and the digits they were read from (Crockford's base 32).
LOOKALIKES = str.maketrans("OIL", "011")


def one_line(text: str) -> str:
    """`text` in Unicode's composed form (NFC), without blank ends and signs that nobody sees."""
    return unicodedata.normalize("NFC", visible(text)).strip()


def paragraphs(text: str) -> str:
    """As one_line, with line breaks of one kind."""
    return one_line(re.sub("\r\n?|\v|\f|\x85|\u2028|\u2029", "\n", text))


def fits_one_line(text: str) -> bool:
    """Whether `text` says something, without control characters or any that turn the reading order round."""
    says_something = not text or any(unicodedata.category(character)[0] in "LN" for character in text)
    is_printable = not any(unicodedata.category(character) in UNPRINTABLE for character in text)
    return says_something and is_printable and not (BIDIRECTIONAL | {REPLACEMENT}) & set(text)


def email_address(text: str) -> str | None:
    """The address as mail needs it, the domain in ASCII; None for anything else. Asks no name server."""
    typed = _typed(text)
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return None if ENCODED_WORD in typed else found.ascii_email


def phone_number(text: str) -> str | None:
    """The number as +8613800000000, from a mainland mobile or an international number; None for anything else.

    Spaces, hyphens, brackets and full-width digits are taken as people type them.
    """
    typed = re.sub(r"[\s()\-–—]", "", _typed(text))
    typed = re.sub(r"^00", "+", typed)
    if mobile := MAINLAND_MOBILE.fullmatch(typed):
        return f"+86{mobile[1]}"
    return typed if INTERNATIONAL.fullmatch(typed) else None


def reference(text: str) -> str:
    """A reference as we write it, 7K3M-Q0ZT-9XHB-4WPD, from one that was copied by hand; anything else is none.

    Capitals, spaces, hyphens of any kind and look-alikes (O for 0, I and L for 1) do not matter.
    """
    typed = _typed(text).upper().translate(LOOKALIKES)
    letters = re.sub(r"[\W_]", "", typed)
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def number(text: str, *, before: str = "", after: str = "") -> Number | None:
    """A number of at most six digits and three decimals; full-width digits count. None for anything else.

    `before` and `after` are patterns of what may stand beside it, in small letters: the unit that people type along.
    """
    typed = _typed(text).lower()
    found = re.fullmatch(f"(?:(?:{before})\\s*)?{NUMBER}(?:\\s*(?:{after}))?", typed)
    if not found:
        return None
    value = float(found[1])
    return int(value) if value.is_integer() else value


def apart(first: str, second: str) -> tuple[str, str]:
    """Two answers that were typed as one, such as 3.8/4.0, where `second` is empty or says the same; else as given."""
    found = TWO.fullmatch(plain(first)) if len(first) <= LONGEST_PAIR else None
    if found and (not second.strip() or _digits(found[2]) == _digits(second)):
        return found[1], found[2]
    return first, second


def _digits(text: str) -> Number | None:
    return number(re.sub(r"[^0-9.]", "", _typed(text)))


def _typed(text: str) -> str:
    return plain(text) if len(text) <= LONGEST else ""


def in_halves(value: Number) -> bool:
    """Whether `value` is whole or ends in .5, as bands are."""
    return float(value * 2).is_integer()


def month(text: str) -> str | None:
    """The month as 2023-09; None for anything else."""
    found = MONTH.fullmatch(re.sub(r"\s", "", _typed(text)))
    if not found:
        return None
    year, number = int(found[1]), int(found[2])
    return f"{year}-{number:02}" if EARLIEST_YEAR <= year <= LATEST_YEAR and 1 <= number <= 12 else None


def web_link(text: str) -> str | None:
    """An http(s) address; one typed without its https:// gets it. None for anything else."""
    typed = one_line(text)
    whole = typed if "://" in typed else f"https://{typed}"
    return whole if LINK.fullmatch(whole) else None


def wechat_id(text: str) -> str | None:
    """A WeChat id; None for anything else."""
    typed = one_line(text)
    return typed if WECHAT.fullmatch(typed) else None


def token(text: str | None) -> str:
    """A random token as we make them; anything else is none."""
    return text if text and TOKEN.fullmatch(text) else ""
