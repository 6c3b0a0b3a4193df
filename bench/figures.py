"""The ratios that the portal is held to, each measured side by side in one run: `make bench`.

    python -m bench.figures [--seconds 2] [--rounds 3] [--applications 40] [--folder build/bench/figures]

What is compared takes turns, for the machine may have others to serve: a ratio tells more than its two numbers.
"""

import argparse
import os
import re
import smtplib
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import delete, insert, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from bench import serve
from bench.accept import CLIENTS, new_file
from s2group import create_app
from s2group.core.clock import now
from s2group.core.database import transaction
from s2group.documents.store import read_bytes
from s2group.extensions import db
from s2group.mail.composing import compose
from s2group.mail.delivery import deliver_due
from s2group.mail.models import OutboxMail
from tests.support.applying import REQUIRED
from tests.support.databases import settings
from tests.support.server import ROOT, Portal, running_portal
from tests.support.smtp import free_port
from tests.support.visitor import Visitor

FORM = "/en/apply/"
AT_ONCE = 50
SITE = ROOT / "deploy" / "etc" / "nginx" / "conf.d" / "s2group.conf"


@dataclass(frozen=True)
class Figure:
    """What was measured, what it shall be, and whether it is."""

    name: str
    found: str
    goal: str
    met: bool

    def __str__(self) -> str:
        """A line of the table."""
        return f"| {self.name} | {self.found} | {self.goal} | {'met' if self.met else 'missed'} |"


def at_least(name: str, ratio: float, goal: float, told: str) -> Figure:
    """A ratio that shall not be smaller."""
    return Figure(name, f"{ratio:.2f} ({told})", f"≥ {goal}", ratio >= goal)


def at_most(name: str, found: float, goal: float, unit: str, told: str = "") -> Figure:
    """A measure that shall not be greater."""
    return Figure(name, f"{found:.1f}{unit}{f' ({told})' if told else ''}", f"≤ {goal:g}{unit}", found <= goal)


def pages(servers: Mapping[str, serve.Server], seconds: float, rounds: int) -> Iterator[Figure]:
    """Kept and made pages beside bare ones."""
    best = serve.measure(servers, seconds, rounds)
    hello, slowest_hello = best["bare Flask, a constant string"]
    for name, (cost, slow) in best.items():
        if "kept" in name:
            told = f"{cost:.0f} of {hello:.0f} µs; 99 % within {slow:.1f} of {slowest_hello:.1f} ms"
            yield at_least(name, hello / cost, 1.3, told)
    made, jinja = best["home, made"][0], best["bare Jinja page"][0]
    yield at_most(
        "home, made, of a bare Jinja page", made / jinja, 4, " ×", f"{made / 1000:.1f} of {jinja / 1000:.1f} ms"
    )
    yield at_most("publications, made", best["publications, made"][0] / 1000, 15, " ms")


@contextmanager
def nginx(folder: Path, portal: int) -> Iterator[serve.Server]:
    """The site of deploy/ without TLS, and files beside it."""
    port, site = free_port(), SITE.read_text()
    cache, _, rest = site.partition("# nginx keeps no log")
    server = rest[rest.index("server {", rest.index("}\n}")) :]
    lines = [line for line in server.splitlines() if "ssl" not in line and "@" not in line]
    files = f"server {{ listen 127.0.0.1:{port}; access_log off; location /file/ {{ root {folder}; }}"
    body = "\n".join([files, *lines[1:]]).replace("127.0.0.1:8000", f"127.0.0.1:{portal}")
    kept = cache.replace("/var/lib/nginx/s2group", str(folder / "kept"))
    config = folder / "nginx.conf"
    # Where nginx is started by root, its worker must read what root has written.
    user = "user root; " if os.geteuid() == 0 else ""
    config.write_text(
        f"{user}daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{ }}\n"
        f"http {{ sendfile on; keepalive_requests 1000000;\n{kept}\n{body}\n}}\n"
    )
    process = subprocess.Popen(("nginx", "-c", config))
    try:
        serve.wait_for(port)
        yield serve.Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def behind_nginx(folder: Path, portal: serve.Server, seconds: float, rounds: int) -> Iterator[Figure]:
    """nginx with kept pages beside nginx with a file of the same bytes."""
    (folder / "file").mkdir(parents=True)
    (folder / "file" / "home").write_bytes(serve.answer(portal.port, "/")[1])
    with nginx(folder, portal.port) as server:
        asks = {"kept": "/", "file": "/file/home"}
        cost = {
            name: min(serve.cost(server, path, {}, seconds)[0] for _ in range(rounds)) for name, path in asks.items()
        }
    told = f"{cost['kept']:.1f} of {cost['file']:.1f} µs of nginx"
    yield at_least("home behind nginx, of a file", cost["file"] / cost["kept"], 0.5, told)


class Writer:
    """The least that 'received' can mean: a file written, flushed, renamed, its folder flushed, a row committed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.lock = threading.Lock()
        self.rows = sqlite3.connect(folder / "rows.sqlite3", check_same_thread=False)
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "CREATE TABLE file (name TEXT)"):
            self.rows.execute(statement)

    def act(self) -> Callable[[], None]:
        """One file, of one writer."""
        data, name = new_file(), uuid4().hex

        def act() -> None:
            with self.lock:
                part = self.folder / f"{name}.part"
                with part.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                part.rename(self.folder / name)
                descriptor = os.open(self.folder, os.O_RDONLY)
                os.fsync(descriptor)
                os.close(descriptor)
                with self.rows:
                    self.rows.execute("INSERT INTO file VALUES (?)", (name,))

        return act


def application(portal: Portal) -> Callable[[], None]:
    """A whole application of 500 kB: the form is open and the request made; what is timed is to send it."""
    visitor, boundary = Visitor(portal.url), ""
    fields = {**REQUIRED, **visitor.opened_form(FORM), "email": f"{uuid4().hex}@example.org"}
    file = FileStorage(BytesIO(new_file()), filename="cv.pdf", name="resume", content_type="application/pdf")
    boundary, body = encode_multipart({**fields, "resume": file})
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.cookies)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Origin": portal.url, "Cookie": cookies}

    def act() -> None:
        connection = HTTPConnection("127.0.0.1", urlsplit(portal.url).port or 80)
        connection.request("POST", FORM, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 303:
            raise RuntimeError(f"no receipt but {answer.status}")

    return act


def timed(acts: list[Callable[[], None]], at_once: int) -> float:
    """The seconds that so many acts took, some at once."""
    with ThreadPoolExecutor(at_once) as pool:
        started = time.perf_counter()
        for done in [pool.submit(act) for act in acts]:
            done.result()
        return time.perf_counter() - started


def uploads(portal: Portal, folder: Path, count: int) -> Iterator[Figure]:
    """Whole applications beside the one writer, in blocks that take turns."""
    writer, blocks = Writer(folder / "writer"), 4
    for at_once in (1, CLIENTS):
        seconds = {"bare": 0.0, "portal": 0.0}
        for _ in range(blocks):
            for name, make in (("bare", writer.act), ("portal", lambda: application(portal))):
                acts = [make() for _ in range(count // blocks)]
                seconds[name] += timed(acts, at_once)
        each = {name: found / (count // blocks * blocks) * 1000 for name, found in seconds.items()}
        told = f"{each['portal']:.1f} ms of {each['bare']:.1f}"
        yield at_least(f"application of 500 kB, {at_once} at once", each["bare"] / each["portal"], 0.5, told)


def crowd(portal: Portal) -> Iterator[Figure]:
    """What a visitor's pages take while many upload."""
    acts, seconds = [application(portal) for _ in range(2 * AT_ONCE)], []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        working = [pool.submit(act) for act in acts]
        while not all(each.done() for each in working):
            for path in ("/en/", "/en/admissions/", "/publications/", FORM):
                started = time.perf_counter()
                serve.answer(portal.port, path)
                seconds.append(time.perf_counter() - started)
        refused = sum(each.exception() is not None for each in working)
    told = f"{len(seconds)} pages; of {len(acts)} uploads {refused} were told to come again"
    late = sorted(seconds)[len(seconds) * 95 // 100]
    yield at_most(f"page while {AT_ONCE} upload at once, 95 % within", late, 1, " s", told)


def mail(portal: Portal) -> Iterator[Figure]:
    """The outbox, as the applications have filled it, beside its ready-made messages over one connection."""
    port = free_port()
    sink = subprocess.Popen(
        (sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink")
    )
    app = create_app(portal.environ | {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port)})
    sender = app.config["MAIL_DEFAULT_SENDER"]
    try:
        with app.app_context():
            rows = list(db.session.scalars(select(OutboxMail).limit(120)))
            ready = [(row.recipient, compose(row, sender=sender, read_attachment=read_bytes)) for row in rows]
            columns = OutboxMail.__table__.columns.keys()
            waiting = [{name: getattr(row, name) for name in columns} for row in rows]
            db.session.rollback()
            seconds: dict[str, list[float]] = {"ready": [], "portal": []}
            while not greets(port):
                time.sleep(0.1)
            for _ in range(3):
                seconds["ready"].append(handed_over(port, sender, ready))
                with transaction() as session:
                    session.execute(delete(OutboxMail))
                    session.execute(insert(OutboxMail), waiting)
                started = time.perf_counter()
                tried = deliver_due(now=now(), read_attachment=read_bytes)
                seconds["portal"].append((time.perf_counter() - started) / tried * len(rows))
            db.session.remove()
            db.engine.dispose()
    finally:
        sink.terminate()
        sink.wait()
    best = {name: min(found) / len(rows) * 1000 for name, found in seconds.items()}
    told = f"{best['portal']:.2f} ms of {best['ready']:.2f} a mail, a third without the file"
    yield at_least("mail, of ready-made messages", best["ready"] / best["portal"], 0.8, told)


def greets(port: int) -> bool:
    """Whether a mail server is there."""
    try:
        smtplib.SMTP("127.0.0.1", port).quit()
    except OSError:
        return False
    return True


def handed_over(port: int, sender: str, ready: list[tuple[str, bytes]]) -> float:
    """The seconds that these messages take over one connection."""
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for recipient, content in ready:
            connection.sendmail(sender, [recipient], content)
    return time.perf_counter() - started


def idle(folder: Path) -> Iterator[Figure]:
    """Memory of each process that has nothing to do, and the time to the first page."""
    environ, starts = settings(folder) | {"S2_ENV": "development", "S2_CONTENT_DIR": str(ROOT / "content")}, []
    folder.mkdir()
    portal = Portal(environ)
    portal.prepare()
    for _ in range(3):
        started = time.perf_counter()
        portal.begin()
        while not serve.answers(portal.port) or portal.get("/")[0] != 200:
            time.sleep(0.02)
        starts.append(time.perf_counter() - started)
        time.sleep(4)
        memory = {pid: resident(pid) for pid in (*portal.web_workers(), *portal.mail_workers())}
        portal.kill()
    told = ", ".join(f"{found:.0f}" for found in memory.values())
    yield at_most(
        "idle process, the largest", max(memory.values()), 120, " MiB", f"workers, then the one for mail: {told}"
    )
    yield at_most("start to first page", min(starts), 3, " s", f"median {statistics.median(starts):.1f}")


def resident(pid: int) -> float:
    """MiB that the process has in memory, what it shares with others divided among them."""
    found = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--applications", type=int, default=40)
    parser.add_argument("--folder", type=Path, default=Path("build/bench/figures"))
    options = parser.parse_args()
    folder = options.folder.resolve()
    sys.stdout.write("| | measured | goal | |\n|---|---|---|---|\n")
    with serve.both(folder) as servers:
        show(pages(servers, options.seconds, options.rounds))
        show(behind_nginx(folder / "nginx", servers["portal"], options.seconds, options.rounds))
    environ = settings(folder / "portal") | {"S2_ENV": "development", "S2_EMBEDDED_WORKER": "off"}
    (folder / "portal").mkdir()
    with running_portal(environ) as portal:
        show(uploads(portal, folder, options.applications))
        show(crowd(portal))
    show(mail(portal))
    show(idle(folder / "idle"))
    load = os.getloadavg()
    sys.stdout.write(
        f"\nLoad of the machine in the end: {load[0]:.1f} (15 minutes: {load[2]:.1f}), {os.cpu_count()} cores.\n"
    )


def show(figures: Iterator[Figure]) -> None:
    """Each as soon as it is there."""
    for figure in figures:
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
