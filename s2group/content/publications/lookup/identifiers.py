"""What a paper or a person goes by everywhere: a DOI, an arXiv number, an ORCID iD."""

import re
from dataclasses import dataclass
from enum import StrEnum

from s2group.content.publications.bibtex.identifiers import (
    ARXIV_NUMBER,
    DOI,
    DOI_ADDRESS,
    DOI_OF_ARXIV,
    bare_arxiv,
    bare_doi,
)

BEFORE_AN_ORCID = re.compile(r"((https?://)?(www\.)?orcid\.org/|orcid( id)?:)?\s*", re.IGNORECASE)
ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])", re.IGNORECASE)
LONGEST_DOI = 200


class Scheme(StrEnum):
    """Who gave the number."""

    DOI = "doi"
    ARXIV = "arxiv"
    ORCID = "orcid"


@dataclass(frozen=True)
class Identifier:
    """One number, bare: a DOI in small letters, an arXiv number without its version, an ORCID iD with its hyphens."""

    scheme: Scheme
    value: str


def identifier_in(line: str) -> Identifier | None:
    """What a line names, be it the number alone or its address; nothing where it is none, or mistyped."""
    written = line.strip().rstrip(".,;/")
    return _orcid(written) or _arxiv(written) or _doi(written)


def _orcid(written: str) -> Identifier | None:
    found = ORCID.fullmatch(BEFORE_AN_ORCID.sub("", written, count=1))
    number = "-".join(found.groups()).upper() if found else ""
    return Identifier(Scheme.ORCID, number) if number and _check_sign(number) == number[-1] else None


def _check_sign(number: str) -> str:
    """The last sign of an ORCID iD, made from the fifteen digits before it (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in number.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2 % 11
    rest = (12 - total) % 11
    return "X" if rest == 10 else str(rest)


def _arxiv(written: str) -> Identifier | None:
    number = bare_arxiv(DOI_OF_ARXIV.sub("", DOI_ADDRESS.sub("", written)).strip())
    return Identifier(Scheme.ARXIV, number) if ARXIV_NUMBER.fullmatch(number) else None


def _doi(written: str) -> Identifier | None:
    doi = bare_doi(written).strip()
    return Identifier(Scheme.DOI, doi) if DOI.fullmatch(doi) and len(doi) <= LONGEST_DOI else None
