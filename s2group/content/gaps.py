"""What the record says in one language only."""

from collections import Counter
from dataclasses import dataclass

from s2group.content.kinds import KINDS
from s2group.content.records.loading import stored_rows
from s2group.core.localized import Locale
from s2group.extensions import db


@dataclass(frozen=True)
class Gap:
    """A field of a record that is missing in one language."""

    kind: str
    key: str
    field: str
    locale: Locale

    def __str__(self) -> str:
        """For the operator."""
        return f"{self.kind} {self.key}: {self.field} is missing in {self.locale}"


def gaps() -> list[Gap]:
    """Every gap of the record, kind by kind."""
    return [
        Gap(kind.name, kind.key_of_row(row), field, locale)
        for kind in KINDS.values()
        if any(field.is_translated for field in kind.fields)
        for row in stored_rows(db.session(), kind)
        for field, locale in kind.gaps(kind.of(row))
    ]


def gaps_by_kind() -> Counter[str]:
    """How many gaps the records of each kind have."""
    return Counter(gap.kind for gap in gaps())
