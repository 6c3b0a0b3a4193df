"""From a reference to the status page: forgiving to its owner, silent to everybody else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.applying import apply, hidden_fields, load_fictional_content, the_application

FIND = "/en/apply/status/"
UNKNOWN = "No application has this reference. Compare it with your receipt or the confirmation mail"


@pytest.fixture
def reference(app: Flask, client: FlaskClient) -> str:
    load_fictional_content(app)
    apply(client)
    return the_application().reference


def ask(client: FlaskClient, typed: str, path: str = FIND) -> TestResponse:
    token = hidden_fields(client.get(path).text)["csrf_token"]
    return client.post(path, data={"csrf_token": token, "reference": typed})


@pytest.mark.parametrize(
    "as_typed",
    [
        lambda reference: reference,
        lambda reference: reference.lower(),
        lambda reference: reference.replace("-", ""),
        lambda reference: f"  {reference.replace('-', ' ')} ",
        lambda reference: reference.replace("0", "O").replace("1", "l"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_reference_leads_to_its_page(client: FlaskClient, reference: str, prefix: str, as_typed: object) -> None:
    assert callable(as_typed)
    response = ask(client, as_typed(reference), f"{prefix}/apply/status/")
    assert (response.status_code, response.location) == (303, f"{prefix}/apply/status/{reference}/")
    assert client.get(response.location).status_code == 200


def without_what_differs(page: str, typed: str) -> str:
    return re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", page).replace(typed, "")


def test_a_stranger_learns_nothing_from_an_error(client: FlaskClient, reference: str) -> None:
    answers = set()
    for typed in ("0000-0000-0000-0000", reference[:-1], reference + "0", "nonsense"):
        response = ask(client, typed)
        assert response.status_code == 422
        assert "<title>Error: Track your application" in response.text
        assert response.text.count(UNKNOWN) == 2
        assert f'value="{typed}"' in response.text
        answers.add(without_what_differs(response.text, typed))
    assert len(answers) == 1


def test_an_empty_form_asks_for_the_reference(client: FlaskClient, reference: str) -> None:
    response = ask(client, " ")
    assert response.status_code == 422
    assert response.text.count("Enter the reference") == 2


@pytest.mark.parametrize("typed", ["7K3M\0Q0ZT", "x" * 10_000, "\u202e" + "7K3M", "=?utf-8?q?x?="])
def test_hostile_text_is_an_error_like_any_other(client: FlaskClient, reference: str, typed: str) -> None:
    assert ask(client, typed).status_code == 422


def test_an_ended_session_keeps_what_was_typed(client: FlaskClient, reference: str) -> None:
    response = client.post(FIND, data={"reference": reference})
    assert response.status_code == 422
    assert f'value="{reference}"' in response.text
    assert "Press the button again." in response.text


def test_the_form_is_reached_from_the_home_page(client: FlaskClient, reference: str) -> None:
    assert f'<a class="btn plain" href="{FIND}">Track your application</a>' in client.get("/en/").text


def test_the_form_stands_before_any_content_is_loaded(client: FlaskClient) -> None:
    assert client.get(FIND).status_code == 200


def test_attempts_are_limited(environ: dict[str, str], request: pytest.FixtureRequest) -> None:
    environ["S2_RATE_LIMITS"] = "on"
    client = request.getfixturevalue("app").test_client()
    statuses = [client.post(FIND, data={"reference": "7K3M-Q0ZT-9XHB-4WPD"}).status_code for _ in range(61)]
    assert statuses == [422] * 60 + [429]
