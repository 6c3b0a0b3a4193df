"""Names, titles and their language, as the record compares them."""

import re
import unicodedata
from typing import Literal

from s2group.core.text import HAN

Locale = Literal["zh", "en"]
LATIN = re.compile(r"[A-Za-z]")


def language_of(words: str) -> Locale:
    """The language a paper's title or venue is in: Chinese when more of its letters are Han than Latin."""
    return "zh" if len(HAN.findall(words)) > len(LATIN.findall(words)) else "en"


def slug_of(name: str) -> str:
    """A name as it stands in an address: 'Rui Liu' is 'rui-liu', 'Zoë O’Neil' is 'zoe-oneil'. Empty without letters."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters.replace("'", "")))


def same_name_key(name: str) -> str:
    """What two spellings of one person's name have in common: case and spaces do not count."""
    return " ".join(name.split()).casefold()


def title_key(title: str) -> str:
    """What two spellings of one title have in common: neither case nor accents nor punctuation count."""
    letters = unicodedata.normalize("NFKD", title).casefold()
    return "".join(letter for letter in letters if letter.isalnum())
