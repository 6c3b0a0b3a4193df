"""Requirements while they are written: what each asks of its author, and the tables that they become."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext

from s2group.admissions.call_fields import Amount
from s2group.admissions.call_kinds import POSITIVE
from s2group.admissions.rules import Level
from s2group.admissions.rules.entries import QUESTIONS
from s2group.admissions.rules.measures import AMOUNTS
from s2group.admissions.wording import ANSWERS, LABELS
from s2group.content.records.fields import Choice, Field, Number, Tables

Table = dict[str, Any]
Words = dict[str, str]
# The tests with their scales, as an entry names them.
TESTS = ("cet4:220:710", "cet6:220:710", "ielts:0:9", "toefl:0:120", "toefl:1:6", "exam_total:0:500")
TEST = re.compile(rf"({'|'.join(QUESTIONS['score'])}):(\d{{1,3}}(?:\.\d)?):(\d{{1,4}}(?:\.\d)?)")
COMPOSITES = ("all_of", "any_of")
# What a table means that leaves these out.
USUAL: Table = {"alternatives": [], "status_in": [], "position_at_most": None, "unknown": [], "not_met": []}
PAPERS = ("", "published,accepted", "published", "published,accepted,submitted")
# What can be added, and what it is called; those about one question name it.
KINDS: Words = {
    "score": lazy_gettext("A test score"),
    "rank": lazy_gettext("Rank in the cohort"),
    "status:exemption_status": lazy_gettext("Recommended-exemption quota"),
    "status:neural_network": lazy_gettext("Built or trained a neural network"),
    "count:papers": lazy_gettext("Number of papers"),
    "count:papers_top_three": lazy_gettext("Papers as one of the first three authors"),
    "count:awards": lazy_gettext("Number of awards"),
    "count:projects": lazy_gettext("Number of projects"),
    "count:repositories": lazy_gettext("Number of code repositories"),
    "amount:weekly_hours": lazy_gettext("Hours a week"),
    "amount:months": lazy_gettext("Months"),
    "length:statement": lazy_gettext("Length of the statement"),
    "length:research_plan": lazy_gettext("Length of the research plan"),
    "document": lazy_gettext("A document"),
    "declared": lazy_gettext("What applicants say of themselves, by a tick"),
    "all_of": lazy_gettext("Several things, all of them"),
    "any_of": lazy_gettext("Several things, one of them"),
}
LEVELS: Words = {
    Level.PREFERRED: lazy_gettext("Preferred: better to have"),
    Level.REQUIRED: lazy_gettext("Required: should be there"),
    Level.BLOCKING: lazy_gettext("Needed to apply: without it nothing can be sent"),
}
VERDICTS: Words = {
    "met": lazy_gettext("meets it"),
    "unknown": lazy_gettext("leaves it open"),
    "not_met": lazy_gettext("does not meet it"),
}
WHICH_PAPERS: Words = {
    "": lazy_gettext("All papers"),
    "published": lazy_gettext("Published ones"),
    "published,accepted": lazy_gettext("Published or accepted ones"),
    "published,accepted,submitted": lazy_gettext("Published, accepted or submitted ones"),
}


@dataclass(frozen=True)
class Named(Choice):
    """One of a few words, each under a name of its own."""

    label: str = ""
    names: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Figure(Field[Any]):
    """A number, whole or not."""

    label: str = ""
    remedy: str = lazy_gettext("Write a number")

    def read(self, value: Any, place: str) -> int | float | None:
        """The number, or nothing where that will do. Raises ContentError."""
        if value in (None, "") and self.is_optional:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(place, lazy_gettext("%(name)s is %(value)r", name=self.name, value=value), self.remedy)
        return value

    def from_cells(self, *cells: str) -> Any:
        """The number; what is none stays as it is written, for the complaint."""
        text = cells[0].strip()
        if re.fullmatch(r"\d{1,6}", text):
            return int(text)
        return float(text) if re.fullmatch(r"\d{1,6}\.\d{1,3}", text) else text

    def to_cells(self, value: Any) -> tuple[str, ...]:
        """As people write it: 6, not 6.0."""
        if value is None:
            return ("",)
        return (str(int(value)) if value == int(value) else str(value),)


@dataclass(frozen=True)
class Sketch:
    """A requirement, or a part of one, while it is written.

    Its inputs are known by its `number`; `kind` is one of KINDS; the `key` is made when it is saved for the first time.
    """

    number: int
    kind: str
    key: str = ""
    parent: int | None = None

    @property
    def rule(self) -> str:
        """The kind as files call it."""
        return self.kind.partition(":")[0]

    @property
    def question(self) -> str:
        """The one question that it is about, where its kind says so."""
        return self.kind.partition(":")[2]


def sketched(tables: Iterable[Table]) -> Iterator[tuple[Sketch, Table]]:
    """The requirements of files as sketches, each followed by its parts."""
    numbers = iter(range(1, 10_000))

    def walk(these: Iterable[Table], parent: int | None) -> Iterator[tuple[Sketch, Table]]:
        for table in these:
            sketch = Sketch(next(numbers), kind_of(table), table["key"], parent)
            yield sketch, table
            yield from walk(table.get("parts", ()), sketch.number)

    return walk(tables, None)


def kind_of(table: Table) -> str:
    """Which of KINDS a requirement of a file is."""
    about_one = table["kind"] in ("status", "count", "length", "amount")
    return f"{table['kind']}:{table['field']}" if about_one else str(table["kind"])


def fields_of(sketch: Sketch, documents: Mapping[str, str], more_tests: Collection[str] = ()) -> tuple[Field[Any], ...]:
    """What is asked of its author beside its level and its words.

    `documents` are those of the route with their names, `more_tests` scales that other versions knew.
    """
    match sketch.rule:
        case "score":
            tests = (*TESTS, *(test for test in more_tests if TEST.fullmatch(test) and test not in TESTS))
            test, minimum = _test(tests), Figure("minimum", label=gettext("At least"))
            return test, minimum, Tables("alternatives", [], fields=(test, minimum))
        case "rank":
            return (Figure("percent", label=gettext("Among the first so many percent")),)
        case "status":
            return tuple(
                Named(f"answer_{answer}", words=tuple(VERDICTS), label=str(words), names=VERDICTS)
                for answer, words in answers_to(sketch.question).items()
            )
        case "document":
            return (Named("document", words=tuple(documents), label=gettext("Document"), names=documents),)
        case "count" | "length":
            return (_whole("minimum", gettext("At least")), *(_of_papers() if sketch.question == "papers" else ()))
        case "amount":
            return (Figure("minimum", label=gettext("At least")),)
    return ()


def _test(tests: Sequence[str]) -> Named:
    return Named("test", words=tuple(tests), label=gettext("Test"), names={test: test_name(test) for test in tests})


@dataclass(frozen=True)
class _Whole(Amount):
    label: str = ""


@dataclass(frozen=True)
class _MaybeWhole(Number):
    label: str = ""


def _whole(name: str, label: str) -> Field[Any]:
    return _Whole(name, label=label, **POSITIVE)


def _of_papers() -> tuple[Field[Any], ...]:
    which = Named("status_in", "", words=PAPERS, label=gettext("Which papers count"), names=WHICH_PAPERS)
    label = gettext("At most at this place among the authors")
    return which, _MaybeWhole("position_at_most", None, label=label, **POSITIVE)


def test_name(test: str) -> str:
    """CET-4; with the scale where the test has several, or another one than it usually has."""
    field, low, high = test.split(":")
    usual = [each for each in TESTS if each.startswith(f"{field}:")]
    return str(LABELS[field]) if usual == [test] else f"{LABELS[field]} ({low}–{high})"


def answers_to(question: str) -> Words:
    """The answers that a question can have, and what they are called."""
    return {answer: words for (asked, answer), words in ANSWERS.items() if asked == question}


def values_of(sketch: Sketch, table: Table) -> dict[str, Any]:
    """What the inputs of a requirement show, by the names of its fields."""
    values = {**table}
    if sketch.rule == "score":
        values |= _scale_values(table)
        values["alternatives"] = [_scale_values(scale) for scale in table.get("alternatives", [])]
    if sketch.rule == "status":
        values |= {f"answer_{answer}": "unknown" for answer in answers_to(sketch.question)}
        values |= {f"answer_{answer}": verdict for verdict in VERDICTS for answer in table.get(verdict, [])}
    if "status_in" in table:
        values["status_in"] = ",".join(table["status_in"])
    return values


def _scale_values(scale: Table) -> dict[str, Any]:
    return {"test": f"{scale['field']}:{scale['low']:g}:{scale['high']:g}", "minimum": scale["minimum"]}


def rule_of(sketch: Sketch, values: Mapping[str, Any], parts: Sequence[Table]) -> Table:
    """The table of a requirement, but for its key, level and words."""
    table: Table = {"kind": sketch.rule, **({"field": sketch.question} if sketch.question else {})}
    match sketch.rule:
        case "score":
            others = [_scale(each) for each in values["alternatives"]]
            return {**table, **_scale(values), **({"alternatives": others} if others else {})}
        case "status":
            said = {answer: values[f"answer_{answer}"] for answer in answers_to(sketch.question)}
            return table | {verdict: [answer for answer in said if said[answer] == verdict] for verdict in VERDICTS}
        case "all_of" | "any_of":
            return {**table, "parts": list(parts)}
        case "count" if sketch.question == "papers":
            statuses = [status for status in values["status_in"].split(",") if status]
            position = values["position_at_most"]
            more = ({"status_in": statuses} if statuses else {}) | (
                {"position_at_most": position} if position is not None else {}
            )
            return {**table, "minimum": values["minimum"], **more}
    return {**table, **values}


def _scale(values: Mapping[str, Any]) -> Table:
    field, low, high = values["test"].split(":")
    return {"field": field, "low": _number(low), "high": _number(high), "minimum": values["minimum"]}


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def out_of_range(sketch: Sketch, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The names of inputs whose numbers make no sense, with what to write instead."""
    if sketch.rule == "score":
        yield from _off_scale("", values)
        for number, each in enumerate(values["alternatives"]):
            yield from _off_scale(f"alternatives-{number}-", each)
    if sketch.rule == "rank" and not 0 < values["percent"] <= 100:
        yield "percent", str(gettext("Write a number from 1 to 100"))
    if sketch.rule == "amount" and not 0 < values["minimum"] <= (most := AMOUNTS[sketch.question][1]):
        yield "minimum", str(gettext("Write a number from %(low)s to %(high)s", low=1, high=most))
    if sketch.rule == "status" and "met" not in values.values():
        first = next(iter(answers_to(sketch.question)))
        yield f"answer_{first}", str(gettext("Say which answer meets it"))


def _off_scale(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    scale = _scale(values)
    if not scale["low"] <= values["minimum"] <= scale["high"]:
        words = gettext("Write a number from %(low)s to %(high)s", low=scale["low"], high=scale["high"])
        yield f"{prefix}minimum", str(words)


def key_for(sketch: Sketch, table: Table, taken: Collection[str]) -> str:
    """The key of a requirement: its own, or of a new one what it looks at, with a number where that is taken."""
    if sketch.key:
        return sketch.key
    name = str(table.get("field") or table.get("document") or sketch.rule)
    names = (name if number == 1 else f"{name}_{number}" for number in range(1, 10_000))
    return next(key for key in names if key not in taken)


def same_rule(one: Table, other: Table) -> bool:
    """Whether two tables say the same, whatever they leave out."""
    return _whole_table(one) == _whole_table(other)


def _whole_table(table: Table) -> Table:
    parts = {"parts": [_whole_table(part) for part in table["parts"]]} if "parts" in table else {}
    return USUAL | table | parts


def moved(sketches: Sequence[Sketch], number: int, step: int) -> list[Sketch]:
    """The sketches with one of them, and its parts, a place up (-1) or down (1) among those beside it."""
    chosen = next((each for each in sketches if each.number == number), None)
    beside = [each for each in sketches if chosen and each.parent == chosen.parent]
    place = beside.index(chosen) + step if chosen else -1
    if chosen is None or not 0 <= place < len(beside):
        return list(sketches)
    at = place - step
    beside[at], beside[place] = beside[place], beside[at]
    return _in_order(sketches, lambda parent: beside if parent == chosen.parent else None)


def without(sketches: Sequence[Sketch], number: int) -> list[Sketch]:
    """The sketches without one of them and its parts."""
    return _in_order([each for each in sketches if each.number != number])


def with_another(sketches: Sequence[Sketch], kind: str, parent: int | None) -> list[Sketch]:
    """The sketches with a new one, at the end of those of its parent."""
    number = max((each.number for each in sketches), default=0) + 1
    return _in_order([*sketches, Sketch(number, kind, parent=parent)])


def _in_order(
    sketches: Sequence[Sketch], other: Callable[[int | None], Sequence[Sketch] | None] = lambda _parent: None
) -> list[Sketch]:
    """Each followed by its parts; those whose parent is gone are left out."""

    def walk(parent: int | None) -> Iterator[Sketch]:
        for each in other(parent) or [each for each in sketches if each.parent == parent]:
            yield each
            yield from walk(each.number)

    return list(walk(None))
