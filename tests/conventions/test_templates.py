"""What the Content-Security-Policy and the design forbid, found before a browser does."""

import re
from pathlib import Path

import pytest

PAGES = [path for path in Path("templates").rglob("*.html") if "mail" not in path.parts]
FORBIDDEN = {
    "an inline style": r"\sstyle=",
    "an inline handler": r"\son[a-z]+=",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "a style element": r"<style",
    "something from elsewhere": r"(?:src|href)=\"(?:https?:)?//",
    "unescaped text": r"\|\s*safe\b",
}


@pytest.mark.parametrize("path", PAGES, ids=str)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_page_holds_nothing_that_the_policy_forbids(path: Path, what: str) -> None:
    assert re.search(FORBIDDEN[what], path.read_text()) is None, f"{path} holds {what}"


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_every_posted_form_carries_a_token(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.S):
        if re.search(r'method="post"', form):
            assert re.search(r"csrf_token|hidden_tag", form), f"{path}: a form without a token"
