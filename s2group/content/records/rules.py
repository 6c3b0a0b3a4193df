"""Names, titles and their language, as the record compares them."""

import re
import unicodedata
from typing import Literal
from urllib.parse import urlsplit

from s2group.core.text import HAN

Locale = Literal["zh", "en"]
LATIN = re.compile(r"[A-Za-z]")
# Of the address of a web page, in characters.
LONGEST_ADDRESS = 500
# What can be the last part of an address.
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LENGTH = 60
DATE_OF_TABLES = re.compile(r"(\d{4})/(\d{1,2})(?:/(\d{1,2}))?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_OF_TABLES = re.compile(rf"({'|'.join(MONTHS)})-(\d\d)", re.IGNORECASE)
GITHUB_ADDRESS = re.compile(r"https?://(?:www\.)?github\.com/([A-Za-z0-9-]{1,39})/([A-Za-z0-9._-]{1,100})(?:[/?#]|$)")


def language_of(words: str) -> Locale:
    """The language a paper's title or venue is in: Chinese when more of its letters are Han than Latin."""
    return "zh" if len(HAN.findall(words)) > len(LATIN.findall(words)) else "en"


def slug_of(name: str) -> str:
    """A name as it stands in an address: 'Rui Liu' is 'rui-liu', 'Zoë O’Neil' is 'zoe-oneil'. Empty without letters."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters.replace("'", "")))


def repository_at(address: str) -> str:
    """The repository 'owner/name' on GitHub that a web address leads to, or an empty text."""
    found = GITHUB_ADDRESS.match(address)
    return f"{found[1]}/{found[2].removesuffix('.git')}" if found else ""


def same_name_key(name: str) -> str:
    """What two spellings of one person's name have in common: case and spaces do not count."""
    return " ".join(name.split()).casefold()


def title_key(title: str) -> str:
    """What two spellings of one title have in common: neither case nor accents nor punctuation count."""
    letters = unicodedata.normalize("NFKD", title).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def is_web_address(text: str) -> bool:
    """Whether `text` is an http(s) address with a host name; '#', 'xx' and '' are not."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    printable = text.isprintable() and " " not in text
    return printable and parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".")


def typed_date(text: str) -> str:
    """A day or a month as files write it where a spreadsheet has made 2024/9/1, 2024/9 or Sep-24 of it; else the text.

    Such months are of this century.
    """
    if found := DATE_OF_TABLES.fullmatch(text.strip()):
        return "-".join([found[1], *(f"{int(part):02d}" for part in found.groups()[1:] if part)])
    if found := MONTH_OF_TABLES.fullmatch(text.strip()):
        return f"20{found[2]}-{MONTHS.index(found[1].lower()) + 1:02d}"
    return text


def is_slug(text: str) -> bool:
    """Whether `text` can be the last part of an address."""
    return bool(SLUG.fullmatch(text)) and len(text) <= SLUG_LENGTH
