"""What became of the lines of a page once it was stored."""

from dataclasses import dataclass, field

from flask_babel import gettext

# As Publication and ProfileEntry say who brought a record.
SOURCE = "homepage"
LONGEST = 160


@dataclass(frozen=True)
class Fate:
    """What became of some lines: `what` is counted, `aside` says more of it, `words` are those that the page has."""

    what: str
    aside: str = ""
    words: str = ""

    @property
    def sentence(self) -> str:
        """All of it, unless it is too long."""
        what = gettext("%(what)s (%(aside)s)", what=self.what, aside=self.aside) if self.aside else self.what
        said = str(gettext("%(what)s: %(words)s", what=what, words=self.words) if self.words else what)
        return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


@dataclass
class Outcome:
    """What became of each finding, by its place on the page, and what is to be told of the whole."""

    fates: dict[int, Fate] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    changed: bool = False

    def tell(self, place: int, fate: Fate, *, changed: bool) -> None:
        """Keep what became of a finding."""
        self.fates[place] = fate
        self.changed |= changed
