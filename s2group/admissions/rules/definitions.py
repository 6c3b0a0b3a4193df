"""Reading requirements from a content file, with an error that says what to mend."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from s2group.admissions.rules.outcomes import Level, Scale, Score, Wording
from s2group.admissions.rules.requirements import CountAtLeast, Declared, Requirement, ScoreAtLeast, StatusAmong

# The questions that the portal asks, by the kind of requirement that can look at their answers.
QUESTIONS = {
    "score": ("cet4", "cet6", "ielts", "toefl"),
    "status": ("exemption_status", "neural_network"),
    "count": ("papers_top_three",),
}


@dataclass(frozen=True)
class Definition:
    """One requirement of the file while it is being read; every error names it."""

    name: str
    data: dict[str, Any]

    def expect(self, is_right: bool, what: str) -> None:
        """Raise ValueError unless `is_right`."""
        if not is_right:
            raise ValueError(f"{self.name}: {what}")

    def text(self, name: str) -> str:
        """A text that is not blank."""
        value = self.data.get(name)
        self.expect(isinstance(value, str) and bool(value.strip()), f"'{name}' must be a text")
        return str(value)

    def number(self, name: str) -> Score:
        """A number; true is none."""
        value = self.data.get(name)
        self.expect(isinstance(value, int | float) and not isinstance(value, bool), f"'{name}' must be a number")
        return value  # type: ignore[return-value]

    def list_of(self, type_: type, name: str) -> list[Any]:
        """A list of texts or of tables; empty where it is left out."""
        value = self.data.get(name, [])
        right = isinstance(value, list) and all(isinstance(entry, type_) for entry in value)
        self.expect(right, f"'{name}' must be a list of {'texts' if type_ is str else 'tables'}")
        return list(value)

    def question(self, kind: str) -> str:
        """A question of the form that a requirement of this kind can look at."""
        field, known = self.text("field"), QUESTIONS[kind]
        self.expect(field in known, f"'field' must be one of {', '.join(known)}")
        return field

    def only(self, *names: str) -> None:
        """Refuse names that mean nothing here: a slip of the pen must not pass in silence."""
        unknown = sorted(set(self.data) - {"key", "kind", "level", "wording", *names})
        self.expect(not unknown, f"unknown: {', '.join(unknown)}")

    def level(self) -> Level:
        """How much the requirement weighs."""
        level = self.text("level")
        self.expect(level in list(Level), f"'level' must be one of {', '.join(Level)}")
        return Level(level)

    def wording(self) -> Wording:
        """The requirement in both languages."""
        wording = self.data.get("wording")
        right = isinstance(wording, dict) and set(wording) == {"zh", "en"} and all(map(_is_text, wording.values()))
        self.expect(right, "'wording' must have a text in zh and in en")
        return Wording(**self.data["wording"])

    def scale(self) -> Scale:
        """A scale with the line on it."""
        scale = Scale(self.question("score"), *(self.number(name) for name in ("low", "high", "line")))
        self.expect(scale.low <= scale.line <= scale.high, "'line' must lie between 'low' and 'high'")
        return scale


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _score(entry: Definition) -> Requirement:
    entry.only("field", "low", "high", "line", "alternatives")
    scale = entry.scale()
    others = [Definition(f"{entry.name}, alternatives", other) for other in entry.list_of(dict, "alternatives")]
    return ScoreAtLeast(
        entry.text("key"), entry.level(), entry.wording(), scale.field, scale, tuple(other.scale() for other in others)
    )


def _status(entry: Definition) -> Requirement:
    entry.only("field", "met", "unknown", "not_met")
    met, unknown, not_met = (tuple(entry.list_of(str, name)) for name in ("met", "unknown", "not_met"))
    entry.expect(bool(met), "'met' must name at least one answer")
    values = met + unknown + not_met
    entry.expect(len(set(values)) == len(values), "an answer stands in two of 'met', 'unknown' and 'not_met'")
    field = entry.question("status")
    return StatusAmong(entry.text("key"), entry.level(), entry.wording(), field, met, unknown, not_met)


def _count(entry: Definition) -> Requirement:
    entry.only("field", "line")
    line, field = entry.number("line"), entry.question("count")
    entry.expect(isinstance(line, int) and line > 0, "'line' must be a whole number above 0")
    return CountAtLeast(entry.text("key"), entry.level(), entry.wording(), field, int(line))


def _declared(entry: Definition) -> Requirement:
    entry.only()
    return Declared(entry.text("key"), entry.level(), entry.wording(), "declared")


KINDS: dict[str, Callable[[Definition], Requirement]] = {
    "score": _score,
    "status": _status,
    "count": _count,
    "declared": _declared,
}


def _read(number: int, data: object) -> Requirement:
    if not isinstance(data, dict):
        raise ValueError(f"requirement {number}: must be a table")  # noqa: TRY004 - the file is wrong, not the call
    entry = Definition(f"requirement {number} ({data.get('key', 'without a key')})", data)
    entry.text("key")
    kind = entry.text("kind")
    entry.expect(kind in KINDS, f"'kind' must be one of {', '.join(KINDS)}")
    return KINDS[kind](entry)


def read_requirements(data: object) -> list[Requirement]:
    """The requirements that `data`, a list of tables as in a call's content file, defines.

    Raises ValueError saying which requirement is wrong and what it must be.
    """
    if not isinstance(data, list):
        raise ValueError("requirements: must be a list of tables")  # noqa: TRY004 - the file is wrong, not the call
    requirements = [_read(number, entry) for number, entry in enumerate(data, 1)]
    keys = [requirement.key for requirement in requirements]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"requirements: key used twice: {', '.join(twice)}")
    return requirements
