"""Records that are kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class JsonValues:
    """A dataclass whose fields are fit for JSON, or become so by asdict."""

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What to_dict gave, also after it was JSON."""
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Fit for JSON."""
        return asdict(self)
