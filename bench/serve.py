"""How fast public pages are answered, beside a bare Flask app under the same gunicorn.

python -m bench.serve [--seconds 4] [--rounds 5] [--folder build/bench]

Both run by the portal's own gunicorn.conf.py and take turns; four clients ask over connections that stay open. The
clients take as much of the machine as the server does, so what is compared is the processor time that the server's
processes take for an answer: of the best round, for the machine may have others to serve.
"""

import argparse
import math
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.support.databases import settings
from tests.support.server import ROOT
from tests.support.smtp import free_port

CLIENTS = 4
BARE = "bench.bare:app"
END = b"\r\n\r\n"
# With the cookie of a session, though of none that exists, a page is made anew.
ASKS: dict[str, tuple[str, str, dict[str, str]]] = {
    "bare Flask, a constant string": ("bare", "/hello", {}),
    "bare Jinja page": ("bare", "/jinja", {}),
    "home, kept, br": ("portal", "/", {"Accept-Encoding": "br"}),
    "home, kept, gzip": ("portal", "/", {"Accept-Encoding": "gzip"}),
    "home, kept, 304": ("portal", "/", {"If-None-Match": "the page's own"}),
    "publications, kept, br": ("portal", "/publications/", {"Accept-Encoding": "br"}),
    "style sheet, kept, br": ("portal", "the style sheet", {"Accept-Encoding": "br"}),
    "home, made": ("portal", "/", {"Cookie": "session=none"}),
    "publications, made": ("portal", "/publications/", {"Cookie": "session=none"}),
}


@dataclass(frozen=True)
class Server:
    """gunicorn at work."""

    port: int
    process_id: int

    def seconds(self) -> float:
        """The processor time that its workers have taken."""
        workers = Path(f"/proc/{self.process_id}/task/{self.process_id}/children").read_text().split()
        fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in workers]
        return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(application: str, environ: Mapping[str, str]) -> Iterator[Server]:
    """gunicorn with an application."""
    port = free_port()
    command = (sys.executable, "-m", "gunicorn", "--access-logfile", os.devnull, application)
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environ | {"PORT": str(port)})
    try:
        wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Return once something answers."""
    while not answers(port):
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether something answers."""
    try:
        return bool(answer(port, "/hello"))
    except (OSError, HTTPException):
        return False


def answer(port: int, path: str) -> tuple[Mapping[str, str], bytes]:
    """Headers and body of one answer."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    found = connection.getresponse()
    body = found.read()
    connection.close()
    return dict(found.headers), body


def cost(server: Server, path: str, headers: Mapping[str, str], seconds: float) -> tuple[float, float]:
    """Microseconds of the server's processors for an answer, and the 99th hundredth of all times in milliseconds."""
    times: list[float] = []
    clients = [threading.Thread(target=ask, args=(server.port, path, headers, seconds, times)) for _ in range(CLIENTS)]
    before = server.seconds()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return (server.seconds() - before) / len(times) * 1e6, sorted(times)[len(times) * 99 // 100] * 1000


def ask(port: int, path: str, headers: Mapping[str, str], seconds: float, times: list[float]) -> None:
    """Ask again and again over one connection."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    request = "\r\n".join([*lines, "", ""]).encode()
    end = time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while (started := time.monotonic()) < end:
            connection.sendall(request)
            read(connection)
            times.append(time.monotonic() - started)


def read(connection: socket.socket) -> None:
    """Take one whole answer."""
    data = b""
    while END not in data:
        data += received(connection)
    head, _, body = data.partition(END)
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    left = length - len(body)
    while left > 0:
        left -= len(received(connection))


def received(connection: socket.socket) -> bytes:
    """What comes next."""
    if not (data := connection.recv(65536)):
        raise ConnectionError("closed before its end")
    return data


def measure(servers: Mapping[str, Server], seconds: float, rounds: int) -> dict[str, tuple[float, float]]:
    """The best round of each."""
    headers, body = answer(servers["portal"].port, "/")
    sheet = body.partition(b'rel="stylesheet" href="')[2].partition(b'"')[0].decode()
    best = dict.fromkeys(ASKS, (math.inf, math.inf))
    for _ in range(rounds):
        for name, (of, path, asked) in ASKS.items():
            told = {key: headers["ETag"] if value == "the page's own" else value for key, value in asked.items()}
            best[name] = min(best[name], cost(servers[of], sheet if path == "the style sheet" else path, told, seconds))
    return best


@contextmanager
def both(folder: Path) -> Iterator[dict[str, Server]]:
    """The portal with the group's real record in a new folder, and the bare app."""
    shutil.rmtree(folder, ignore_errors=True)
    environ = settings(folder.resolve()) | {
        "S2_ENV": "development", "S2_CONTENT_DIR": str(ROOT / "content"), "S2_EMBEDDED_WORKER": "off",
    }  # fmt: skip
    prepare = (sys.executable, "-m", "flask", "--app", "app", "prepare")
    subprocess.run(prepare, cwd=ROOT, env=os.environ | environ, check=True, stdout=subprocess.DEVNULL)
    with served("app:app", environ) as portal, served(BARE, environ) as bare:
        yield {"portal": portal, "bare": bare}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("build/bench/serve"))
    options = parser.parse_args()
    with both(options.folder) as servers:
        best = measure(servers, options.seconds, options.rounds)
    hello = best["bare Flask, a constant string"][0]
    rows = [
        f"| {name} | {found:.0f} µs | {hello / found:.2f} | {slow:.1f} ms |" for name, (found, slow) in best.items()
    ]
    lines = ["| | an answer | as many as of bare Flask | 99 % within |", "|---|---|---|---|", *rows]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
