"""Whom a comment mentions, and until when it can be changed."""

from datetime import UTC, datetime, timedelta

import pytest

from s2group.evaluation.discussion.rules import may_change, mentioned

NAMES = {1: "测试·小林", 2: "测试·小林山", 3: "Test Zhu", 4: "Test Zhu Four", 5: "pi", 6: "ＰＩ"}
AT = datetime(2026, 9, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@测试·小林 四级 539 还是 593？", {1}),
        ("＠测试·小林山怎么看", {2}),
        ("@test zhu, and @TestZhuFour", {3, 4}),
        ("@Test  Zhu Four", {4}),
        ("测试·小林", set()),
        ("me@example.org @ @", set()),
        ("@PI", {5, 6}),
        ("", set()),
    ],
)
def test_an_at_calls_the_longest_name_that_fits(text: str, found: set[int]) -> None:
    assert mentioned(text, NAMES) == found


def test_nobody_without_a_name_is_called() -> None:
    assert mentioned("@anybody", {1: ""}) == set()


def test_the_author_may_change_it_for_half_an_hour() -> None:
    nearly = AT + timedelta(minutes=30) - timedelta(microseconds=1)
    assert may_change(author_id=1, at=AT, actor_id=1, now=nearly)
    assert not may_change(author_id=1, at=AT, actor_id=1, now=AT + timedelta(minutes=30))
    assert not may_change(author_id=1, at=AT, actor_id=2, now=AT)
