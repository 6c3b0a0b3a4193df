"""Answers that take the same time."""

import pytest

from s2group.core import timing


@pytest.mark.parametrize(("taken", "pause"), [(0.0, 0.5), (0.125, 0.375), (0.5, 0.0), (2.0, 0.0)])
def test_what_was_fast_waits_for_the_rest(monkeypatch: pytest.MonkeyPatch, taken: float, pause: float) -> None:
    moments, pauses = iter([8.0, 8.0 + taken]), list[float]()
    monkeypatch.setattr(timing, "perf_counter", lambda: next(moments))
    monkeypatch.setattr(timing, "sleep", pauses.append)
    with timing.at_least(0.5):
        assert pauses == []
    assert pauses == [pause]
