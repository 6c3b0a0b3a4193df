"""What an applicant answered, in words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from s2group.admissions.catalogue import OWN
from s2group.admissions.rules.route_form import OwnQuestion
from s2group.admissions.wording.phrases import _, number
from s2group.admissions.wording.questions import ANSWERS, QUESTIONS
from s2group.core.i18n import MONTHS, in_language
from s2group.core.localized import Locale, LocalizedText
from s2group.core.text import MONTH

BETWEEN = " · "

Row = Mapping[str, Any]
# What the group's research areas are called, by their keys.
Areas = Mapping[str, LocalizedText]


def answer_rows(
    answers: Mapping[str, Any], locale: Locale, areas: Areas, questions: Iterable[OwnQuestion] = ()
) -> list[tuple[str, str]]:
    """Question and answer, in `locale`, for everything that was answered; what was ticked stands in the outcomes.

    `questions` are the route's own; an answer to one that the route no longer asks stands under its bare key.
    Lists have a line for each row.
    """
    return [(question, answer) for _name, question, answer in named_rows(answers, locale, areas, questions)]


def named_rows(
    answers: Mapping[str, Any], locale: Locale, areas: Areas, questions: Iterable[OwnQuestion] = ()
) -> list[tuple[str, str, str]]:
    """The same with the name of each question before it."""
    with in_language(locale):
        rows = [
            (name, str(label), _answer(name, answers.get(name), locale, areas)) for name, label in QUESTIONS.items()
        ]
    return [row for row in rows + _own_rows(answers, locale, questions) if row[-1]]


def _own_rows(answers: Row, locale: Locale, questions: Iterable[OwnQuestion]) -> list[tuple[str, str, str]]:
    asked = {question.name: question for question in questions}
    names = [*asked, *(name for name in answers if name.startswith(OWN) and name not in asked)]
    return [(name, *_own_row(name, asked.get(name), answers.get(name), locale)) for name in names]


def _own_row(name: str, question: OwnQuestion | None, answer: Any, locale: Locale) -> tuple[str, str]:
    if question is None:
        return name.removeprefix(OWN), _plain(answer)
    options = {value: words[locale] for value, words in question.options}
    return question.label[locale], options.get(answer) or _plain(answer)


def _answer(name: str, value: Any, locale: Locale, areas: Areas) -> str:
    if isinstance(value, list):
        return "\n".join(filter(None, (_row(name, row) for row in value)))
    if name in ("entry_month", "graduation_month"):
        return _month(_plain(value), locale)
    if name == "research_line" and value:
        return areas.get(value, LocalizedText(zh=value, en=value)).in_locale(locale)[0]
    return str(ANSWERS.get((name, value)) or _plain(value))


def _plain(value: Any) -> str:
    return "" if value is None else number(value)


def _month(text: str, locale: Locale) -> str:
    """2023 年 9 月, or September 2023."""
    found = MONTH.fullmatch(text)
    if found is None:
        return text
    year, month = int(found[1]), int(found[2])
    return f"{year} 年 {month} 月" if locale == "zh" else f"{MONTHS[month - 1]} {year}"


def _row(name: str, row: object) -> str:
    """A row of a list in one line; what it does not say is left out."""
    if not isinstance(row, Mapping):
        return _plain(row)
    parts = ROWS[name](row) if name in ROWS else list(row.values())
    return BETWEEN.join(_plain(part) for part in parts if part not in (None, ""))


def _paper(row: Row) -> list[Any]:
    status, position = str(row.get("status") or ""), row.get("position")
    place = _("author %(position)s", position=position) if position else None
    return [row.get("title"), row.get("venue"), ANSWERS.get(("status", status), status), place, row.get("link")]


# What a line says of a row, in this order.
ROWS: dict[str, Callable[[Row], list[Any]]] = {
    "papers": _paper,
    "awards": lambda row: [row.get("title"), row.get("level"), row.get("year")],
    "projects": lambda row: [row.get("title"), row.get("role"), row.get("summary")],
    "repositories": lambda row: [row.get("link")],
    "referees": lambda row: [row.get("name"), row.get("position"), row.get("email")],
}
