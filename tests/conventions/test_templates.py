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


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_holds_what_the_policy_forbids(what: str) -> None:
    assert [path for path in PAGES if re.search(FORBIDDEN[what], path.read_text())] == []


def test_every_posted_form_carries_a_token() -> None:
    forms = [(path, form) for path in PAGES for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.S)]
    posted = [(path, form) for path, form in forms if re.search(r'method="post"', form)]
    assert posted
    assert [path for path, form in posted if not re.search(r"csrf_token|hidden_tag", form)] == []


def test_deadlines_are_said_as_such() -> None:
    said = re.compile(r"(closes_at|due_at|ends_at|until)\s*\|\s*long_time")
    assert [path for path in Path("templates").rglob("*.*") if said.search(path.read_text())] == []


def test_where_a_sentence_goes_on_chinese_has_no_blank() -> None:
    """Full-width punctuation brings its own room: `gap()` is a blank in English alone."""
    ends = r"""\b(?:_|n?gettext)\((?:[^()]|\([^()]*\))*?[.?!:;]"(?:[^()}]|\([^()]*\))*\)\s*\}\}"""
    # Not into the other branch of a condition, nor out of a macro.
    tag = r"\{%-? (?!else|elif|endmacro)[^%]*%\}"
    goes_on = r"(?=<(?:a|b|code|em|span|strong|time)\b|\{\{ (?!gap)|\w)"
    blank = re.compile(
        rf"{ends}(?:{tag})*\s+(?:{tag}\s*)*{goes_on}|\}}\}}\s+(?:{tag}\s*)?(?:<span[^>]*>)?\{{\{{ _\(\"\("
    )
    for wrong in (
        '{{ _("No.") }} <a>',
        '{{ _("No:") }} {% endif %}{{ name }}',
        '}}\n <span class="sr">{{ _("(none)") }}',
    ):
        assert blank.search(wrong)
    found = [(str(path), match.group()[-60:]) for path in PAGES for match in blank.finditer(path.read_text())]
    assert found == []
