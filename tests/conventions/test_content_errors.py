"""What is wrong with a record is said in the language of whoever reads it, and in English where nobody does."""

import ast
from pathlib import Path

from flask import Flask
from flask_babel import lazy_gettext

from s2group.content.records.errors import ContentError

SOURCES = sorted(Path("s2group").rglob("*.py"))
# Which arguments are texts, by what makes a complaint.
TEXTS = {"ContentError": (1, 3), "error": (0, 3), "remark": (0, 2), "NamesError": (0, 1), "_BrokenError": (0, 1)}
PLAIN = (ast.Constant, ast.JoinedStr)


def test_every_problem_and_remedy_can_be_translated() -> None:
    found = []
    for path in SOURCES:
        text = path.read_text()
        if "ContentError" not in text and "_BrokenError" not in text and "NamesError" not in text:
            continue
        for call in (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Call)):
            start, end = TEXTS.get(getattr(call.func, "id", getattr(call.func, "attr", "")), (0, 0))
            found += [f"{path}:{each.lineno}" for each in call.args[start:end] if isinstance(each, PLAIN)]
    assert found == []


def test_an_error_is_english_as_text_and_says_its_sentences_in_the_language_of_the_page(app: Flask) -> None:
    error = ContentError("a.csv, line 2", lazy_gettext("%(name)s is empty", name="role"), lazy_gettext("Fill it in"))
    english = "a.csv, line 2: role is empty. Fill it in."
    assert str(error) == english
    with app.test_request_context("/"):
        assert (str(error), error.sentences) == (english, "role 是空的。填写这一项。")
        assert error.sentences == "role 是空的。填写这一项。"
    with app.app_context():
        assert str(error) == english
