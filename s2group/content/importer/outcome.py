"""What became of the lines of a page once it was stored."""

from dataclasses import dataclass, field

# As Publication and ProfileEntry say who brought a record.
SOURCE = "homepage"


@dataclass
class Outcome:
    """What became of each finding, by its place on the page, and what is to be told of the whole."""

    fates: dict[int, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    changed: bool = False

    def tell(self, place: int, fate: str, *, changed: bool) -> None:
        """Keep what became of a finding."""
        self.fates[place] = fate
        self.changed |= changed
