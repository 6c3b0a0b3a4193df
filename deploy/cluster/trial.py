"""A whole cluster on this machine, for trial: python -m deploy.cluster.trial [--port 8000] [--folder FOLDER]

Three PostgreSQL under Patroni, etcd, Redis, a server that speaks S3, three nodes of the portal with their workers, and
HAProxy in front. Ctrl-C ends all of it and leaves nothing. The files beside this one are what real machines get, too.
"""

import argparse
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

from deploy.cluster.fill import fill

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
PASSWORD = "for-trial-only-0123456789-abcdefgh"  # noqa: S105 - it guards nothing
NEEDED = {"etcd": "etcd-server", "patroni": "patroni", "haproxy": "haproxy", "redis-server": "redis-server"}
SECONDS_TO_START, SECONDS_TO_STOP = 120, 40
NODES = (1, 2, 3)
BUCKET = "portal"


class NotStartedError(Exception):
    """A part does not come up."""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def answers(port: int, path: str = "/healthz") -> bool:
    """Whether a page is given there."""
    with suppress(OSError, HTTPException), closing(HTTPConnection(HOST, port, timeout=5)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    return False


def wait_for(what: str, is_so: Callable[[], bool]) -> None:
    """Return once it is so. Raises NotStartedError."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not is_so():
        if time.monotonic() > deadline:
            raise NotStartedError(what)
        time.sleep(0.1)


@dataclass
class Part:
    """A program of the cluster, with all processes that it starts: a machine of its own, as it were."""

    name: str
    command: tuple[str | Path, ...]
    folder: Path
    port: int
    environ: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, to end with this process however that ends."""
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                ("setpriv", "--pdeathsig", "TERM", *self.command), cwd=ROOT, env={**os.environ, **self.environ},
                user=self.user, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def stop(self) -> None:
        """End it in order."""
        if self.process:
            self.thaw()
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(SECONDS_TO_STOP)
            self.kill()

    def kill(self) -> None:
        """Have the machine die."""
        if self.process:
            self.signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        """Cut it off: it keeps its connections, and says nothing any more."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every process of it."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Database(Part):
    """Patroni with its PostgreSQL, which is in a session of its own."""

    @property
    def leads(self) -> bool:
        """Whether it can be written, as Patroni says."""
        return answers(self.port, "/primary")

    def signal(self, number: signal.Signals) -> None:
        """To PostgreSQL as well."""
        super().signal(number)
        with suppress(OSError, ValueError, ProcessLookupError):
            postmaster = int((self.folder / self.name / "data" / "postmaster.pid").read_text().split()[0])
            os.kill(postmaster, number)


class Cluster:
    """All parts, over files in `folder`."""

    def __init__(self, folder: Path, port: int, environ: Mapping[str, str]) -> None:
        self.folder, self.port, self.own = folder, port, environ
        ports = iter(free_port, 0)
        self.etcd = self._etcd(next(ports), next(ports))
        self.database_ports = [next(ports) for _ in NODES]
        self.databases = [
            self._database(number, port, next(ports)) for number, port in zip(NODES, self.database_ports, strict=True)
        ]
        self.redis = self._redis(next(ports))
        self.s3 = self._s3(next(ports))
        self.nodes = [self._node(number, next(ports)) for number in NODES]
        self.haproxy = self._haproxy()

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://{HOST}:{self.port}"

    @property
    def parts(self) -> list[Part]:
        """In the order in which they start."""
        return [self.etcd, *self.databases, self.redis, self.s3, *self.nodes, self.haproxy]

    def start(self) -> None:
        """Start everything; return once pages are answered. Raises NotStartedError."""
        for part in (self.etcd, *self.databases, self.redis, self.s3):
            part.start()
        wait_for("no PostgreSQL leads", lambda: any(each.leads for each in self.databases))
        self._make_database()
        subprocess.run(self._flask("prepare"), cwd=ROOT, env={**os.environ, **self.nodes[0].environ}, check=True)
        for part in (*self.nodes, self.haproxy):
            part.start()
        for node in self.nodes:
            wait_for(f"{node.name} does not answer", partial(answers, node.port))
        wait_for("HAProxy does not answer", lambda: answers(self.port))

    def stop(self) -> None:
        """End everything, the last first; PostgreSQL all at once, for nobody shall take over."""
        for part in reversed(self.parts):
            if isinstance(part, Database) and part.process:
                part.signal(signal.SIGCONT)
                part.process.terminate()
        for part in reversed(self.parts):
            part.stop()

    def _flask(self, *command: str) -> tuple[str, ...]:
        return (sys.executable, "-m", "flask", "--app", "app", *command)

    def _made(self, name: str, user: str | None = None) -> Path:
        folder = self.folder / name
        folder.mkdir(mode=0o700)
        if user:
            shutil.chown(folder, user)
        return folder

    def _etcd(self, port: int, peer_port: int) -> Part:
        peers = f"etcd1=http://{HOST}:{peer_port}"
        values = {
            "NAME": "etcd1",
            "DATA": self._made("etcd"),
            "HOST": HOST,
            "PORT": port,
            "PEER_PORT": peer_port,
            "MEMBERS": peers,
        }
        return Part("etcd", ("etcd",), self.folder, port, settings("etcd.env", values))

    def _database(self, number: int, port: int, rest_port: int) -> Database:
        name, user = f"db{number}", "postgres" if os.geteuid() == 0 else None
        folder = self._made(name, user)
        values = {
            "NAME": name, "HOST": HOST, "PORT": port, "REST_PORT": rest_port, "ETCD": f"{HOST}:{self.etcd.port}",
            "DATA": folder / "data", "BINARIES": postgres_binaries(), "PGPASS": folder / "pgpass", "SOCKETS": folder,
            "NETWORK": f"{HOST}/32", "SUPERUSER_PASSWORD": PASSWORD, "REPLICATION_PASSWORD": PASSWORD,
        }  # fmt: skip
        config = folder / "patroni.yml"
        config.write_text(fill("patroni.yml", values))
        return Database(name, ("patroni", config), self.folder, rest_port, {"HOME": str(folder)}, user)

    def _redis(self, port: int) -> Part:
        folder = self._made("redis")
        config = folder / "redis.conf"
        config.write_text(fill("redis.conf", {"HOST": HOST, "PORT": port, "PASSWORD": PASSWORD, "DATA": folder}))
        return Part("redis", ("redis-server", config), self.folder, port)

    def _s3(self, port: int) -> Part:
        folder = self._made("s3")
        (folder / BUCKET).mkdir()
        rclone = Path(sys.executable).with_name("rclone")
        command = (rclone, "serve", "s3", "--config", "", "--addr", f"{HOST}:{port}", "--vfs-cache-mode", "off")
        return Part("s3", (*command, "--auth-key", f"portal,{PASSWORD}", folder), self.folder, port)

    def _node(self, number: int, port: int) -> Part:
        name = f"node{number}"
        values = {
            "DATABASE_PASSWORD": PASSWORD, "DATABASE_HOSTS": ",".join([HOST] * len(NODES)),
            "DATABASE_PORTS": ",".join(map(str, self.database_ports)), "BUCKET": BUCKET, "S3_REGION": "us-east-1",
            "S3_ENDPOINT": f"http://{HOST}:{self.s3.port}", "S3_ACCESS_KEY": "portal", "S3_SECRET_KEY": PASSWORD,
            "REDIS": f"{HOST}:{self.redis.port}", "REDIS_PASSWORD": PASSWORD, "BIND": f"{HOST}:{port}",
        }  # fmt: skip
        environ = settings("node.env", values) | {
            "S2_ENV": "development", "S2_DATA_DIR": str(self._made(name)), "S2_CONTENT_DIR": str(ROOT / "content"),
            "S2_SECRET_KEY": PASSWORD, "S2_PUBLIC_URL": self.url, "PORT": str(port),
        }  # fmt: skip
        gunicorn = (sys.executable, "-m", "gunicorn", "--config", ROOT / "gunicorn.conf.py")
        return Part(name, gunicorn, self.folder, port, environ | dict(self.own))

    def _haproxy(self) -> Part:
        config = self._made("haproxy") / "haproxy.cfg"
        nodes = {f"NODE{number}": f"{HOST}:{node.port}" for number, node in zip(NODES, self.nodes, strict=True)}
        config.write_text(fill("haproxy.cfg", {"BIND": f"{HOST}:{self.port}", **nodes}))
        return Part("haproxy", ("haproxy", "-db", "-f", config), self.folder, self.port)

    def _make_database(self) -> None:
        hosts = ",".join([HOST] * len(NODES))
        ports = ",".join(map(str, self.database_ports))
        url = f"postgresql://postgres:{PASSWORD}@/postgres?host={hosts}&port={ports}&target_session_attrs=read-write"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE s2group LOGIN PASSWORD '{PASSWORD}'")
            connection.execute("CREATE DATABASE s2group OWNER s2group ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0")


def settings(template: str, values: Mapping[str, object]) -> dict[str, str]:
    """The settings of a file of them."""
    lines = shlex.split(fill(template, values), comments=True)
    return dict(line.split("=", 1) for line in lines)


def postgres_binaries() -> Path:
    """Where initdb is, of the newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else Path(shutil.which("initdb") or "/usr/bin/initdb").resolve().parent


def install_what_is_missing() -> None:
    """From Debian, or say what is missing and end."""
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if missing:
        subprocess.run(("sh", ROOT / "tests" / "support" / "debian.sh", *missing), check=True)
    if any(not shutil.which(program) for program in NEEDED):
        sys.exit(1)


@contextmanager
def cluster_in(folder: Path | None, port: int, environ: Mapping[str, str]) -> Iterator[Cluster]:
    """A cluster at work, with some settings for its nodes; of it nothing is left at the end, nor of its folder."""
    place = Path(tempfile.mkdtemp(prefix="s2group-cluster-", dir=folder))
    place.chmod(0o711)  # PostgreSQL runs as a user of its own
    cluster = Cluster(place, port, environ)
    try:
        cluster.start()
        yield cluster
    finally:
        with undisturbed():
            cluster.stop()
            shutil.rmtree(place)


@contextmanager
def undisturbed() -> Iterator[None]:
    """A second Ctrl-C shall leave nothing behind either."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main() -> None:
    """Run until Ctrl-C."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--folder", type=Path, help="on whose disk it shall lie")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    install_what_is_missing()
    with suppress(KeyboardInterrupt), cluster_in(options.folder, options.port, {}) as cluster:
        sys.stdout.write(f"\n{cluster.url} (logs in {cluster.folder}; Ctrl-C ends and removes everything)\n")
        for part in cluster.parts:
            if part.process:
                sys.stdout.write(f"  {part.name:8} port {part.port:5}  process {part.process.pid}\n")
        sys.stdout.flush()
        signal.pause()


if __name__ == "__main__":
    main()
