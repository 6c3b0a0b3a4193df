"""What is cleared away when it is not needed any more, or when the test run ends, however it is stopped."""

import subprocess
from pathlib import Path

# Waits for the end of a pipe which nothing but the test process holds open, so even SIGKILL ends it.
WAIT = 'cat >/dev/null; "$@"'


class Guard:
    """A shell that runs `command` once, at `close` or when this process is gone; for `contextlib.closing`."""

    def __init__(self, *command: str | Path, user: str | None = None) -> None:
        self.shell = subprocess.Popen(
            ("sh", "-c", WAIT, "guard", *command),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # out of reach of whatever stops the test run
            cwd="/",
            user=user,
        )

    def close(self) -> None:
        """Have the command run; return when it has."""
        assert self.shell.stdin is not None
        self.shell.stdin.close()
        self.shell.wait()
