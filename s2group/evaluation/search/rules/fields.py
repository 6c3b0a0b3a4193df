"""What can be asked of an application, one declaration each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from s2group.admissions.rules.outcomes import Wording
from s2group.evaluation.search.rules.kinds import Kind, folded


@dataclass(frozen=True)
class Field:
    """A field of a search, typed by its `key` in either language or by its names.

    `meaning` says to whoever completes a search what it is for; `examples` are whole conditions.
    `condition` makes of a test, and of who asks, what the database is asked.
    """

    key: str
    name: Wording
    kind: Kind
    meaning: Wording
    examples: tuple[str, ...]
    condition: Callable[..., Any] = field(compare=False, repr=False)
    also: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """Everything that may be typed for it, as folded compares it."""
        return {folded(name) for name in (self.key, self.name.zh, self.name.en, *self.also) if name}
