"""One requirement of a content file while it is being read."""

import re
from dataclasses import dataclass
from typing import Any

from s2group.admissions.catalogue import DOCUMENTS, OWN
from s2group.admissions.rules.measures import LISTS, PAPER_STATUSES
from s2group.admissions.rules.outcomes import Level, Scale, Score, Wording

# The questions that the portal asks, by the kind of requirement that can look at their answers.
QUESTIONS = {
    "score": ("cet4", "cet6", "ielts", "toefl", "exam_total"),
    "status": ("exemption_status", "neural_network"),
    "count": ("papers_top_three", *LISTS),
    "length": ("statement", "research_plan"),
    "amount": ("weekly_hours", "months"),
}
# What the wording calls a number of the rule, and the field of the rule that it is.
PLACEHOLDERS = {"minimum": "minimum", "percent": "percent", "position": "position_at_most"}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
OWN_DOCUMENT = re.compile(rf"{OWN}[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Entry:
    """One requirement of the file; every error names it. A part has the level of the requirement around it."""

    name: str
    data: dict[str, Any]
    inherited: Level | None = None
    depth: int = 0

    def expect(self, is_right: bool, what: str) -> None:
        """Raise ValueError unless `is_right`."""
        if not is_right:
            raise ValueError(f"{self.name}: {what}")

    def text(self, name: str) -> str:
        """A text that is not blank."""
        value = self.data.get(name)
        self.expect(_is_text(value), f"'{name}' must be a text")
        return str(value)

    def number(self, name: str) -> Score:
        """A number; true is none."""
        value = self.data.get(name)
        self.expect(isinstance(value, int | float) and not isinstance(value, bool), f"'{name}' must be a number")
        return value  # type: ignore[return-value]

    def whole_number(self, name: str) -> int:
        """A whole number above 0."""
        value = self.number(name)
        self.expect(isinstance(value, int) and value > 0, f"'{name}' must be a whole number above 0")
        return int(value)

    def number_within(self, name: str, most: Score) -> Score:
        """A number above 0 that is no greater than `most`."""
        value = self.number(name)
        self.expect(0 < value <= most, f"'{name}' must be above 0 and at most {most}")
        return value

    def list_of(self, type_: type, name: str) -> list[Any]:
        """A list of texts or of tables; empty where it is left out."""
        value = self.data.get(name, [])
        right = isinstance(value, list) and all(isinstance(entry, type_) for entry in value)
        self.expect(right, f"'{name}' must be a list of {'texts' if type_ is str else 'tables'}")
        return list(value)

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        """A text that is one of a few."""
        value = self.text(name)
        self.expect(value in known, f"'{name}' must be one of {', '.join(known)}")
        return value

    def question(self, kind: str) -> str:
        """A question of the form that a requirement of this kind can look at."""
        return self.one_of("field", QUESTIONS[kind])

    def document(self) -> str:
        """A kind of document, of the catalogue or of the route's own questions."""
        value = self.text("document")
        known = value in DOCUMENTS or OWN_DOCUMENT.fullmatch(value) is not None
        self.expect(known, f"'document' must be one of {', '.join(DOCUMENTS)}, or {OWN} and the key of a question")
        return value

    def statuses(self) -> tuple[str, ...]:
        """The states of a paper that count; none where all do."""
        values = self.list_of(str, "status_in")
        self.expect(set(values) <= set(PAPER_STATUSES), f"'status_in' may hold {', '.join(PAPER_STATUSES)}")
        return tuple(values)

    def only(self, *names: str) -> None:
        """Refuse names that mean nothing here: a slip of the pen must not pass in silence."""
        common = {"key", "kind", "wording"} | (set() if self.inherited else {"level"})
        unknown = sorted(set(self.data) - common - set(names))
        self.expect(not unknown, f"unknown: {', '.join(unknown)}")

    def level(self) -> Level:
        """How much the requirement weighs."""
        return self.inherited or Level(self.one_of("level", tuple(Level)))

    def wording(self) -> Wording:
        """The requirement in both languages, with the rule's own numbers in the place of {minimum} and the like."""
        wording = self.data.get("wording")
        right = isinstance(wording, dict) and set(wording) == {"zh", "en"} and all(map(_is_text, wording.values()))
        self.expect(right, "'wording' must have a text in zh and in en")
        return Wording(**{language: self.filled_in(text) for language, text in self.data["wording"].items()})

    def filled_in(self, text: str) -> str:
        """The text with the rule's numbers in the place of their names."""
        known = {name: str(self.data[key]) for name, key in PLACEHOLDERS.items() if key in self.data}
        for name in PLACEHOLDER.findall(text):
            here = f"can be {', '.join(f'{{{each}}}' for each in known)}" if known else "has none"
            self.expect(name in known, f"'wording' has {{{name}}}, which here {here}")
        return PLACEHOLDER.sub(lambda found: known[found[1]].removesuffix(".0"), text)

    def common(self) -> tuple[str, Level, Wording]:
        """What every requirement has."""
        return self.text("key"), self.level(), self.wording()

    def scale(self) -> Scale:
        """A scale with the least that is asked for."""
        scale = Scale(self.question("score"), *(self.number(name) for name in ("low", "high", "minimum")))
        self.expect(scale.low <= scale.minimum <= scale.high, "'minimum' must lie between 'low' and 'high'")
        return scale

    def parts(self) -> list["Entry"]:
        """The entries of which this one is made, each with its level."""
        level = self.level()
        return [
            Entry(f"{self.name}, part {number} ({_key(part)})", part, level, self.depth + 1)
            for number, part in enumerate(self.list_of(dict, "parts"), 1)
        ]


def entry(number: int, data: object) -> Entry:
    """The entry at this place in the file; ValueError where it is no table."""
    if not isinstance(data, dict):
        raise ValueError(f"requirement {number}: must be a table")  # noqa: TRY004 - the file is wrong, not the call
    return Entry(f"requirement {number} ({_key(data)})", data)


def _key(data: dict[str, Any]) -> object:
    return data.get("key", "without a key")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
