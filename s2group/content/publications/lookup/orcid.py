"""https://pub.orcid.org: the works that somebody shows under their ORCID iD."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from s2group.content.publications.lookup.identifiers import Identifier, Scheme, identifier_in
from s2group.content.publications.lookup.told import line
from s2group.core.outgoing import Client, SourceError

PAPERS = (Scheme.DOI, Scheme.ARXIV)
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Work:
    """A paper that is to be asked for, by one number or by both, and how it is named to who asked."""

    doi: str
    arxiv: str
    said: str


@dataclass(frozen=True)
class Orcid:
    """One person at a time; no account is needed for what everybody may see."""

    client: Client
    name: str = "ORCID"

    def works(self, number: str) -> list[Work] | None:
        """The works of one person, the same only once; None where it does not know the number. Raises SourceError."""
        try:
            answer = self.client.json(f"/v3.0/{number}/works")
            return [_work(group) for group in answer["group"]]
        except SourceError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        except (AttributeError, KeyError, TypeError, IndexError) as error:
            raise SourceError("its answer is not a list of works") from error


def _work(group: dict[str, Any]) -> Work:
    found = list(_identifiers(group))
    doi, arxiv = (next((each.value for each in found if each.scheme is scheme), "") for scheme in PAPERS)
    said = [_title(group), f"({doi or arxiv})" if doi or arxiv else ""]
    return Work(doi, arxiv, " ".join(filter(None, said)))


def _identifiers(group: dict[str, Any]) -> Iterator[Identifier]:
    for each in (group["external-ids"] or {}).get("external-id") or ():
        if each["external-id-type"] in PAPERS and (found := identifier_in(line(each["external-id-value"]))):
            yield found


def _title(group: dict[str, Any]) -> str:
    """As the first of those who told of the work has it; somebody may have told nothing but a number."""
    title = group["work-summary"][0]["title"] or {}
    return line((title.get("title") or {}).get("value"))[:LONGEST_TITLE]
