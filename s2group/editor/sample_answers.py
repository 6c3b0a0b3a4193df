"""Answers that an editor tries requirements with."""

import re

from flask import request

PREFIX = "try-"


def sample_answers() -> dict[str, object]:
    """What was typed, as an application would have it; what is left empty is not answered."""
    typed = {name.removeprefix(PREFIX): text.strip() for name, text in request.form.items() if name.startswith(PREFIX)}
    return {name: _answer(text) for name, text in typed.items() if text}


def _answer(text: str) -> object:
    if re.fullmatch(r"\d{1,6}", text):
        return int(text)
    return float(text) if re.fullmatch(r"\d{1,6}\.\d{1,3}", text) else text
