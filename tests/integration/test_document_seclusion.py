"""The process that looks into uploads has no way to the network."""

import socket
import subprocess
import sys
from pathlib import Path

INSPECTOR = Path("s2group/documents/inspector.py")
CONNECT = """
import runpy, socket
inspector = runpy.run_path({inspector!r})
{restrict}
with socket.create_connection(("127.0.0.1", {port}), timeout=5):
    print("connected")
"""


def _try(restrict: str) -> subprocess.CompletedProcess[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        script = CONNECT.format(inspector=str(INSPECTOR), restrict=restrict, port=server.getsockname()[1])
        return subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=60)


def test_the_inspector_cannot_connect_to_anything() -> None:
    restricted = _try('inspector["restrict"]()')
    assert "PermissionError: [Errno 13]" in restricted.stderr
    assert restricted.stdout == ""


def test_without_its_restrictions_it_could() -> None:
    assert _try("").stdout == "connected\n"
