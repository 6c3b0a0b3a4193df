"""How the places of a route are taken. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """The places of a route as the staff know them: accepted, offered and not answered, offered and not told yet."""

    total: int | None
    accepted: int = 0
    open: int = 0
    pending: int = 0

    @property
    def taken(self) -> int:
        """How many nobody else can be offered."""
        return self.accepted + self.open + self.pending

    @property
    def left(self) -> int | None:
        """How many may still be offered, below nothing where more were than there are; None where nobody knows."""
        return None if self.total is None else self.total - self.taken
