"""Every page that is the same for everybody says so: whoever asks for it, it reads no session and sets no cookie."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import Rule

from s2group.core.permissions import Role
from s2group.documents import images
from s2group.extensions import db
from tests.support.addresses import addresses_of, rules
from tests.support.staff import sign_in

# Forms, and what the browser of an applicant may see; all other public pages are the same for everybody.
PERSONAL = {
    "review": set[str](),
    "apply": {"admissions", "call", "guide", "privacy", "deleted"},
    "editor": set[str](),
    "security": set[str](),
}
# What the holder of a link alone may see of the public site.
BY_LINK = {"site.shared_draft"}


def is_public(app: Flask, rule: Rule) -> bool:
    return getattr(app.view_functions[rule.endpoint], "access", None) == "public"


def has_session(app: Flask, rule: Rule) -> bool:
    return getattr(app.view_functions[rule.endpoint], "has_session", True)


@contextmanager
def looks_at_sessions() -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "session" in statement or "user_account" in statement:
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


def test_only_forms_and_what_is_an_applicants_own_have_a_session(app: Flask) -> None:
    for rule in [rule for rule in rules(app) if is_public(app, rule)]:
        package, _, name = rule.endpoint.partition(".")
        expected = rule.endpoint in BY_LINK or (package in PERSONAL and name not in PERSONAL[package])
        assert has_session(app, rule) == expected, rule.endpoint
        assert has_session(app, rule) or "POST" not in (rule.methods or ()), f"{rule.endpoint}: a form needs a session"


@pytest.mark.parametrize("language", ["", "/en"])
def test_a_page_that_is_the_same_for_all_does_not_ask_who_reads_it(
    app: Flask, client: FlaskClient, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = addresses_of(app, client)
    # A busy machine answers that it was too busy, which nobody shall keep.
    monkeypatch.setattr(images, "in_width", lambda *_path_and_width, **_who_waits: b"a picture")
    sign_in(client, Role.ADMIN)
    shared = [addresses[rule.endpoint] for rule in rules(app) if is_public(app, rule) and not has_session(app, rule)]
    assert len(shared) > 30
    for address in (*shared, "/static/css/portal.css", "/nothing-here/", "/members/nobody/"):
        with looks_at_sessions() as found:
            response = client.get(language + address)
        assert "Cookie" not in response.headers.get("Vary", ""), address
        assert "Set-Cookie" not in response.headers, address
        assert "no-store" not in response.headers["Cache-Control"], address
        assert found == [], address
        response.close()


def test_a_page_that_is_the_same_for_all_can_keep_nothing_of_anybody(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context("/members/"):
        app.preprocess_request()
        assert "csrf_token" not in session
        with pytest.raises(RuntimeError, match=r"site\.members is the same for everybody"):
            session["csrf_token"] = "anything"
