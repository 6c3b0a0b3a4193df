"""How many requests may wait for a look at a file at once, so that there is always a thread for everybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

# Half the threads of a process of the server (gunicorn.conf.py).
SEATS = 4
seats = BoundedSemaphore(SEATS)


@contextmanager
def seat() -> Iterator[bool]:
    """Whether this request may wait as well."""
    is_free = seats.acquire(blocking=False)
    try:
        yield is_free
    finally:
        if is_free:
            seats.release()
