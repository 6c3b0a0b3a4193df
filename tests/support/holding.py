"""Processes that hold one of the portal's locks until they are told to let go, or are killed."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask

from s2group.core import locks
from s2group.extensions import db

NAME = "a-thing"


class Holder:
    """A process that wants the lock, `exclusive` or `shared`."""

    def __init__(self, app: Flask, how: str) -> None:
        heard, self._says = os.pipe()
        self._told, tell = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            try:
                self._hold(app, how)
            finally:
                os._exit(1)
        os.close(self._says)
        os.close(self._told)
        self._heard, self._tell = os.fdopen(heard), os.fdopen(tell, "w")

    def _hold(self, app: Flask, how: str) -> None:
        """In the child, which leaves the connections to its parent."""
        locks._engine.cache_clear()
        with app.app_context():
            db.engine.dispose(close=False)
            with getattr(locks, how)(NAME):
                os.write(self._says, b"held\n")
                os.read(self._told, 1)
        os._exit(0)

    def heard(self) -> str:
        """What it says next; waits for it."""
        return self._heard.readline().strip()

    def let_go(self) -> None:
        """End it as it would end by itself."""
        self._tell.write("\n")
        self._tell.flush()
        _, status = os.waitpid(self.process, 0)
        assert status == 0

    def die(self) -> None:
        """Kill it."""
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)

    def close(self) -> None:
        """Leave nothing of it."""
        self.die()
        self._heard.close()
        self._tell.close()


@contextmanager
def wanting(app: Flask, how: str) -> Iterator[Holder]:
    """A process that waits for the lock, or has it."""
    found = Holder(app, how)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def holding(app: Flask, how: str) -> Iterator[Holder]:
    """A process that holds the lock by now."""
    with wanting(app, how) as found:
        assert found.heard() == "held"
        yield found
