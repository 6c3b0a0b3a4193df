"""What a search asks for, as a tree: the same however it was typed, and in whichever language."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

Operator = Literal["=", "<", "<=", ">", ">="]
HOURS = {"h": 1, "d": 24, "w": 24 * 7}


@dataclass(frozen=True)
class Period:
    """A day, a month or a year: from its first day to its last."""

    first: date
    last: date

    def __str__(self) -> str:
        length = 10 if self.first == self.last else 7 if self.first.month == self.last.month else 4
        return self.first.isoformat()[:length]


@dataclass(frozen=True)
class Span:
    """How long something has lasted, or is still to last: a number of hours (h), days (d) or weeks (w)."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def length(self) -> timedelta:
        """The same as a span of time; what lasts longer than a thousand years lasts a thousand years."""
        return timedelta(hours=max(-8_760_000, min(8_760_000, self.count * HOURS[self.unit])))


@dataclass(frozen=True)
class Words:
    """Words that stand somewhere in an application; `exact` as they were quoted, else the last may go on."""

    text: str
    exact: bool = False


@dataclass(frozen=True)
class Test:
    """What a field must be. The value of a choice is its key, that of a percentage a number of percent."""

    field: str
    operator: Operator
    value: str | float | Period | Span


@dataclass(frozen=True)
class Not:
    """What the part does not say."""

    part: "Node"


@dataclass(frozen=True)
class All:
    """All parts hold. Without parts it is every application."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Some:
    """At least one part holds."""

    parts: tuple["Node", ...]


Node = Words | Test | Not | All | Some


@dataclass(frozen=True)
class Expression:
    """What was asked, and from when and where spans and days are counted: that is no part of what it says."""

    node: Node
    now: datetime = field(compare=False)
    zone: tzinfo = field(compare=False)


def together(kind: type[All] | type[Some], parts: list[Node]) -> Node:
    """The parts as one node: no node of the same kind within another, nothing twice, none around a single part."""
    flat: dict[Node, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


def conditions(node: Node) -> tuple[Node, ...]:
    """What must all hold."""
    return node.parts if isinstance(node, All) else (node,)


def beside(node: Node, known: Node) -> Node | None:
    """What `node` asks beside all that `known` asks; None where it leaves some of that out."""
    asked, given = conditions(node), set(conditions(known))
    return together(All, [each for each in asked if each not in given]) if given <= set(asked) else None


def negated(part: Node) -> Node:
    """What `part` does not say; what is not not so is so."""
    return part.part if isinstance(part, Not) else Not(part)
