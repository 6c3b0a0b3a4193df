"""What a route asks of its applicants: which fields, which documents, which questions of its own, and from when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from s2group.admissions.catalogue import (
    ALWAYS_ASKED,
    ALWAYS_SENT,
    DOCUMENTS,
    FIELDS,
    OWN,
    READ_TOGETHER,
    TOPICS,
    in_order,
)

QUESTION_KINDS = ("text", "choice", "number", "file")
MOST_REFEREES = 3
LONGEST_TEXT = 2000
# With OWN before it, a key is the kind of a document, which has 40 characters.
LONGEST_KEY = 40 - len(OWN)


@dataclass(frozen=True)
class OwnQuestion:
    """A question that only this route asks. `label`, `hint` and the words of `options` are by language."""

    key: str
    kind: str
    label: dict[str, str]
    hint: dict[str, str] = field(default_factory=dict)
    required: bool = False
    # For a choice: the value that is kept and its words.
    options: tuple[tuple[str, dict[str, str]], ...] = ()
    # For a number: the least and the greatest that is taken. For a text: its greatest length.
    low: float = 0
    high: float = 1_000_000
    longest: int = 300

    @property
    def name(self) -> str:
        """The name of its answer, or the kind of its document."""
        return OWN + self.key


@dataclass(frozen=True)
class RouteForm:
    """The form of one route."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    required_from: Mapping[str, datetime]
    frozen_from: Mapping[str, datetime]
    required_documents: tuple[str, ...]
    optional_documents: tuple[str, ...]
    questions: tuple[OwnQuestion, ...]
    referees: int

    @property
    def fields(self) -> list[str]:
        """The names of all fields that are asked, in their order."""
        return in_order((*self.required, *self.optional))

    @property
    def takes_longer(self) -> bool:
        """Whether something has to be thought out or agreed with others before it can be filled in."""
        return "research_plan" in self.required or self.referees > 0

    def is_required(self, name: str, now: datetime) -> bool:
        """Whether the field must be answered at `now`."""
        due = self.required_from.get(name)
        return name in self.required or (due is not None and due <= now)

    def is_frozen(self, name: str, now: datetime) -> bool:
        """Whether an answer that was given stays as it is from `now` on."""
        since = self.frozen_from.get(name)
        return since is not None and since <= now

    def frozen_answers(self, answers: Mapping[str, Any], now: datetime) -> list[str]:
        """The fields whose answers stay as they are from `now` on."""
        return [name for name in self.fields if self._stays(name, answers, now)]

    def _stays(self, name: str, answers: Mapping[str, Any], now: datetime) -> bool:
        return self.is_frozen(name, now) and answers.get(name) not in (None, "", [])

    def question(self, name: str) -> OwnQuestion | None:
        """The route's own question whose answer has this name."""
        return next((question for question in self.questions if question.name == name), None)

    def asked_with(self, name: str) -> list[str]:
        """The fields that are answered together with this one, itself among them; none where it cannot be answered.

        Declarations are none: they are ticked under a requirement, and not answered one by one.
        """
        own = self.question(name)
        if own or name == "referees":
            is_answered = own.kind != "file" if own else self.referees > 0
            return [name] if is_answered else []
        together = next((names for names in READ_TOGETHER if name in names), {name}) - {"declared"}
        return [field for field in self.fields if field in together] if name in self.fields else []

    @property
    def documents(self) -> dict[str, bool]:
        """Every kind of document that is asked, and whether it must be there."""
        own = {question.name: question.required for question in self.questions if question.kind == "file"}
        asked = {kind: kind in self.required_documents for kind in DOCUMENTS if kind in self._named_documents}
        return asked | own

    @property
    def _named_documents(self) -> tuple[str, ...]:
        return self.required_documents + self.optional_documents

    @property
    def topics(self) -> list[str]:
        """The topics with anything to answer, in their order; the files come last and are none of them."""
        asked = set(self.fields)
        topics = [topic for topic, fields in TOPICS.items() if asked.intersection(fields)]
        if any(question.kind != "file" for question in self.questions):
            topics.append("questions")
        return topics + (["referees"] if self.referees else [])

    def missing_answers(self, answers: Mapping[str, Any], now: datetime) -> list[str]:
        """The fields, own questions and referees that are needed at `now` and not answered."""
        needed = [name for name in self.fields if self.is_required(name, now)]
        needed += [question.name for question in self.questions if question.required and question.kind != "file"]
        missing = [name for name in needed if answers.get(name) in (None, "", [])]
        if len(_others(answers)) < self.referees:
            missing.append("referees")
        return missing

    def unfinished_answers(self, typed: Iterable[str], answers: Mapping[str, Any], now: datetime) -> list[str]:
        """Those of the `typed` fields, own questions and referees that are asked and may still be changed at `now`."""
        asked = {*self.fields, *(question.name for question in self.questions), "referees"}
        return [name for name in typed if name in asked and not self._stays(name, answers, now)]

    def missing_documents(self, documents: Iterable[str]) -> list[str]:
        """The kinds of document that are needed and not there."""
        at_hand = set(documents)
        return [kind for kind, required in self.documents.items() if required and kind not in at_hand]

    def fields_of(self, topic: str) -> list[str]:
        """The fields of the catalogue that are asked under a topic."""
        asked = set(self.fields)
        return [name for name in TOPICS.get(topic, ()) if name in asked]


def _others(answers: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The referees but the applicant, who may have come to an address that was named before."""
    own = str(answers.get("email") or "").lower()
    return [named for named in answers.get("referees") or [] if not own or named.get("email", "").lower() != own]


def read_form(data: object) -> RouteForm:
    """The form that `data`, a table as in a call's content file or as stored, describes.

    Moments may be datetimes or ISO texts. Raises ValueError saying what is wrong.
    """
    if not isinstance(data, Mapping):
        raise ValueError("form: must be a table")  # noqa: TRY004 - the file is wrong, not the call
    rest = dict(data)
    required = _names(rest.pop("required", []), FIELDS, "required")
    optional = _names(rest.pop("optional", []), FIELDS, "optional")
    required_documents = _names(rest.pop("required_documents", []), DOCUMENTS, "required_documents")
    optional_documents = _names(rest.pop("optional_documents", []), DOCUMENTS, "optional_documents")
    _in_one_place(required, optional)
    _in_one_place(required_documents, optional_documents)
    asked = {*ALWAYS_ASKED, *required, *optional}
    form = RouteForm(
        required=tuple(in_order({*ALWAYS_ASKED, *required})),
        optional=tuple(in_order(set(optional) - set(ALWAYS_ASKED))),
        required_from=_moments(rest.pop("required_from", {}), asked, "required_from"),
        frozen_from=_moments(rest.pop("frozen_from", {}), asked, "frozen_from"),
        required_documents=(*ALWAYS_SENT, *(kind for kind in required_documents if kind not in ALWAYS_SENT)),
        optional_documents=tuple(kind for kind in optional_documents if kind not in ALWAYS_SENT),
        questions=_questions(rest.pop("questions", [])),
        referees=_referees(rest.pop("referees", 0)),
    )
    _expect(not rest, f"unknown: {', '.join(sorted(rest))}")
    return form


def _names(value: object, known: Iterable[str], what: str) -> list[str]:
    _expect(isinstance(value, list | tuple), f"'{what}' must be a list of names")
    names = [str(name) for name in value]  # type: ignore[attr-defined]
    unknown = sorted(set(names) - set(known))
    _expect(not unknown, f"'{what}' names what the portal does not know: {', '.join(unknown)}")
    return names


def _in_one_place(required: list[str], optional: list[str]) -> None:
    both = sorted(set(required) & set(optional))
    _expect(not both, f"both required and optional: {', '.join(both)}")


def _moments(value: object, asked: set[str], what: str) -> dict[str, datetime]:
    _expect(isinstance(value, Mapping), f"'{what}' must be a table of fields and moments")
    moments = {name: _moment(moment, what) for name, moment in value.items()}  # type: ignore[attr-defined]
    unknown = sorted(set(moments) - asked)
    _expect(not unknown, f"'{what}' names fields that are not asked: {', '.join(unknown)}")
    return moments


def _moment(value: object, what: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    aware = isinstance(moment, datetime) and moment.tzinfo is not None
    _expect(aware, f"'{what}' must hold moments with their offset, such as 2027-09-30T23:59:59+08:00")
    return moment  # type: ignore[return-value]


def _referees(value: object) -> int:
    right = type(value) is int and 0 <= value <= MOST_REFEREES
    _expect(right, f"'referees' must be a whole number from 0 to {MOST_REFEREES}")
    return value  # type: ignore[return-value]


def _questions(value: object) -> tuple[OwnQuestion, ...]:
    _expect(isinstance(value, list), "'questions' must be a list of tables")
    questions = tuple(_question(entry) for entry in value)  # type: ignore[attr-defined]
    keys = [question.key for question in questions]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    _expect(not twice, f"two questions with the key '{', '.join(twice)}'")
    return questions


def _question(value: object) -> OwnQuestion:
    _expect(isinstance(value, Mapping), "a question must be a table")
    data: dict[str, Any] = dict(value)  # type: ignore[call-overload]
    key = data.pop("key", "")
    _expect(_is_key(key), f"a question needs a 'key' such as 'hometown', of at most {LONGEST_KEY} characters")
    where = f"question '{key}'"
    kind = data.pop("kind", None)
    _expect(kind in QUESTION_KINDS, f"{where}: 'kind' must be one of {', '.join(QUESTION_KINDS)}")
    required = data.pop("required", False)
    _expect(isinstance(required, bool), f"{where}: 'required' must be true or false")
    label, hint = _text(data.pop("label", None), where), _text(data.pop("hint", {}), where, may_be_empty=True)
    options = _options(data.pop("options", []), where)
    _expect(bool(options) == (kind == "choice"), f"{where}: 'options' are for a choice, which needs some")
    bounds = {name: data.pop(name) for name in ("low", "high", "longest") if name in data}
    _expect(all(_is_number(bound) for bound in bounds.values()), f"{where}: bounds must be numbers")
    _expect(not data, f"{where}: unknown: {', '.join(sorted(data))}")
    question = OwnQuestion(key=key, kind=kind, required=required, options=options, label=label, hint=hint, **bounds)
    _expect(question.low <= question.high, f"{where}: 'low' must not be above 'high'")
    is_length = type(question.longest) is int and 0 < question.longest <= LONGEST_TEXT
    _expect(is_length, f"{where}: 'longest' must be a whole number from 1 to {LONGEST_TEXT}")
    return question


def _is_key(value: object) -> bool:
    return isinstance(value, str) and value.isidentifier() and value.isascii() and len(value) <= LONGEST_KEY


def _options(value: object, where: str) -> tuple[tuple[str, dict[str, str]], ...]:
    _expect(isinstance(value, list), f"{where}: 'options' must be a list of tables")
    options = tuple(_option(option, where) for option in value)  # type: ignore[attr-defined]
    values = {kept for kept, _ in options}
    _expect(len(values) == len(options) and "" not in values, f"{where}: every option needs a 'value' of its own")
    return options


def _option(value: object, where: str) -> tuple[str, dict[str, str]]:
    _expect(isinstance(value, Mapping) and isinstance(value.get("value"), str), f"{where}: an option needs a 'value'")
    words = {language: text for language, text in value.items() if language != "value"}  # type: ignore[attr-defined]
    return value["value"], _text(words, where)  # type: ignore[index]


def _text(value: object, where: str, *, may_be_empty: bool = False) -> dict[str, str]:
    if may_be_empty and not value:
        return {}
    right = isinstance(value, Mapping) and set(value) == {"zh", "en"} and all(map(_says_something, value.values()))
    _expect(right, f"{where}: every text must be there in zh and in en")
    return dict(value)  # type: ignore[call-overload,no-any-return]


def _says_something(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _expect(is_right: object, message: str) -> None:
    if not is_right:
        raise ValueError(f"form: {message}")
