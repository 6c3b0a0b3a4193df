"""Answers that take the same time whatever was found: their time must not tell what their words keep back."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, sleep


@contextmanager
def at_least(seconds: float) -> Iterator[None]:
    """Wait at the end of the block until so many seconds have passed since it began."""
    begun = perf_counter()
    yield
    sleep(max(0.0, begun + seconds - perf_counter()))
