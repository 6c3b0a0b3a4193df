"""Whom a paragraph of the biography is about, and what it tells besides: an address, a profile elsewhere."""

import re
from collections.abc import Iterable, Sequence

from flask_babel import gettext

from s2group.content.importer.addresses import profile_of
from s2group.content.importer.inline import MAIL, Link, plain, scan

FIRST_PERSON = re.compile(r"\b(?:I|I'm|I’m|my|me|myself|we|our)\b|我|本人|笔者")
THIRD_PERSON = re.compile(r"\b(?:he|she|his|her|him|himself|herself)\b|[他她](?!人)", re.IGNORECASE)


class Voices:
    """Tells the paragraphs of the page's owner from those about other people."""

    def __init__(self, paragraphs: Sequence[str], names: Iterable[str]) -> None:
        self.names = [name for name in names if len(name) > 1]
        self.owner_speaks = any(FIRST_PERSON.search(text) for text in paragraphs)
        told_of = any(self.tells_of_owner(text) for text in paragraphs)
        spoken = [text for text in paragraphs if FIRST_PERSON.search(text)]
        # Where the member is told of in the third person beside somebody who says 'I', those are two people.
        self.speaker_is_another = told_of and bool(spoken) and not any(map(self.names_owner, spoken))

    def names_owner(self, text: str) -> bool:
        return any(name in text for name in self.names)

    def tells_of_owner(self, text: str) -> bool:
        return self.names_owner(text) and bool(THIRD_PERSON.search(text)) and not FIRST_PERSON.search(text)

    def doubt(self, text: str) -> str:
        """Why a paragraph is not plainly about the owner; empty where it is."""
        if self.names_owner(text):
            return ""
        if FIRST_PERSON.search(text):
            return str(gettext("it is not plain who says 'I' here")) if self.speaker_is_another else ""
        if THIRD_PERSON.search(text) and (self.owner_speaks or self.speaker_is_another):
            return str(gettext("it seems to be about somebody else"))
        return ""


def mail_of(text: str) -> str:
    """The one mail address that somebody who says 'I' or 'me' gives; empty where there is none or several."""
    found = set(MAIL.findall(plain(text)))
    return found.pop() if len(found) == 1 and FIRST_PERSON.search(text) else ""


def profiles_of(text: str) -> list[tuple[str, str]]:
    """Kind and address of the owner's profiles elsewhere."""
    links = (token for token in scan(text) if isinstance(token, Link))
    return [profile for link in links if (profile := profile_of(link))]
