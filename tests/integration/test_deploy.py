"""What deploy/install.sh writes: settings that the portal takes, units that systemd takes, a site that nginx takes."""

import itertools
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import config
from tests.support.certificates import self_signed
from tests.support.server import ROOT
from tests.support.smtp import free_port

PASSWORD = "p\"a$s`w\\d'#&|x %"
# What the units lean on.
TARGETS = ("sysinit", "basic", "multi-user", "timers", "paths", "shutdown", "network-online")


def install(folder: Path, *answers: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ("sh", ROOT / "deploy" / "install.sh", "--dry-run", folder),
        input="".join(f"{answer}\n" for answer in answers),
        capture_output=True,
        text=True,
    )


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The folder with all files, for a relay that takes STARTTLS and a password."""
    self_signed(tmp_path)
    key = str(tmp_path / "both.pem")
    answers = ("lab.test", key, key, "pi@lab.test", "smtp.lab.test", "", "portal", PASSWORD, "")
    done = install(tmp_path / "written", *answers)
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "written"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def as_a_shell_reads(file: Path) -> dict[str, str]:
    said = subprocess.check_output(("env", "-i", "sh", "-c", f"set -a; . {file}; env -0"), text=True)
    settings = dict(line.split("=", 1) for line in said.split("\0") if line)
    return {name: value for name, value in settings.items() if name.startswith(("S2_", "MAIL_"))}


def as_systemd_reads(file: Path) -> dict[str, str]:
    """systemd.exec(5): within double quotes a backslash takes the meaning of these four."""
    settings = dict(line.split("=", 1) for line in file.read_text().splitlines() if not line.startswith("#"))
    return {
        name: re.sub(r'\\([\\"$`])', r"\1", value[1:-1]) if value.startswith('"') else value
        for name, value in settings.items()
    }


def test_the_settings_are_taken_by_the_portal_and_read_by_root_alone(written: Path, tmp_path: Path) -> None:
    file = written / "etc/s2group/portal.env"
    assert file.stat().st_mode & 0o777 == 0o600
    settings = as_a_shell_reads(file)
    assert settings == as_systemd_reads(file)
    loaded = config.load(settings | {"S2_DATA_DIR": str(tmp_path)})
    assert loaded["UNKNOWN_SETTINGS"] == []
    expected = {
        "ENV_NAME": "production", "PUBLIC_URL": "https://lab.test", "TRUSTED_PROXIES": 1, "EMBEDDED_WORKER": False,
        "MAIL_SERVER": "smtp.lab.test", "MAIL_PORT": 587, "MAIL_USE_TLS": True, "MAIL_USERNAME": "portal",
        "MAIL_PASSWORD": PASSWORD, "MAIL_DEFAULT_SENDER": "portal@lab.test",
    }  # fmt: skip
    assert {name: loaded[name] for name in expected} == expected
    assert loaded["BACKUP_DIR"] == Path("/var/backups/s2group")


def test_a_second_run_asks_nothing_and_leaves_what_was_edited(written: Path) -> None:
    site, unit = written / "etc/nginx/conf.d/s2group.conf", "etc/systemd/system/s2group-mail.service"
    site.write_text(site.read_text().replace("64m", "128m"))
    before = contents(written)
    again = install(written)
    assert (again.returncode, contents(written)) == (0, before)
    assert "Left as it is, for somebody has edited it: /etc/nginx/conf.d/s2group.conf" in again.stdout
    # What is as the script wrote it, if by an older version, is brought up to date.
    older = b"# of an older version\n"
    (written / unit).write_bytes(older)
    log = written / "etc/s2group/installed"
    known = re.sub(rf"\w{{64}}(?=  /{unit})", _sum(written / unit), log.read_text())
    log.write_text(known)
    assert f"Wrote /{unit}" in install(written).stdout
    assert contents(written) == before | {"etc/s2group/installed": log.read_bytes()}


def _sum(file: Path) -> str:
    return subprocess.check_output(("sha256sum", file), text=True).split()[0]


def test_answers_that_cannot_be_are_refused(tmp_path: Path) -> None:
    for answers in (("https://lab.test",), ("lab.test; id",), ("lab.test", "", "", "nobody"), ("lab.test",)):
        refused = install(tmp_path / "written", *answers)
        assert refused.returncode == 1
        assert not (tmp_path / "written/etc/s2group/portal.env").exists()
    assert "The answers ended too early." in refused.stderr


def need(program: str) -> None:
    """Skip where it is not installed; under CI nothing may be skipped."""
    if not shutil.which(program):
        assert not os.environ.get("CI"), f"{program} is not installed"
        pytest.skip(f"there is no {program}")


def test_systemd_takes_the_units(written: Path) -> None:
    need("systemd-analyze")
    units = written / "etc/systemd/system"
    for program in ("opt/s2group/.venv/bin/gunicorn", "opt/s2group/.venv/bin/flask", "bin/kill"):
        (written / program).parent.mkdir(parents=True, exist_ok=True)
        (written / program).touch(mode=0o755)
    stubs = written / "usr/lib/systemd/system"
    stubs.mkdir(parents=True)
    for name in TARGETS:
        (stubs / f"{name}.target").write_text("[Unit]\nDescription=A target\n")
    files = [path for path in units.iterdir() if path.is_file()]
    assert len(files) == 12
    verify = ("systemd-analyze", "verify", f"--root={written}", "--man=no", *map(str, files))
    verified = subprocess.run(verify, capture_output=True, text=True)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


@pytest.fixture
def nginx(written: Path, tmp_path: Path) -> Iterator[Callable[..., tuple[int, bytes]]]:
    """The site as nginx serves it, before a portal that counts its answers; asks for a path as browsers do."""
    need("nginx")
    site = (written / "etc/nginx/conf.d/s2group.conf").read_text()
    assert "@" not in site
    ports = {name: free_port() for name in ("80", "443")}
    for name, port in ports.items():
        site = re.sub(rf"\n    listen {name}\b", f"\n    listen 127.0.0.1:{port}", site)
        site = re.sub(rf"\n    listen \[::\]:{name}\b.*", "", site)
    with Counting() as portal:
        site = site.replace("127.0.0.1:8000", f"127.0.0.1:{portal.server_port}")
        site = site.replace("/var/lib/nginx/s2group", str(tmp_path / "kept"))
        folders = "".join(
            f"{name}_temp_path {tmp_path / name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = tmp_path / "nginx.conf"
        main.write_text(
            f"daemon off; master_process off; pid {tmp_path}/pid;\nerror_log stderr;\n"
            f"events {{}}\nhttp {{\n{folders}{site}}}\n"
        )
        command, environ = ("nginx", "-q", "-c", main), {"PATH": os.environ["PATH"]}
        tested = subprocess.run((*command, "-t"), capture_output=True, text=True, env=environ)
        assert (tested.returncode, tested.stderr) == (0, "")

        def ask(path: str, **headers: str) -> tuple[int, bytes]:
            connection = HTTPSConnection("127.0.0.1", ports["443"], context=ssl._create_unverified_context())
            with closing(connection):
                connection.request("GET", path, headers={"Host": "lab.test"} | headers)
                answer = connection.getresponse()
                return answer.status, answer.read()

        with subprocess.Popen(command, env=environ) as process:
            try:
                _wait_until_it_listens(ports["443"])
                yield ask
            finally:
                process.terminate()


def _wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


class Counting(ThreadingHTTPServer):
    """Answers with the number of times it was asked, and lets it be kept for as many seconds as the path says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CountingHandler)
        self.number = itertools.count(1)
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()


class CountingHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        number = str(next(self.server.number)).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        for name, value in (
            ("Content-Length", str(len(number))),
            ("Cache-Control", "no-cache"),
            ("X-Accel-Expires", self.path.strip("/")),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(number)

    def log_message(self, *_: object) -> None:
        pass


def test_nginx_keeps_a_page_for_a_second_where_the_portal_says_so(nginx: Callable[..., tuple[int, bytes]]) -> None:
    assert [nginx("/9"), nginx("/9")] == [(200, b"1")] * 2
    for headers in ({"Cookie": "a=b; __Host-session=x"}, {"Cookie": "session=x"}, {"Authorization": "Bearer x"}):
        assert nginx("/9", **headers) != (200, b"1")
    assert nginx("/9") == (200, b"1"), "what was made for one reader is not kept for others"
    assert nginx("/0") != nginx("/0")
