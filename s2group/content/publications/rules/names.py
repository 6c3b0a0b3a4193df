"""The parts of an author's name as it is printed, first name first."""

import re
from dataclasses import dataclass

from s2group.core.text import HAN

SUFFIX = re.compile(r"(jr|sr|ii|iii|iv)\.?", re.IGNORECASE)


@dataclass(frozen=True)
class PersonName:
    """A name in parts; a name in Chinese characters, or of one word, is all family."""

    given: tuple[str, ...]
    family: str
    suffix: str = ""

    @property
    def in_han(self) -> bool:
        """Whether it is written in Chinese characters."""
        return bool(HAN.search(self.family))

    @property
    def initials(self) -> tuple[str, ...]:
        """The first letter of each given name; those joined by a hyphen count one by one."""
        parts = (part for name in self.given for part in re.split(r"[-.]", name))
        return tuple(part[0].upper() for part in parts if part)

    @property
    def family_first(self) -> str:
        """'Liu, Rui', or a name without given names as it is."""
        return ", ".join(filter(None, (self.family, self.suffix, " ".join(self.given))))


def person_name(printed: str) -> PersonName:
    """'Jan van der Sample Jr' has the given name Jan, the family name 'van der Sample' and a suffix."""
    words = printed.split()
    if HAN.search(printed) or len(words) < 2:
        return PersonName((), printed)
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else ""
    start = len(words) - 1
    while start > 1 and words[start - 1][0].islower():
        start -= 1
    return PersonName(tuple(words[:start]), " ".join(words[start:]), suffix)
