"""A PostgreSQL cluster of the test run's own: a socket in a temporary folder, no network."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.support.guard import Guard

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
REMOVE = '"$1/pg_ctl" -D "$2/data" -m immediate -w stop; rm -rf "$2"'
PORT = 5432  # names the socket file only: the cluster listens on no address


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, newest version first, or None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    if found:
        return found[0]
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextmanager
def cluster() -> Iterator[Path]:
    """Start a cluster and give its socket folder; stop and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="s2pg-", dir=roomy_memory()))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    with closing(Guard("sh", "-c", REMOVE, "remove", _bin_dir(), folder, user=_user())):
        _run(folder, "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        start(folder)
        yield folder


def roomy_memory() -> Path | None:
    """Where making a database takes a sixth of the time that it takes on a disk, if there is room for a cluster."""
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if is_roomy else None


def start(folder: Path) -> None:
    """Start the cluster of this socket folder; return when it answers."""
    options = f"-k {folder} -p {PORT} -c listen_addresses='' -c fsync=off -c max_connections=60"
    _run(folder, "pg_ctl", "-o", options, "-l", folder / "log", "-w", "start")


def stop(folder: Path) -> None:
    """Stop the cluster, if it runs, as a crash would."""
    if (folder / "data" / "postmaster.pid").exists():
        _run(folder, "pg_ctl", "-m", "immediate", "-w", "stop")


def _run(folder: Path, program: str, *arguments: str | Path) -> None:
    command = (_bin_dir() / program, "-D", folder / "data", *arguments)
    subprocess.run(command, user=_user(), check=True, cwd=folder, stdout=subprocess.DEVNULL)


def _bin_dir() -> Path:
    bin_dir = binaries()
    assert bin_dir is not None
    return bin_dir


def _user() -> str | None:
    """The package's own user, as whom root runs PostgreSQL: initdb refuses to run as root."""
    return "postgres" if os.geteuid() == 0 else None


def url(socket_dir: Path, database: str) -> str:
    """The SQLAlchemy address of a database in the cluster."""
    return f"postgresql+psycopg://postgres@/{database}?host={socket_dir}&port={PORT}"
