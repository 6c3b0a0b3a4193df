"""A PostgreSQL cluster of the test run's own: a socket in a temporary folder, no network."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    folder = Path(tempfile.mkdtemp(prefix="s2pg-"))
    # initdb refuses to run as root, so root runs it as the package's own user.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    bin_dir = binaries()
    assert bin_dir is not None
    data = folder / "data"

    def run(*command: str | Path) -> None:
        subprocess.run(command, user=user, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run(bin_dir / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-k {folder} -p {PORT} -c listen_addresses='' -c fsync=off -c max_connections=60"
    run(bin_dir / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield folder
    finally:
        run(bin_dir / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def url(socket_dir: Path, database: str) -> str:
    """The SQLAlchemy address of a database in the cluster."""
    return f"postgresql+psycopg://postgres@/{database}?host={socket_dir}&port={PORT}"
