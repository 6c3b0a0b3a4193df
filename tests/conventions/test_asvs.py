"""Every item of OWASP ASVS 5.0 about sign-in and sessions is answered, by a test that exists or by a reason."""

import re
from collections import Counter
from pathlib import Path

import pytest

# How many items of levels 1 and 2 each section has.
SECTIONS = {
    "V6.1": 3, "V6.2": 12, "V6.3": 4, "V6.4": 4, "V6.5": 5, "V6.6": 3, "V6.8": 4,
    "V7.1": 3, "V7.2": 4, "V7.3": 2, "V7.4": 5, "V7.5": 2, "V7.6": 2,
}  # fmt: skip
ROW = re.compile(r"^\| (V[67]\.\d+\.\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)`: `(test_\w+)`")
ROWS = ROW.findall(Path("docs/asvs.md").read_text())


def test_every_item_is_answered_once() -> None:
    wanted = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert [item for item, _, _ in ROWS] == wanted
    assert Counter(item for item, _, _ in ROWS).most_common(1)[0][1] == 1


@pytest.mark.parametrize(("item", "answer", "test"), ROWS)
def test_each_answer_names_a_test_that_exists_or_a_reason(item: str, answer: str, test: str) -> None:
    named = TEST.fullmatch(test)
    if named is None:
        assert (test, answer.startswith("Reason: "), len(answer) > 30) == ("—", True, True)
    else:
        assert f"\ndef {named[2]}(" in Path(named[1]).read_text()


def test_fields_of_passwords_are_masked_and_open_to_managers() -> None:
    fields = [
        (path.name, match.group())
        for path in Path("templates").rglob("*.html")
        for match in re.finditer(r"\{\{ input\(form\.(password|again).*?\}\}", path.read_text())
    ]
    assert len(fields) >= 6
    assert [each for each in fields if not re.search(r'autocomplete="(new|current)-password"', each[1])] == []
    declared = "".join(path.read_text() for path in Path("s2group").rglob("*.py"))
    made = re.findall(r"^    password = (\w+\((?:lazy|\)))", declared, re.MULTILINE)
    assert set(made) == {"PasswordField(lazy", "_password_field()"}
    assert not [path for path in Path("static/js").glob("*.js") if "onpaste" in path.read_text()]


def test_secrets_come_from_the_systems_random_source() -> None:
    for folder in ("accounts", "links", "core"):
        for path in Path("s2group", folder).rglob("*.py"):
            assert not re.search(r"^(import|from) random\b", path.read_text(), re.MULTILINE), path


def test_every_page_of_the_staff_offers_to_sign_out() -> None:
    layout = Path("templates/layouts/staff.html").read_text()
    assert "url_for('security.logout')" in layout
    overridden = [path for path in Path("templates").rglob("*.html") if "{% block tools %}" in path.read_text()]
    assert [path for path in overridden if "layouts/staff.html" in path.read_text()] == []
