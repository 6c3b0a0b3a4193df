"""Keys, which are the last part of a paper's address."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

from s2group.content.people.pinyin import syllables
from s2group.core.text import HAN

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}")
NOT_IN_A_KEY = re.compile(r"[^A-Za-z0-9_.:+-]+")
LONGEST = 80


def key_from(written: str) -> str:
    """The key as an address can hold it: DBLP:conf/x/Y is 'DBLP:conf-x-Y', 林2022 is 'lin2022'. May be empty."""
    latin = "".join(syllables(letter)[0] if HAN.match(letter) else letter for letter in written)
    letters = (letter for letter in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(letter))
    return NOT_IN_A_KEY.sub("-", "".join(letters)).strip("_.:+-")[:LONGEST]


def key_for(author: str, year: int, title: str) -> str:
    """A key of the first author's family name, the year and the first word of the title, such as 'lin2024windows'."""
    family = author[:1] if HAN.match(author) else author.split()[-1]
    word = title[:4] if HAN.match(title) else (title.split() or [""])[0]
    latin = (re.sub(r"[^a-z0-9]", "", key_from(part).lower()) for part in (family, str(year or ""), word))
    return "".join(latin)[:60] or "paper"


def keys_like(key: str) -> Iterator[str]:
    """The key itself, and then with a letter or a number more, without end."""
    yield key
    yield from (key[: LONGEST - 1] + letter for letter in "bcdefghijklmnopqrstuvwxyz")
    yield from (f"{key[: LONGEST - 10]}-{number}" for number in count(2))
