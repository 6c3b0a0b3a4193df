"""What a route asks, as its editor sees it: a choice for each question and document, and lists of the rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from s2group.admissions.catalogue import ALWAYS_ASKED, ALWAYS_SENT, DOCUMENTS, TOPICS
from s2group.admissions.rules.route_form import MOST_REFEREES, QUESTION_KINDS
from s2group.admissions.wording import DOCUMENTS as DOCUMENT_LABELS
from s2group.admissions.wording import LABELS
from s2group.content.records.fields import Field, Localized, Moment, Number, Tables, Text
from s2group.content.records.rules import slug_of
from s2group.core.localized import LocalizedText
from s2group.core.text import LONGEST_KEY
from s2group.editor.requirements import Figure, Named

NEEDED = {"required": lazy_gettext("required"), "optional": lazy_gettext("optional"), "": lazy_gettext("not asked")}
NEEDED_MARK = {"": NEEDED["required"], "optional": NEEDED["optional"]}
NEEDED_QUESTION = {"required": NEEDED["required"], "": NEEDED["optional"]}
KINDS = {
    "text": lazy_gettext("A text"),
    "choice": lazy_gettext("One of several answers"),
    "number": lazy_gettext("A number"),
    "file": lazy_gettext("A file"),
}
TOPIC_NAMES = {
    "about": lazy_gettext("About the applicant"),
    "studies": lazy_gettext("Studies"),
    "exam": lazy_gettext("National entrance exam"),
    "english": lazy_gettext("English tests"),
    "research": lazy_gettext("Research and time"),
    "works": lazy_gettext("Works"),
    "statement": lazy_gettext("Texts"),
    "documents": lazy_gettext("Documents"),
}
# Between the parts of a line that says one answer of a choice.
BETWEEN = "|"
Form = dict[str, Any]


def choices_of() -> dict[str, list[Named]]:
    """A choice for each question and each document, by topic; what is always asked leaves none."""
    asked = {
        topic: [_needed(f"ask-{name}", LABELS[name]) for name in names if name not in ALWAYS_ASKED]
        for topic, names in TOPICS.items()
    }
    kinds = [kind for kind in DOCUMENTS if kind not in ALWAYS_SENT]
    return asked | {"documents": [_needed(f"file-{kind}", DOCUMENT_LABELS[kind]) for kind in kinds]}


def _needed(name: str, label: Any) -> Named:
    return Named(name, "", words=tuple(NEEDED), label=str(label), names=NEEDED)


def lists_of() -> tuple[Field[Any], ...]:
    """Referees, questions of the route's own, and from when something is needed or stays as it is."""
    counts = {str(count): str(count) for count in range(MOST_REFEREES + 1)}
    every = {name: str(LABELS[name]) for names in TOPICS.values() for name in names}
    questions = (
        Localized("label", LocalizedText()),
        Named("kind", words=QUESTION_KINDS, label=gettext("Kind of question"), names=KINDS),
        Named("needed", "", words=("", "required"), label=gettext("Needed or not"), names=NEEDED_QUESTION),
        Localized("hint", LocalizedText()),
        Text("options", ""),
        Figure("low", None, label=gettext("Least number")),
        Figure("high", None, label=gettext("Greatest number")),
        Number("longest", None, within=range(1, 2001), remedy=lazy_gettext("Write a whole number above 0")),
        Text("key", "", longest=LONGEST_KEY),
    )
    dates = (
        Named("question", words=tuple(every), label=gettext("Question"), names=every),
        Moment("required_from", None),
        Moment("frozen_from", None),
    )
    return (
        Named("referees", "0", words=tuple(counts), label=gettext("Letters of recommendation"), names=counts),
        Tables("questions", [], fields=questions),
        Tables("dates", [], fields=dates),
    )


def shown_form(form: Form) -> dict[str, Any]:
    """What the choices and lists show of a form, by their names."""
    shown: dict[str, Any] = {}
    for needed in ("required", "optional"):
        shown |= {f"ask-{name}": needed for name in form.get(needed, [])}
        shown |= {f"file-{kind}": needed for kind in form.get(f"{needed}_documents", [])}
    dated = dict.fromkeys([*form.get("required_from", {}), *form.get("frozen_from", {})])
    moments = ("required_from", "frozen_from")
    dates = [
        {"question": name, **{moment: _moment(form.get(moment, {}).get(name)) for moment in moments}} for name in dated
    ]
    questions = [_shown_question(question) for question in form.get("questions", [])]
    return {**shown, "referees": str(form.get("referees", 0)), "questions": questions, "dates": dates}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _shown_question(question: Mapping[str, Any]) -> dict[str, Any]:
    options = [f" {BETWEEN} ".join((each["value"], each["zh"], each["en"])) for each in question.get("options", [])]
    return {
        "label": LocalizedText.of(question["label"]),
        "hint": LocalizedText.of(question.get("hint", {})),
        "kind": question["kind"],
        "needed": "required" if question.get("required") else "",
        "options": "\n".join(options),
        "key": question["key"],
        **{name: question.get(name) for name in ("low", "high", "longest")},
    }


def form_of(values: Mapping[str, Any]) -> Form:
    """The form that choices and lists make. Raises UnfitQuestionError."""
    form: Form = {}
    for needed in ("required", "optional"):
        form[needed] = [name.removeprefix("ask-") for name in values if name[:4] == "ask-" and values[name] == needed]
        files = [name.removeprefix("file-") for name in values if name[:5] == "file-" and values[name] == needed]
        form[f"{needed}_documents"] = files
    for moment in ("required_from", "frozen_from"):
        form[moment] = {each["question"]: each[moment].isoformat() for each in values["dates"] if each[moment]}
    taken = {question["key"] for question in values["questions"]}
    form["questions"] = [_question(number, each, taken) for number, each in enumerate(values["questions"])]
    return {**form, "referees": int(values["referees"] or 0)}


def criterion_fields() -> tuple[Field[Any], ...]:
    """What is said of one thing that is rated."""
    marks = {"within": range(101), "remedy": lazy_gettext("Write a whole number, 0 or more")}
    return (
        Localized("criterion", LocalizedText()),
        Localized("hint", LocalizedText()),
        Number("lowest", None, **marks),
        Number("highest", None, **marks),
        Localized("low_means", LocalizedText()),
        Localized("high_means", LocalizedText()),
        Number("weight", None, within=range(1, 101), remedy=lazy_gettext("Write a whole number above 0")),
        Named("needed", "", words=("", "optional"), label=gettext("Needed or not"), names=NEEDED_MARK),
        Text("name", "", longest=30),
    )


def shown_criterion(table: Mapping[str, Any]) -> dict[str, Any]:
    """What the inputs of a criterion show."""
    texts = {"criterion": "wording", "hint": "hint", "low_means": "low_means", "high_means": "high_means"}
    return {
        **{name: LocalizedText.of(table.get(said, {})) for name, said in texts.items()},
        "lowest": table.get("low"),
        "highest": table.get("high"),
        "weight": table.get("weight"),
        "needed": "" if table.get("required", True) else "optional",
        "name": table["key"],
    }


def criterion_of(values: Mapping[str, Any], taken: set[str]) -> Form:
    """The table of a criterion, as a file has it."""
    key = values["name"] or _key(values["criterion"].en, taken).lower()
    taken.add(key)
    texts = {"wording": "criterion", "hint": "hint", "low_means": "low_means", "high_means": "high_means"}
    numbers = {"low": "lowest", "high": "highest", "weight": "weight"}
    return {
        "key": key,
        **{name: {"zh": values[said].zh, "en": values[said].en} for name, said in texts.items() if values[said]},
        **{name: values[said] for name, said in numbers.items() if values[said] is not None},
        **({"required": False} if values["needed"] else {}),
    }


class UnfitQuestionError(ValueError):
    """A question of the route's own says too little; `number` and `name` say at which input."""

    def __init__(self, number: int, name: str, words: str) -> None:
        super().__init__(words)
        self.at = f"questions-{number}-{name}"


def _question(number: int, said: Mapping[str, Any], taken: set[str]) -> Form:
    if said["label"].untranslated or not said["label"]:
        at = "label_en" if said["label"].zh else "label_zh"
        raise UnfitQuestionError(number, at, gettext("Write what applicants read, in both languages"))
    if said["hint"].untranslated:
        at = "hint_en" if said["hint"].zh else "hint_zh"
        raise UnfitQuestionError(number, at, gettext("Write what applicants read, in both languages"))
    key = said["key"] or _key(said["label"].en, taken)
    if not (key.isidentifier() and key.isascii()):
        raise UnfitQuestionError(number, "key", gettext("Use letters, digits and _, a letter first"))
    taken.add(key)
    question: Form = {"key": key, "kind": said["kind"], "label": {"zh": said["label"].zh, "en": said["label"].en}}
    if said["hint"]:
        question["hint"] = {"zh": said["hint"].zh, "en": said["hint"].en}
    if said["needed"] == "required":
        question["required"] = True
    if said["kind"] == "choice":
        question["options"] = _options(number, said["options"])
    bounds = {"number": ("low", "high"), "text": ("longest",)}.get(said["kind"], ())
    question |= {name: said[name] for name in bounds if said[name] is not None}
    if question.get("low", 0) > question.get("high", 1_000_000):
        raise UnfitQuestionError(number, "high", gettext("This is below the least number: correct one of them"))
    return question


def _key(label: str, taken: set[str]) -> str:
    name = slug_of(label).replace("-", "_")[:30].strip("_")
    start = name if name.isidentifier() else f"q_{name}".strip("_")
    names = (start if number == 1 else f"{start}_{number}" for number in range(1, 1000))
    return next(each for each in names if each not in taken)


def _options(number: int, text: str) -> list[Form]:
    lines = [[part.strip() for part in line.split(BETWEEN)] for line in text.split("\n") if line.strip()]
    if not lines or any(len(line) not in (2, 3) or not all(line) for line in lines):
        words = gettext("Write an answer on each line, as 中文 | English")
        raise UnfitQuestionError(number, "options", words)
    taken = {line[0] for line in lines if len(line) == 3}
    options = []
    for line in lines:
        value, chinese, english = line if len(line) == 3 else (_key(line[1], taken), *line)
        taken.add(value)
        options.append({"value": value, "zh": chinese, "en": english})
    if len({option["value"] for option in options}) < len(options):
        raise UnfitQuestionError(number, "options", gettext("Two answers have the same name before them"))
    return options
