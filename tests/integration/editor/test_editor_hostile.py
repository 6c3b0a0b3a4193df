"""Whatever an editor types is shown in time or refused in words; it is never an error of the portal."""

import ast
import inspect
import textwrap
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup

from s2group.admissions.call_kinds import CALL
from s2group.content.editing import EDITABLE
from s2group.content.loading import load_content
from s2group.core.markup import markdown_to_html
from s2group.core.permissions import Role
from s2group.editor.wording import CONTRADICTIONS, contradiction
from tests.support.forms import as_shown
from tests.support.full_content import write_full_content
from tests.support.staff import MORNING, sign_in


@pytest.fixture
def editor(app: Flask, tmp_path: Path) -> FlaskClient:
    """A client signed in as an editor."""
    load_content(write_full_content(tmp_path / "content"), now=MORNING)
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client


def test_brackets_without_end_are_shown_at_once() -> None:
    assert markdown_to_html("[" * 20_000) == Markup(f"<p>{'[' * 20_000}</p>")
    assert markdown_to_html("[[a](https://example.org)]").count("<a ") == 1


def test_whatever_a_kind_complains_of_has_words(app: Flask) -> None:
    kinds = [*(each.kind for each in EDITABLE.values()), CALL]
    with app.test_request_context():
        for kind in kinds:
            for name in ("", *kind.by_name):
                assert contradiction(kind.name, name)
    # Of what the checks themselves name each has words of its own.
    for kind in kinds:
        source = ast.parse(textwrap.dedent(inspect.getsource(kind.check)))
        named = {
            each.value.value
            for each in ast.walk(source)
            if isinstance(each, ast.keyword) and each.arg == "field" and isinstance(each.value, ast.Constant)
        }
        assert {(kind.name, name) for name in named} <= CONTRADICTIONS.keys()


def test_a_journal_without_letters_is_refused_in_words(editor: FlaskClient) -> None:
    path = "/en/editor/venue/new/"
    typed = {"short_name": "!!!", "name": "!!!"}
    response = editor.post(path, data={**as_shown(editor.get(path).text), **typed})
    assert (response.status_code, "Write names with letters, here and below" in response.text) == (422, True)
