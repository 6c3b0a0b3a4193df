"""By what a journal or conference is recognised in the ways papers name it."""

import re

YEAR = re.compile(r"\b(19|20)\d\d\b|['’]\d\d\b")
OPENING = re.compile(r"^(in )?(proceedings|proc) of( the)? |^proc ")
ORDINAL = re.compile(r"\b\d+(st|nd|rd|th)\b")
BRACKETS = re.compile(r"[(（](?P<inside>[^()（）]*)[)）]")


def venue_keys(written: str) -> list[str]:
    """What to look a venue up by, the surest first: all of it, then without what is in brackets, then only that.

    Case, punctuation, years, ordinal numbers and 'Proceedings of the' do not count.
    """
    inside = [found["inside"] for found in BRACKETS.finditer(written)]
    keys = [_key(part) for part in (written, BRACKETS.sub(" ", written), *inside)]
    return [key for key in dict.fromkeys(keys) if key]


def _key(words: str) -> str:
    words = ORDINAL.sub(" ", YEAR.sub(" ", words.casefold())).replace("&", " and ")
    plain = "".join(letter if letter.isalnum() else " " for letter in words)
    return OPENING.sub("", " ".join(plain.split()))
