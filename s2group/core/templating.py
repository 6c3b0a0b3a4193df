"""How templates are read: an unknown name is an error."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, g
from flask_login import current_user
from jinja2 import StrictUndefined

from s2group.core.i18n import current_locale
from s2group.core.json_ld import json_ld
from s2group.core.markup import markdown_to_html
from s2group.core.permissions import Action, OfRoute, authorize


def problems(errors: Mapping[str | None, Any]) -> list[tuple[str, str]]:
    """The errors of a form as (id of the input, words), the first of each input; those of list entries one by one."""
    found = []
    for name, words in errors.items():
        plain = [word for word in words if not isinstance(word, Mapping)]
        found += [(name or "", str(plain[0]))] if plain else []
        for number, entry in enumerate(words):
            if isinstance(entry, Mapping):
                found += [(f"{name}-{number}-{inner}", str(texts[0])) for inner, texts in entry.items()]
    return found


def gap() -> str:
    """What stands between a sentence and what goes on in the same line: Chinese punctuation brings its own room."""
    return "" if current_locale() == "zh" else " "


def _may(action: str, thing: OfRoute | None = None) -> bool:
    """Whether whoever looks may do that; nothing, where they must set up a second factor first."""
    return not g.get("must_set_up") and authorize(current_user, Action(action), thing)


def init_app(app: Flask) -> None:
    """Set up Jinja."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["markdown"] = markdown_to_html
    app.jinja_env.filters["problems"] = problems
    app.jinja_env.filters["json_ld"] = json_ld
    app.jinja_env.globals["gap"] = gap
    app.jinja_env.globals["may"] = _may
