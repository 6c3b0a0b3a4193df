"""A test run that is stopped leaves nothing running, and no database in memory."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.server import ROOT

TEST = """
import time
from pathlib import Path
from tests.support import postgres

def test_that_never_ends(request):
    with postgres.cluster() as folder:
        (Path(__file__).parent / "cluster").write_text(str(folder))
        time.sleep(600)
"""


def _wait_for(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def _commands() -> str:
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(process.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue  # it has ended meanwhile
    return "\n".join(found)


@pytest.mark.skipif(postgres.binaries() is None, reason="PostgreSQL is not installed")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_nothing_is_left(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "test_endless.py").write_text(TEST)
    cluster = tmp_path / "cluster"
    command = (
        "pytest",
        "-p",
        "tests.support.guard",
        "-p",
        "no:cacheprovider",
        "-n",
        "1",
        "--rootdir",
        tmp_path,
        tmp_path,
    )
    run = subprocess.Popen((sys.executable, "-m", *command), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(lambda: cluster.exists() and cluster.read_text(), "the run begins")
        run.send_signal(how)
        run.wait(300)
    finally:
        run.kill()
        run.wait()
    folder = Path(cluster.read_text())
    _wait_for(lambda: not folder.exists(), "the workers notice that they are alone")
    _wait_for(lambda: str(folder) not in _commands(), "nothing of the cluster runs")
