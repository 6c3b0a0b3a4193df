"""What a person's verdict rests on, and whether that is as it was. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from s2group.admissions.rules import Outcome

# Which other answers an outcome rests on, beside the one that it names.
TOGETHER = {"rank": ("cohort_size",), "gpa": ("gpa_scale",)}
DECLARED = "declared"
DOCUMENT = "document:"


@dataclass(frozen=True)
class Evidence:
    """What an application says, and the SHA-256 of each of its files by their kind."""

    answers: Mapping[str, Any]
    files: Mapping[str, str]

    def digest(self, name: str) -> str:
        """A short hash of what it says to one name of a basis; of what is not there as well."""
        if name.startswith(DOCUMENT):
            return self.files.get(name.removeprefix(DOCUMENT), "")
        field, _, ticked = name.partition(":")
        value = self.answers.get(field)
        if ticked:
            value = isinstance(value, list | tuple) and ticked in value
        return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def basis_of(outcome: Outcome, evidence: Evidence) -> dict[str, str]:
    """The answers and files that an outcome rests on, each with a hash of what it says."""
    return {name: evidence.digest(name) for name in sorted(_names(outcome))}


def _names(outcome: Outcome) -> set[str]:
    if outcome.parts:
        return set().union(*map(_names, outcome.parts))
    if outcome.document:
        return {DOCUMENT + outcome.document}
    if outcome.field == DECLARED:
        return {f"{DECLARED}:{outcome.key}"}
    fields = {outcome.field, outcome.met_by or outcome.field, *(scale.field for scale in outcome.alternatives)}
    return fields.union(*(TOGETHER.get(field, ()) for field in fields))


def still_holds(basis: Mapping[str, str], evidence: Evidence) -> bool:
    """Whether everything that it rests on is as it was; other requirements or minimums make no difference."""
    return all(evidence.digest(name) == digest for name, digest in basis.items())
