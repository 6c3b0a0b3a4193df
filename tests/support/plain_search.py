"""A search as plain Python does it, one application after the other: from their own rows, not from facts or index."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from s2group.admissions.fulltext.rules import Token, indexed, terms
from s2group.admissions.models import Application
from s2group.evaluation.search.rules.expressions import All, Node, Not, Period, Some, Span, Test, Words
from s2group.extensions import db
from s2group.mail.queries import mails_of

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ZONE = ZoneInfo("Asia/Shanghai")
# What is searched of somebody, and how a name may be typed: said here once more, for the names of the samples.
READINGS = {
    "测试·陈佳": "ce shi ceshi chen jia chenjia jiachen", "测试·欧阳乙": "ce shi ou yang yi ouyang ouyangyi yiouyang",
    "测试·吕丁": "lv ding lvding dinglv lu luding lyu lyuding", "测试·戊": "wu", "测试·己": "ji",
    "测试·任辛": "ren xin renxin xinren", "测试·壬": "ren", "测试·癸": "gui", "Test Carol": "", "Test Grace": "",
}  # fmt: skip


@dataclass(frozen=True)
class Plain:
    """One application, as far as a search looks into it."""

    application: Application
    mails: frozenset[str]

    @property
    def answers(self) -> Mapping[str, Any]:
        answers: Mapping[str, Any] = self.application.answers
        return answers

    def verdicts(self, key: str) -> list[str]:
        """How the requirement came out, or all that are required or preferred."""
        return [
            outcome["verdict"]
            for outcome in self.application.outcomes
            if outcome["key"] == key or ((key == "preferred") == (outcome["level"] == "preferred") and key in LEVELS)
        ]

    @property
    def texts(self) -> dict[str, list[str]]:
        """What stands in each part of the index."""
        name, answers = self.application.name, dict(self.answers)
        return {
            "name": [name, *READINGS[name].split()],
            "university": [answers.pop("university")],
            "answers": [self.application.reference, self.application.email, *_strings(answers)],
        }


LEVELS = ("required", "preferred")


def plain_applications() -> list[Plain]:
    """All that there are."""
    every = db.session.scalars(select(Application)).all()
    return [Plain(each, frozenset(mail.state for mail in mails_of(each.reference))) for each in every]


def holds(node: Node, it: Plain, now: datetime) -> bool:
    """Whether the application is meant."""
    if isinstance(node, Words):
        return any(_is_in(node.text, text, exact=node.exact) for texts in it.texts.values() for text in texts)
    if isinstance(node, Test):
        return bool(FIELDS[node.field](it, node, now))
    if isinstance(node, Not):
        return not holds(node.part, it, now)
    found = (holds(part, it, now) for part in node.parts)
    return any(found) if isinstance(node, Some) else isinstance(node, All) and all(found)


def is_found(wanted: list[Token], words: str) -> bool:
    """Whether what `terms` gave stands in what `indexed` gave; as the indexes of the databases find it."""
    there = words.split()
    starts = range(len(there) - len(wanted) + 1)
    return any(all(_means(token, there[start + place]) for place, token in enumerate(wanted)) for start in starts)


def _means(token: Token, word: str) -> bool:
    return word.startswith(token.text) if token.is_beginning else word == token.text


def _is_in(wanted: str, text: str, *, exact: bool) -> bool:
    return is_found(terms(wanted, exact=exact), indexed([text]))


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _strings(part)]


Check = Callable[[Plain, Test, datetime], bool]


def _number(value: Callable[[Plain], Any]) -> Check:
    def check(it: Plain, test: Test, _now: datetime) -> bool:
        number = value(it)
        return isinstance(number, int | float) and COMPARE[test.operator](round(number, 9), test.value)

    return check


def _answer(name: str) -> Callable[[Plain], Any]:
    return lambda it: it.answers.get(name)


def _percent(part: str, whole: str) -> Check:
    def check(it: Plain, test: Test, _now: datetime) -> bool:
        if part not in it.answers or whole not in it.answers:
            return False
        number = 100 * float(it.answers[part]) / float(it.answers[whole])
        if test.operator == "=":
            return abs(number - float(str(test.value))) <= 0.005
        return COMPARE[test.operator](number, test.value)

    return check


def _moment(value: Callable[[Plain], datetime | None], *, ahead: bool = False) -> Check:
    def check(it: Plain, test: Test, now: datetime) -> bool:
        moment = value(it)
        if moment is None:
            return False
        if isinstance(test.value, Span):
            return COMPARE[test.operator](moment - now if ahead else now - moment, test.value.length)
        assert isinstance(test.value, Period)
        day = moment.astimezone(ZONE).date()
        bound = test.value.first if test.operator in ("<", ">=") else test.value.last
        if test.operator == "=":
            return test.value.first <= day <= test.value.last
        return COMPARE[test.operator](day, bound)

    return check


def _due(it: Plain) -> datetime | None:
    is_open = it.application.shown_state in ("submitted", "screening")
    return it.application.submitted_at + timedelta(days=it.application.route.call.answer_days) if is_open else None


def _has(it: Plain, test: Test, _now: datetime) -> bool:
    kinds = {entry.kind for entry in it.application.documents}
    return {
        "scan": any(entry.document.has_text is False for entry in it.application.documents),
        "paper": bool(it.answers.get("papers")),
        "portfolio": bool(it.answers.get("repositories")),
        "letter": any(referee.received_at for referee in it.application.referees),
    }.get(str(test.value), test.value in kinds)


def _part(name: str) -> Check:
    return lambda it, test, _now: any(_is_in(str(test.value), text, exact=True) for text in it.texts[name])


def _met(it: Plain, test: Test, _now: datetime) -> bool:
    verdicts = it.verdicts(str(test.value))
    return set(verdicts) <= {"met"} and (bool(verdicts) or test.value in LEVELS)


def _is(value: Callable[[Plain], Any]) -> Check:
    return lambda it, test, _now: bool(value(it) == test.value)


FIELDS: dict[str, Check] = {
    "route": _is(lambda it: it.application.route.key),
    "call": _is(lambda it: it.application.route.call.key),
    "status": _is(lambda it: it.application.state),
    "shown": _is(lambda it: it.application.shown_state),
    "lang": _is(lambda it: it.application.locale),
    **{name: _number(_answer(name)) for name in ("cet4", "cet6", "ielts", "toefl")},
    "rank": _percent("rank", "cohort_size"),
    "gpa": _percent("gpa", "gpa_scale"),
    "papers": _number(lambda it: len(it.answers["papers"]) if "papers" in it.answers else None),
    "version": _number(lambda it: it.application.version),
    "met": _met,
    "unmet": lambda it, test, _now: "not_met" in it.verdicts(str(test.value)),
    "unknown": lambda it, test, _now: "unknown" in it.verdicts(str(test.value)),
    "has": _has,
    "name": _part("name"),
    "university": _part("university"),
    "submitted": _moment(lambda it: it.application.submitted_at),
    "due": _moment(_due, ahead=True),
    "moved": _moment(lambda it: it.application.state_at),
    "changed": _moment(lambda it: it.application.changed_at),
    "mail": lambda it, test, _now: test.value in it.mails,
}  # fmt: skip
