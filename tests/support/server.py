"""The real portal as it is run: gunicorn by its own configuration, with the mail worker, as a group of processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import MappingProxyType

from s2group import create_app
from s2group.extensions import db
from tests.support.guard import Guard
from tests.support.smtp import free_port

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 60
STOP_SECONDS = 60


@dataclass
class Portal:
    """A portal on a port of its own; it may be stopped, killed, and started again over the same data."""

    environ: dict[str, str]
    port: int = field(default_factory=free_port)
    # A program that runs gunicorn and watches it, such as strace.
    watcher: tuple[str, ...] = ()
    # What gunicorn is told besides its own configuration.
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    guard: Guard | None = None

    @property
    def url(self) -> str:
        """Where it is served, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data_dir(self) -> Path:
        """Its data folder."""
        return Path(self.environ["S2_DATA_DIR"])

    @property
    def log(self) -> str:
        """Everything it has said."""
        return (self.data_dir / "server.log").read_text()

    def run(self, *command: str) -> str:
        """Run one of the app's commands to its end; what it printed."""
        flask = (sys.executable, "-m", "flask", "--app", "app", *command)
        result = subprocess.run(flask, cwd=ROOT, env=self.process_environ(), capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def prepare(self) -> None:
        """`flask prepare`."""
        self.asked("prepare")

    def asked(self, *command: str) -> str:
        """The same as run, within this process, which has imported everything."""
        app = create_app(self.environ)
        with app.app_context():
            result = app.test_cli_runner().invoke(args=list(command))
            db.session.remove()
            db.engine.dispose()
        assert result.exit_code == 0, result.output
        return result.output

    def start(self) -> None:
        """Start the processes; return once the portal is ready."""
        self.begin()
        self.wait_until_ready()

    def begin(self) -> None:
        """Start the processes."""
        with (self.data_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                (*self.watcher, sys.executable, "-m", "gunicorn", *self.options),
                cwd=ROOT,
                env=self.process_environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.guard = Guard("kill", "-s", "KILL", "--", f"-{self.process.pid}")

    def wait_until_ready(self) -> None:
        """Return once the portal is ready."""
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def stop(self) -> None:
        """End it as an operator does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(STOP_SECONDS)
            self.kill()

    def kill(self) -> None:
        """SIGKILL every process of the group at one moment; return once nothing listens any more."""
        if self.process is not None and self.guard is not None:
            self.guard.close()
            self.process.wait()
            self.process = self.guard = None
            while self._listens():
                time.sleep(0.01)

    def get(self, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> tuple[int, str]:
        """Ask for a page; status and text."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            return response.status, response.read().decode()

    def mail_workers(self) -> list[int]:
        """The process ids of the mail workers beside gunicorn."""
        assert self.process is not None
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        children = " ".join(thread.read_text() for thread in threads).split()
        return [int(pid) for pid in children if b"deliver" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]

    def web_workers(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if int(pid) not in self.mail_workers()]

    @contextmanager
    def only(self, worker: int) -> Iterator[None]:
        """Let every other worker of gunicorn stand still."""
        others = [pid for pid in self.web_workers() if pid != worker]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)

    def process_environ(self) -> dict[str, str]:
        """Nothing of this machine's settings may reach the portal under test."""
        return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
            "LANG": "C.UTF-8",
            "PORT": str(self.port),
            **self.environ,
        }

    def _is_ready(self) -> bool:
        with suppress(OSError, HTTPException):
            return self.get("/healthz")[0] == 200  # a small disk of a test would never do for /readyz
        return False

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def running_portal(environ: dict[str, str], *, light: bool = False) -> Iterator[Portal]:
    """A portal over the settings in `environ`: migrated, with content, ready; nothing of it is left running after.

    A light one starts in half the time: for pages alone, it has one process to answer, and none that mails.
    """
    light_environ = {**environ, "S2_EMBEDDED_WORKER": "off"}
    portal = Portal(light_environ, options=("--workers", "1")) if light else Portal(environ)
    portal.prepare()
    try:
        portal.start()
        yield portal
        portal.stop()
    finally:
        portal.kill()
