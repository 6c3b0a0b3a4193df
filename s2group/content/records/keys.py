"""Keys of records whose files need not say one: made from what the record itself says, never from its place."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from s2group.content.records.entries import Entry, each_once
from s2group.content.records.kinds import Values
from s2group.content.records.rules import SLUG_LENGTH, slug_of

LETTER = re.compile("[a-z]")


def key_from(*names: str) -> str:
    """A key that can stand in an address, from the first name with Latin letters, else from all of them."""
    slugs = (slug_of(name)[:SLUG_LENGTH].strip("-") for name in names)
    return next(filter(LETTER.search, slugs), None) or f"x{sha256(' '.join(names).encode()).hexdigest()[:8]}"


def told_apart(keys: Iterable[str], *, taken: Collection[str] = ()) -> list[str]:
    """The keys, from the second equal one on with a number: 'tencent', 'tencent-2'. None of them is `taken`."""
    given, apart = set(taken), []
    for key in keys:
        own, number = key, 1
        while own in given:
            number += 1
            own = f"{key[: SLUG_LENGTH - 5]}-{number}"
        given.add(own)
        apart.append(own)
    return apart


def with_keys(entries: Sequence[Entry], key_of: Callable[[Values], str]) -> list[Entry]:
    """The records, those without a key with one made by `key_of`. Raises ContentError where two say the same key."""
    list(each_once((entry for entry in entries if entry.values["key"]), "key"))
    taken = [entry.values["key"] for entry in entries if entry.values["key"]]
    made = iter(told_apart((key_of(entry.values) for entry in entries if not entry.values["key"]), taken=taken))
    return [
        entry if entry.values["key"] else replace(entry, values=entry.values | {"key": next(made)}) for entry in entries
    ]
