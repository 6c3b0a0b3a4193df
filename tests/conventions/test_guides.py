"""The guides say the same in both languages, name what the pages name, and know every field of the content files."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from s2group.admissions.rules.letters import LEAST_TIME
from s2group.admissions.services.drafts import LIFETIME
from s2group.content.kinds import KINDS
from s2group.content.records.fields import Choice
from s2group.links.rules import LIFETIMES, Purpose

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "guides"
ENGLISH = sorted(path for path in FOLDER.glob("*.md") if not path.name.endswith(".zh.md"))
# A button, a link or a page, by the name that it has on the pages.
NAME = re.compile(r"\*\*(.+?)\*\*")
ROW = re.compile(r"^\| `(\w+)` \| (\w*) ?\| (.*) \|$", re.MULTILINE)
each_guide = pytest.mark.parametrize("guide", ENGLISH, ids=lambda path: path.stem)


def chinese(guide: Path) -> str:
    return guide.with_suffix(".zh.md").read_text()


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    """Every text of the pages with its Chinese, and the parts of those that are made of parts."""
    with (ROOT / "s2group/translations/zh_Hans_CN/LC_MESSAGES/messages.po").open("rb") as file:
        messages = [(message.id, str(message.string)) for message in read_po(file) if isinstance(message.id, str)]
    parts = [zip(text.split(" · "), said.split(" · "), strict=False) for text, said in messages if text]
    return dict(pair for pairs in parts for pair in pairs) | dict(messages)


@each_guide
def test_both_languages_have_the_same_parts(guide: Path) -> None:
    def parts(text: str) -> list[str]:
        return re.findall(r"^(?:#+(?= )|\|(?=-)|    (?=\S))", text, re.MULTILINE)

    assert parts(guide.read_text()) == parts(chinese(guide))
    assert {path.name for path in FOLDER.iterdir()} == {
        name for each in ENGLISH for name in (each.name, f"{each.stem}.zh.md")
    }


@each_guide
def test_names_of_pages_and_buttons_are_those_on_the_pages(guide: Path, words: dict[str, str]) -> None:
    named = set(NAME.findall(guide.read_text()))
    assert [name for name in named if not words.get(name)] == []
    assert set(NAME.findall(chinese(guide))) == {words[name] for name in named}


def test_what_applicants_are_told_of_time_is_so() -> None:
    for text, after in (
        ((FOLDER / "applying.md").read_text(), r"works for (\d+) days"),
        (chinese(FOLDER / "applying.md"), r"链接 (\d+) 天内有效"),
    ):
        told = [int(days) for days in re.findall(after, text.replace("\n", " ").replace("  ", " "))]
        assert told == [LIFETIMES[Purpose.CONTINUE].days, LIFETIMES[Purpose.MANAGE].days]
        assert re.search(rf"\b{LIFETIME.days} (?:days|天)", text)
        assert re.search(rf"\b{LEAST_TIME.days} (?:days|天)", text)


@pytest.mark.parametrize("name", ["content.md", "content.zh.md"])
def test_every_field_of_the_content_files_is_explained(name: str) -> None:
    tables = [ROW.findall(part) for part in (FOLDER / name).read_text().split("\n## ")]
    explained = [rows for rows in tables if rows]
    assert len(explained) == len(KINDS)
    for kind, rows in zip(KINDS.values(), explained, strict=True):
        told = [(field, bool(needed)) for field, needed, _ in rows]
        assert told == [(field.name, not field.is_optional) for field in kind.fields]
        for field, (_, _, meaning) in zip(kind.fields, rows, strict=True):
            if isinstance(field, Choice):
                assert set(re.findall(r"`(\w+)`", meaning)) == {*filter(None, field.words)}
