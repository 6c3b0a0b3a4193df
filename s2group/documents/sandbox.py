"""Starts the inspector on a file and sees that it ends: in time, and with little to say."""

import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import IO

INSPECTOR = Path(__file__).with_name("inspector.py")
# All that the parsers get to see of the environment: no key, no password.
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}
Child = subprocess.Popen[bytes]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What the inspector said, and whether it came to its end by itself."""

    output: bytes = b""
    complete: bool = False


@dataclass(frozen=True)
class Sandbox:
    """Runs the inspector, two at a time in each process of the server.

    A run waits `patience` seconds for its turn and is killed after `seconds`; an answer of more than
    `most_bytes` is none.
    """

    patience: float
    seconds: float
    most_bytes: int
    turns: BoundedSemaphore = field(default_factory=partial(BoundedSemaphore, 2))

    def ask(self, path: Path, *arguments: str) -> Answer:
        """What the inspector says about a file; incomplete where it had no turn, gave up or was killed.

        Raises OSError where the file cannot be opened, and nothing on account of what is in it.
        """
        if not self.turns.acquire(timeout=self.patience):
            return Answer()
        try:
            with path.open("rb") as file:
                return self._run(file, arguments)
        finally:
            self.turns.release()

    def _run(self, file: IO[bytes], arguments: tuple[str, ...]) -> Answer:
        try:
            child = _start(file, arguments)
        except OSError:
            log.exception("the inspector could not be started")
            return Answer()
        killer = Timer(self.seconds, _kill, [child])
        killer.start()
        try:
            with child:
                return self._hear(child)
        finally:
            killer.cancel()

    def _hear(self, child: Child) -> Answer:
        output = child.stdout.read(self.most_bytes + 1) if child.stdout else b""
        if len(output) > self.most_bytes:
            _kill(child)
            return Answer()
        return Answer(output, complete=child.wait() == 0)


def _start(file: IO[bytes], arguments: tuple[str, ...]) -> Child:
    return subprocess.Popen(
        [sys.executable, "-I", "-B", str(INSPECTOR), *arguments],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        start_new_session=True,
    )


def _kill(child: Child) -> None:
    """Kill the child and whatever it started."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
