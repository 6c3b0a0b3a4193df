"""Has a file looked at in the inspector's processes, and sees that every look ends: in time, and with little to say."""

import json
import logging
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from select import select
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import IO

FOLDER = Path(__file__).parent
COMMAND = (sys.executable, "-I", "-B", "-c")
# Found by its folder, and by nothing else of the portal.
PROGRAM = f"import sys; sys.path.append({str(FOLDER)!r}); from inspector.serving import serve; serve()"
# All that the parsers get to see of the environment: no key, no password.
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}
# What ends a whole answer, and one that the child gave up by itself (`inspector.serving`).
END = b"\n\0END"
GAVE_UP = b"\n\0GAVE UP"
CHUNK = 64 * 1024
DYING_SECONDS = 0.2
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What the inspector said.

    `complete` is whether it came to its end, `gave_up` whether it said that it could not, `late` whether time ran out
    for it, or there was no turn; none of them where it was killed.
    """

    output: bytes = b""
    complete: bool = False
    gave_up: bool = False
    late: bool = False


class ForkServer:
    """The inspector's process, started when it is first needed and again where it is gone; it ends with this one.

    It is a Python of its own, so that it holds nothing that this process holds: no key, no connection, no socket.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.running: tuple[subprocess.Popen[bytes], socket.socket] | None = None
        os.register_at_fork(after_in_child=self._forget)

    def ask(self, file: IO[bytes], do: tuple[str, ...], seconds: float) -> tuple[int, int]:
        """Have something done with a file; where the answer can be read, and the id of the process that was asked.

        The caller closes what it reads from. Raises OSError where no process can be started.
        """
        answer, pipe = os.pipe()
        try:
            return answer, self._send(json.dumps({"do": do, "seconds": seconds}).encode(), [file.fileno(), pipe])
        except OSError:
            os.close(answer)
            raise
        finally:
            os.close(pipe)

    def start(self) -> None:
        """Start the process, so that the first file need not wait for it. Raises OSError."""
        with self.lock:
            self.running = self.running or _start()

    def is_running(self, process_id: int) -> bool:
        """Whether the process with this id is still the one that answers.

        What it says may end a moment before it is gone itself, so one that seems to live is watched for that long.
        """
        with self.lock:
            running = self.running
        if running is None or running[0].pid != process_id:
            return False
        try:
            running[0].wait(DYING_SECONDS)
        except subprocess.TimeoutExpired:
            return True
        return False

    def _send(self, message: bytes, files: list[int]) -> int:
        with self.lock:
            try:
                return self._send_once(message, files)
            except (BrokenPipeError, ConnectionResetError):
                self._end()
                return self._send_once(message, files)

    def _send_once(self, message: bytes, files: list[int]) -> int:
        if self.running and self.running[0].poll() is not None:
            self._end()  # a child that dies with it may still hold the socket open
        self.running = self.running or _start()
        process, control = self.running
        socket.send_fds(control, [message], files)
        return process.pid

    def _end(self) -> None:
        if self.running:
            process, control = self.running
            control.close()
            process.kill()
            process.wait()
        self.running = None

    def _forget(self) -> None:
        """In a fork of this process: the inspector is the other one's."""
        if self.running:
            self.running[1].close()
        self.lock, self.running = Lock(), None


def _start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [*COMMAND, PROGRAM],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            start_new_session=True,
        )
    return process, ours


server = ForkServer()


@dataclass(frozen=True)
class Sandbox:
    """Has files looked at, two at a time in each process of the portal.

    A look is given up after `seconds`, the wait for its turn among them; an answer of more than `most_bytes` is none.
    """

    seconds: float
    most_bytes: int
    turns: BoundedSemaphore = field(default_factory=partial(BoundedSemaphore, 2))

    def ask(self, path: Path, *do: str) -> Answer:
        """What the inspector says about a file; incomplete where it had no turn, gave up or was killed.

        Raises OSError where the file cannot be opened, and nothing on account of what is in it.
        """
        deadline = monotonic() + self.seconds
        with path.open("rb") as file:
            if not self.turns.acquire(timeout=self.seconds):
                return Answer(late=True)
            try:
                return self._ask_again_if_killed(file, do, deadline)
            except OSError:
                log.exception("the inspector could not be started")
                return Answer(late=True)
            finally:
                self.turns.release()

    def _ask_again_if_killed(self, file: IO[bytes], do: tuple[str, ...], deadline: float) -> Answer:
        """The inspector may be killed for what another file does to the machine: that says nothing about this one."""
        answer, asked = self._ask(file, do, deadline)
        if answer.complete or answer.gave_up or answer.late or server.is_running(asked):
            return answer
        file.seek(0)
        return self._ask(file, do, deadline)[0]

    def _ask(self, file: IO[bytes], do: tuple[str, ...], deadline: float) -> tuple[Answer, int]:
        descriptor, asked = server.ask(file, do, deadline - monotonic())
        with os.fdopen(descriptor, "rb", buffering=0) as pipe:
            return self._read(pipe, deadline), asked

    def _read(self, pipe: IO[bytes], deadline: float) -> Answer:
        output = b""
        while len(output) <= self.most_bytes + len(END):
            ready, _, _ = select([pipe], [], [], max(0, deadline - monotonic()))
            if not ready:
                return Answer(output, late=True)
            chunk = pipe.read(CHUNK)
            if not chunk:
                return _ended(output, deadline)
            output += chunk
        return Answer()


def _ended(output: bytes, deadline: float) -> Answer:
    """What was said by a child that is gone: killed at its deadline where this process was held up till after it."""
    if output.endswith(END):
        return Answer(output.removesuffix(END), complete=True)
    if output.endswith(GAVE_UP):
        return Answer(output.removesuffix(GAVE_UP), gave_up=True)
    return Answer(output, late=monotonic() >= deadline)
