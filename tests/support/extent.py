"""How much a run tries: `make test` less of what is alike, `make test-full` all of it. A plugin for pytest."""

from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import settings

T = TypeVar("T")
# As many examples as a run of `make test` tries of a property; 100 in the long form.
EXAMPLES = 20
is_short = False


def pytest_configure(config: pytest.Config) -> None:
    """Before any test is imported."""
    global is_short
    is_short = "not long" in config.option.markexpr
    settings.register_profile("short", max_examples=EXAMPLES)
    if is_short:
        settings.load_profile("short")


def chosen(*, short: T, long: T) -> T:
    """The one of two that the run asks for."""
    return short if is_short else long


def share(everything: Sequence[T], place: int, of: int) -> Sequence[T]:
    """All of it; in the short form what falls to one of so many that take turns."""
    return everything[place::of] if is_short else everything
