"""What follows from the group's record."""

from datetime import date

import pytest

from s2group.content.projects.rules import ProjectState, project_state
from s2group.content.records.rules import language_of, same_name_key, slug_of


@pytest.mark.parametrize(
    ("end", "today", "state"),
    [
        ("2026-03", date(2026, 3, 31), ProjectState.ACTIVE),
        ("2026-03", date(2026, 4, 1), ProjectState.FINISHED),
        ("2026-12", date(2026, 3, 1), ProjectState.ACTIVE),
        ("", date(2026, 3, 1), ProjectState.ACTIVE),
    ],
)
def test_a_project_runs_until_the_end_of_its_last_month(end: str, today: date, state: ProjectState) -> None:
    assert project_state(role="lead", end=end, today=today) is state


@pytest.mark.parametrize("end", ["", "2020-01", "2030-01"])
def test_a_project_of_others_is_one_we_take_part_in(end: str) -> None:
    assert project_state(role="participant", end=end, today=date(2026, 1, 1)) is ProjectState.PARTICIPATED


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Test Jia", "test-jia"), ("Zoë O'Sample", "zoe-osample"), (" Test  Jia-Yi ", "test-jia-yi"), ("测试甲", "")],
)
def test_an_address_is_made_from_the_latin_letters_of_a_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_case_and_spaces_do_not_make_two_names() -> None:
    assert same_name_key(" test  JIA") == same_name_key("Test Jia") != same_name_key("Test Yi")


@pytest.mark.parametrize(
    ("words", "language"),
    [("A Sample", "en"), ("示例学报", "zh"), ("TTS 语音合成研究综述", "zh"), ("A Study of 语", "en"), ("2026", "en")],
)
def test_the_language_of_a_title_is_that_of_most_of_its_letters(words: str, language: str) -> None:
    assert language_of(words) == language
