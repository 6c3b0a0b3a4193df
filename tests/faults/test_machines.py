"""The portal on several machines: nothing that was promised is lost whatever falls, and the others go on."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text, update

from deploy.cluster.fill import fill
from deploy.cluster.trial import Cluster, Database, Part, cluster_in, install_what_is_missing, wait_for
from s2group import create_app
from s2group.admissions.models import Call
from s2group.content.people.models import Member
from s2group.core.clock import now
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.databases import PostgresDatabases, settings
from tests.support.receipts import (
    Client,
    Letters,
    at_work,
    check_custody,
    in_form,
    wait_for_an_empty_outbox,
)
from tests.support.s3 import S3Server, s3_server_in
from tests.support.server import Portal
from tests.support.smtp import Mailbox, free_port
from tests.support.visitor import UnreachableError, Visitor

CLIENTS = 4
# Pages are there again so many seconds after a fault.
PAGES_AGAIN = 10
PAGES = ("/en/", "/en/apply/")
SECONDS = in_form(short=60, long=600)
BETWEEN_FAULTS = in_form(short=3, long=6)
NOBODY_THERE = "127.0.0.1:9"


@dataclass
class Front:
    """Several machines behind one address."""

    url: str
    logs: list[Path]

    @property
    def log(self) -> str:
        """The end of what each has said."""
        return "\n".join(f"{path}\n{path.read_text()[-3000:]}" for path in self.logs)


def clients_of(front: Front) -> list[Client]:
    return [Client(number, front, behind_a_proxy=True, timeout=20) for number in range(CLIENTS)]


def letters_in(mailbox: Mailbox) -> Letters:
    """The mails that came. What came twice, for its worker died in between, has one Message-ID, and is the same."""
    found: Letters = {}
    for letter in mailbox.letters:
        [recipient] = letter.recipients
        message = letter.message
        before = found.setdefault(str(message["Message-ID"]), (recipient, message))
        assert before[0] == recipient
    return found


def seconds_until_pages(url: str) -> float:
    """For how long no page was answered, after a fault."""
    started = time.monotonic()
    while not all(is_there(url, path) for path in PAGES * 2):
        assert time.monotonic() - started < 60, "no page is answered any more"
        time.sleep(0.1)
    return time.monotonic() - started


def business() -> float:
    """How many times as long everything takes on this machine, with what others do on it."""
    return max(1, os.getloadavg()[0] / (4 * (os.cpu_count() or 1)))


def is_there(url: str, path: str) -> bool:
    try:
        return Visitor(url, timeout=2).get(path).status == 200
    except UnreachableError:
        return False


def check_all(clients: list[Client], environ: dict[str, str], mailbox: Mailbox) -> int:
    """Each receipt has what it promised, none twice; how many there are."""
    receipts = [receipt for client in clients for receipt in client.receipts]
    with app_of(environ):
        wait_for_an_empty_outbox()
        check_custody(receipts, letters_in(mailbox), state="accepted")
    return len(receipts)


@contextmanager
def app_of(environ: dict[str, str]) -> Iterator[Flask]:
    app = create_app(environ)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def balanced(folder: Path, *nodes: Portal) -> Iterator[str]:
    """HAProxy in front of two nodes, as deploy/ has it; the address."""
    if not shutil.which("haproxy"):
        pytest.skip("HAProxy is not installed")
    port, config = free_port(), folder / "haproxy.cfg"
    places = {f"NODE{number}": f"127.0.0.1:{node.port}" for number, node in enumerate(nodes, start=1)}
    config.write_text(fill("haproxy.cfg", {"BIND": f"127.0.0.1:{port}", "NODE3": NOBODY_THERE, **places}))
    haproxy = Part("haproxy", ("haproxy", "-db", "-f", config), folder, port)
    haproxy.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        haproxy.kill()


@contextmanager
def database_away(databases: PostgresDatabases, name: str) -> Iterator[None]:
    """As while PostgreSQL starts anew: every connection is cut, and there is no other."""
    with databases.engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        yield
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))


@dataclass
class TwoMachines:
    """Two nodes with a worker each, over one database and one bucket."""

    nodes: tuple[Portal, Portal]
    front: Front
    databases: PostgresDatabases
    s3: S3Server

    @property
    def environ(self) -> dict[str, str]:
        return self.nodes[0].environ

    @property
    def database(self) -> str:
        return self.environ["S2_DATABASE_URL"].partition("@/")[2].partition("?")[0]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def machines(postgres_databases: PostgresDatabases, mailbox: Mailbox, tmp_path: Path) -> Iterator[TwoMachines]:
    database = postgres_databases.fresh(tmp_path)
    with s3_server_in(tmp_path / "s3") as s3:
        shared = mailbox.environ | s3.settings(s3.new_bucket(prefix="lab")) | {"S2_ENV": "development"}
        one, other = (
            Portal(settings(tmp_path / name, database) | shared, options=("--workers", "1"))
            for name in ("one", "other")
        )
        one.prepare()
        other.data_dir.mkdir()
        try:
            one.begin()
            other.begin()
            for node in (one, other):
                node.wait_until_ready()
            with balanced(tmp_path, one, other) as url:
                wait_for("HAProxy has no node", lambda: is_there(url, "/healthz"))
                logs = [node.data_dir / "server.log" for node in (one, other)]
                yield TwoMachines((one, other), Front(url, logs), postgres_databases, s3)
        finally:
            one.kill()
            other.kill()
    postgres_databases.drop_all()


def _follow_the_record_and_the_clock(nodes: tuple[Portal, ...]) -> None:
    """What one machine changes, the others show within a second; a closing call closes on all to the second."""
    with transaction() as session:
        session.execute(update(Member).values(name=LocalizedText("改名", "Another Name")))
    time.sleep(1)
    assert ["Another Name" in node.get("/en/members/")[1] for node in nodes] == [True] * len(nodes)
    closes = now() + timedelta(seconds=3)
    with transaction() as session:
        session.execute(update(Call).values(closes_at=closes))
    time.sleep(1)
    assert ["Now open" in node.get("/en/")[1] for node in nodes] == [True] * len(nodes)
    time.sleep(max(0, (closes - now()).total_seconds()))
    assert ["Now open" in node.get("/en/")[1] for node in nodes] == [False] * len(nodes)


def test_two_machines_keep_their_promises_whatever_falls(machines: TwoMachines, mailbox: Mailbox) -> None:
    clients, url = clients_of(machines.front), machines.front.url
    waited = []
    with at_work(clients):
        time.sleep(1)
        machines.nodes[0].kill()
        waited.append(seconds_until_pages(url))
        machines.nodes[0].begin()
        machines.s3.stop()
        waited.append(seconds_until_pages(url))
        time.sleep(1)
        machines.s3.start()
        with database_away(machines.databases, machines.database):
            time.sleep(1)
        waited.append(seconds_until_pages(url))
        time.sleep(1)
    machines.nodes[0].wait_until_ready()
    assert max(waited) < PAGES_AGAIN, waited
    assert check_all(clients, machines.environ, mailbox) >= CLIENTS
    assert all(client.interruptions or client.told for client in clients)
    with app_of(machines.environ):
        _follow_the_record_and_the_clock(machines.nodes)


@contextmanager
def fallen(part: Part, how: str) -> Iterator[None]:
    """A part that is dead or cut off as long as the block lasts."""
    if how == "kill":
        part.kill()
    else:
        part.freeze()
    yield
    if how == "kill":
        part.start()
    else:
        part.thaw()


def the_leader(cluster: Cluster) -> Database:
    wait_for("no PostgreSQL leads", lambda: any(each.leads for each in cluster.databases))
    return next(each for each in cluster.databases if each.leads)


FAULTS: tuple[tuple[str, str, Callable[[Cluster], Part]], ...] = (
    ("kill", "node1", lambda cluster: cluster.nodes[0]),
    ("kill", "leader", the_leader),
    ("freeze", "node2", lambda cluster: cluster.nodes[1]),
    ("kill", "redis", lambda cluster: cluster.redis),
    ("kill", "s3", lambda cluster: cluster.s3),
    ("freeze", "leader", the_leader),
    ("freeze", "redis", lambda cluster: cluster.redis),
    ("kill", "node3", lambda cluster: cluster.nodes[2]),
    ("freeze", "s3", lambda cluster: cluster.s3),
)


@pytest.mark.long
def test_a_cluster_keeps_its_promises_whatever_falls(mailbox: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
    environ = mailbox.environ | {
        "MAIL_DEFAULT_SENDER": "portal@example.org", "S2_TRUSTED_PROXIES": "2",
        "S2_CONTENT_DIR": str(Path(__file__).parent.parent / "content"),
    }  # fmt: skip
    try:
        install_what_is_missing()
    except SystemExit:
        pytest.skip("Patroni, etcd, HAProxy or Redis is not installed")
    waited = []
    with cluster_in(None, free_port(), environ) as cluster:
        front = Front(cluster.url, [cluster.folder / f"{part.name}.log" for part in cluster.parts])
        clients, ends = clients_of(front), time.monotonic() + SECONDS
        with at_work(clients):
            while time.monotonic() < ends:
                for how, name, find in FAULTS:
                    with fallen(find(cluster), how):
                        waited.append((how, name, round(seconds_until_pages(cluster.url) / business(), 1)))
                        time.sleep(BETWEEN_FAULTS)
                    time.sleep(BETWEEN_FAULTS)
        for part in cluster.nodes:
            wait_for(f"{part.name} is away", lambda part=part: is_there(f"http://127.0.0.1:{part.port}", "/en/"))  # type: ignore[misc]
        count = check_all(clients, dict(cluster.nodes[0].environ), mailbox)
        again = len(mailbox.letters) - len(letters_in(mailbox))
    with capsys.disabled():
        interruptions = sum(each.interruptions for each in clients)
        sys.stdout.write(f"\n{count} receipts, {again} mails sent twice, {interruptions} interruptions\n{waited}\n")
    assert max(seconds for _how, _name, seconds in waited) < PAGES_AGAIN, waited
    assert count > in_form(short=10, long=300)
