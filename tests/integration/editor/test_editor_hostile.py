"""Whatever an editor types is shown in time or refused in words; it is never an error of the portal."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup

from s2group.content.loading import load_content
from s2group.core.markup import markdown_to_html
from s2group.core.permissions import Role
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


def test_a_journal_without_letters_is_refused_in_words(editor: FlaskClient) -> None:
    path = "/en/editor/venue/new/"
    typed = {"short_name": "!!!", "name": "!!!"}
    response = editor.post(path, data={**as_shown(editor.get(path).text), **typed})
    assert (response.status_code, "Write names with letters" in response.text) == (422, True)


HOSTILE = (
    "<script>alert(1)</script><svg onload=alert(1)></svg>[x](javascript:alert(1)) ![y](data:text/html,z) "
    '<a href="javascript:alert(1)">a</a> {{ 7*191 }} {% raw %} \u202e" onmouseover="alert(1)" </script></title>'
)
WRONG = re.compile(r'<li><a href="#([^"]+)">([^<]+)')
DANGEROUS = ("javascript:", "data:text", "vbscript:")


class Dangers(HTMLParser):
    """What of a page would do something: handlers, scripts of its own, addresses that are programs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found = [word for word in ("1337",) if word in page]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [name for name, _ in attrs if name.startswith("on")]
        self.found += [value for _, value in attrs if value and value.strip().lower().startswith(DANGEROUS)]
        if tag == "script" and not {"src", "type"} & dict(attrs).keys():
            self.found.append(tag)


RECORDS = (
    "member/test-yi", "page/how-to-visit", "project/grant-s-1", "partner/another-university",
    "research_area/second-line", "profile/profile",
)  # fmt: skip


SHORT = ("short_name_zh", "short_name_en", "seal")


def test_what_would_do_something_is_found() -> None:
    page = '<p onclick="x"><script>1</script><a href=" javascript:1">a</a><script src="/a.js"></script>1337'
    assert Dangers(page).found == ["1337", "onclick", "script", " javascript:1"]


def test_hostile_text_is_only_text_wherever_it_appears(app: Flask, editor: FlaskClient) -> None:
    typed = 0
    for record in RECORDS:
        path = f"/en/editor/{record}/"
        data = as_shown(editor.get(path).text)
        texts = [
            name for name, text in data.items() if name.endswith(("_zh", "_en")) and name not in SHORT and any(text)
        ]
        response = editor.post(path, data={**data, **{name: f"{HOSTILE} {name}" for name in texts}})
        assert response.status_code == 303, (record, WRONG.findall(response.text))
        typed += len(texts)
    news = {"title_zh": HOSTILE[:150], "body_en": HOSTILE, "action": "publish"}
    path = "/en/editor/news/new/"
    assert editor.post(path, data={**as_shown(editor.get(path).text), **news}).status_code == 302
    visitor = app.test_client()
    pages = re.findall(r"<loc>http://[^/<]+([^<]*)</loc>", visitor.get("/sitemap.xml").text)
    found = {path: visitor.get(path).text for path in [*pages, *(f"/en{path}" for path in pages)]}
    assert {path: dangers for path, text in found.items() if (dangers := Dangers(text).found)} == {}
    assert sum("&lt;script&gt;alert(1)" in text for text in found.values()) > 10 and typed > 20


def test_a_megabyte_of_text_is_refused_in_words(editor: FlaskClient) -> None:
    path = "/en/editor/page/how-to-visit/"
    data = as_shown(editor.get(path).text)
    response = editor.post(path, data={**data, "body_en": "*a* [b](c) " * 100_000})
    assert (response.status_code, "Use at most 100000 characters" in response.text) == (422, True)
    as_much = "*a* [b](https://example.org) ![" * 3000
    assert editor.post(path, data={**data, "body_en": as_much}).status_code == 303
    assert editor.get("/en/how-to-visit/").status_code in (200, 404)
