"""One question of the catalogue, before it is known whether a route needs it answered."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from flask_babel import lazy_gettext
from wtforms import Field
from wtforms.fields import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import Optional

from s2group.admissions.wording import ANSWERS, LABELS
from s2group.apply.forms.fields import Answered, RowsField

# What may stand before a rank, and behind a score.
ORDINAL = "第|no\\.?|#"
POINTS = "分|points?"
PICK_ONE = lazy_gettext("Choose one of the answers")


@dataclass(frozen=True)
class Question:
    """How a field is made: its kind, its words, and what must be true of the answer besides its shape."""

    kind: type[Field]
    label: Any
    # What to do where the answer is needed and missing.
    missing: Any
    hint: Any = ""
    checks: tuple[Callable[[Any, Any], None], ...] = ()
    # What the input tells the browser, such as autocomplete.
    attributes: dict[str, str] = default(default_factory=dict)
    options: dict[str, Any] = default(default_factory=dict)

    def field(self, *, required: bool) -> UnboundField:
        """The form field, to be answered or not."""
        validators = [Answered(self.missing)] if required else [] if self.kind is RowsField else [Optional()]
        return self.kind(
            self.label,
            [*validators, *self.checks],
            description=self.hint,
            render_kw=dict(self.attributes),
            **self.options,
        )


def asked(name: str, kind: type[Field], missing: Any = None, **rest: Any) -> Question:
    """The question with this name, in the words that an application shows it by."""
    label = LABELS[name]
    return Question(kind, label, missing or lazy_gettext("%(label)s: this is needed", label=label), **rest)


def answers_to(name: str) -> list[SelectChoice]:
    """The answers that may be chosen to a question, in their order."""
    return [SelectChoice(value=value, label=words) for (field, value), words in ANSWERS.items() if field == name]


def numeric(mode: str = "numeric") -> dict[str, str]:
    """A short input that a phone opens with digits."""
    return {"class": "short", "inputmode": mode}
