"""The doctor before a portal that is well, and before one that nothing is well with; each asks only servers here."""

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import dns.resolver
import pytest
from flask import Flask

from s2group.cli.doctor import examine, machine, network, records
from s2group.cli.worker import JOBS
from s2group.core import clock
from s2group.core.database import transaction
from s2group.jobs.models import JobRun
from s2group.mail.models import OutboxMail
from s2group.mail.trial import Answer
from tests.support import moving
from tests.support.applying import MORNING, load_fictional_content
from tests.support.certificates import CERTIFICATE, self_signed
from tests.support.databases import Databases
from tests.support.mail import add_templates, put_into_outbox
from tests.support.names import Records, name_server
from tests.support.refereeing import apply_with_referees
from tests.support.smtp import Mailbox

WELL: Records = {
    ("lab.test", "MX"): ["10 mx.lab.test."],
    ("lab.test", "TXT"): ['"v=spf1 a:smtp.lab.test -all"', '"another=record"'],
    ("spring._domainkey.lab.test", "TXT"): ['"v=DKIM1; k=rsa; " "p=MIGf"'],
    ("_dmarc.lab.test", "TXT"): ['"v=DMARC1; p=none"'],
}


class Page(BaseHTTPRequestHandler):
    """What nginx and the portal would answer."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def https_server(context: ssl.SSLContext) -> Iterator[str]:
    """Its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def around(app: Flask, folder: Path, patch: pytest.MonkeyPatch, *, days: float, names: Records) -> Iterator[Mailbox]:
    """HTTPS, a mail server and a name server, and settings that lead there; the certificate lasts so many days."""
    context = self_signed(folder, days=days)
    patch.setenv("SSL_CERT_FILE", str(folder / CERTIFICATE))
    mailbox = Mailbox(tls=context, password="right")
    with https_server(context) as url, mailbox, name_server(names) as resolver:
        patch.setattr(dns.resolver, "default_resolver", resolver)
        app.config.update(
            ENV_NAME="production",
            PUBLIC_URL=url,
            BACKUP_DIR=folder / "backups",
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=mailbox.port,
            MAIL_USE_TLS=True,
            MAIL_USERNAME="portal",
            MAIL_PASSWORD="right",
            MAIL_DEFAULT_SENDER="The group <portal@lab.test>",
            MAIL_DKIM_SELECTOR="spring",
        )
        (folder / "backups").mkdir()
        yield mailbox


def found(app: Flask) -> dict[str, list[str]]:
    """What the command says, by level; it exits with 1 where it says of a fault."""
    result = app.test_cli_runner().invoke(args=["doctor"])
    *lines, last = result.stdout.splitlines()
    by_level = {
        level: [line.removeprefix(level).strip() for line in lines if line.startswith(level)]
        for level in ("ok", "warning", "fault")
    }
    assert (result.exit_code, last) == (
        bool(by_level["fault"]),
        f"Faults: {len(by_level['fault'])}, warnings: {len(by_level['warning'])}",
    ), result.output
    return by_level


def test_a_portal_that_is_well(
    app: Flask, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    app.config["DATA_DIR"].chmod(0o700)
    with transaction() as session:
        session.add_all(JobRun(name=job.name, begun_at=now, report={}) for job in JOBS)
    with around(app, tmp_path, monkeypatch, days=60.5, names=WELL) as mailbox:
        mailbox.stop()
        mailbox.ident = f"ESMTP {format_datetime(clock.now())}"
        mailbox.start()
        (tmp_path / "backups" / "portal-2026-09-02T030000.age").touch()
        before = sorted(app.config["DATA_DIR"].rglob("*"))
        said = found(app)
    assert said["fault"] == []
    assert [line for line in said["warning"] if not line.startswith(("fonts: ", "uploads: "))] == [
        "settings: S2_PUBLIC_URL leads to this machine alone — set the address that people type",
        f"backups: {tmp_path / 'backups'} is on the same disk as the data — use another, and copy it to another place",
    ]
    assert [line for line in said["ok"] if line.startswith(("HTTPS", "mail", "DNS", "jobs", "backups"))] == [
        "HTTPS: the certificate lasts 60 days",
        *(
            f"mail server 127.0.0.1:{mailbox.port}: {answer}"
            for answer in (
                f"connect accepted (220 {socket.getfqdn()} {mailbox.ident})",
                "STARTTLS accepted (220 Ready to start TLS)",
                "sign in accepted (235 2.7.0 Authentication successful)",
            )
        ),
        "DNS: mail for lab.test goes to 10 mx.lab.test.",
        "DNS: SPF of lab.test: v=spf1 a:smtp.lab.test -all",
        "DNS: DKIM: there is a key at spring._domainkey.lab.test",
        "DNS: DMARC of lab.test: v=DMARC1; p=none",
        f"jobs: all {len(JOBS)} ran in time, the last at {now:%Y-%m-%d %H:%M} UTC",
        "mail: nothing waits for long",
        "backups: portal-2026-09-02T030000.age, 0 hours old, read back when it was made",
    ]
    name = {"sqlite": "database: SQLite ", "postgresql": "database: PostgreSQL "}[databases.name]
    assert [line for line in said["ok"] if line.startswith(name)]
    clocks = {"sqlite": "the mail server", "postgresql": "the mail server and the database"}[databases.name]
    assert said["ok"][-2].startswith("time: ")
    assert said["ok"][-2].endswith(f", the same as by {clocks}")
    # It has changed nothing and sent nothing.
    assert (mailbox.letters, sorted(app.config["DATA_DIR"].rglob("*"))) == ([], before)


def test_a_portal_with_which_nothing_is_well(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    add_templates(app)
    put_into_outbox(now - timedelta(hours=2))
    put_into_outbox(now)
    with transaction() as session:
        session.query(OutboxMail).order_by(OutboxMail.id.desc()).first().state = "stuck"  # type: ignore[union-attr]
        session.add_all(JobRun(name=job.name, begun_at=now, report={}) for job in JOBS[1:])
        session.get_one(JobRun, JOBS[1].name).report = {"failed": "OSError"}
    app.config["DATA_DIR"].chmod(0o755)
    (app.config["DATA_DIR"] / "deletions.jsonl").write_text("{}\n")
    (app.config["DATA_DIR"] / "strange").touch()
    if os.geteuid() == 0:
        os.chown(app.config["DATA_DIR"] / "strange", 12345, -1)
    app.config.update(FONT_DIRS=(tmp_path,), CONTENT_DIR=tmp_path, UNKNOWN_SETTINGS=["S2_PUBLC_URL"])
    monkeypatch.setattr(machine, "missing_protections", lambda: ["landlock"])
    with around(app, tmp_path, monkeypatch, days=3, names={("lab.test", "A"): ["192.0.2.1"]}) as mailbox:
        archive = tmp_path / "backups" / "portal-2026-09-02T030000.age"
        archive.touch()
        (tmp_path / "backups" / ".portal-2026-09-03T030000.age.x").touch()
        os.utime(archive, (now.timestamp() - 4 * 86400,) * 2)
        app.config["MAIL_PASSWORD"] = "wrong"
        said = found(app)
    faults = [line.partition(" — ")[0] for line in said["fault"] if "belongs to another user" not in line]
    assert faults == [
        f"content files: {tmp_path} holds no group.toml that can be read",
        "HTTPS: the certificate lasts 2 days",
        f"mail server 127.0.0.1:{mailbox.port}: sign in refused (535 5.7.8 Authentication credentials invalid)",
        "mail: the oldest unsent one has waited 120 minutes",
        "backups: portal-2026-09-02T030000.age, 96 hours old, read back when it was made",
        "backups: the newest deletions are not in the copy of the deletion log: a restore would bring people back",
    ]
    assert [line.partition(" — ")[0] for line in said["warning"]] == [
        "settings: there is no setting S2_PUBLC_URL",
        "settings: S2_PUBLIC_URL leads to this machine alone",
        f"data folder: other users get into {app.config['DATA_DIR']} (mode 755)",
        "fonts: no font with Chinese signs: posters, share pictures and dossiers lack their Chinese",
        "uploads: the kernel offers no landlock: the process that looks into uploads is confined less",
        "DNS: lab.test has no MX record: answers and bounces find no mailbox",
        "DNS: lab.test has no SPF record",
        "DNS: there is no DKIM key at spring._domainkey.lab.test",
        "DNS: lab.test has no DMARC record",
        f"jobs: overdue: {JOBS[0].name}",
        f"jobs: failed at their last run: {JOBS[1].name}",
        "mail: 1 wait for a person",
        f"backups: {tmp_path / 'backups'} is on the same disk as the data",
        "backups: .portal-2026-09-03T030000.age.x was never finished",
    ]
    assert all(" — " in line for line in said["fault"] + said["warning"])


def test_what_is_kept_a_month_too_long(app: Flask) -> None:
    load_fictional_content(app)
    moving.move(apply_with_referees(key="gone"), "withdrawn", at=MORNING)
    apply_with_referees(key="open")
    # The fictional call keeps the files of one that was withdrawn for 180 days, and all else for 730.
    for days, said in ((210, ["ok"]), (220, ["warning"]), (770, ["warning", "warning"])):
        findings = list(records.retention(MORNING + timedelta(days=days)))
        assert [finding.level for finding in findings] == said
    assert [finding.said for finding in findings] == [
        "applications that should have gone a month ago, or whose files should: 1",
        "applications that stay too long because nobody has decided them: 1",
    ]


def test_a_time_that_is_none_is_no_time() -> None:
    answers = [Answer("connect", "accepted", f"220 smtp ESMTP {time}") for time in (
        "Mon, 30 Nov 2026 19:00:00 -0000", "30 Nov 2026 19:00:00 +0800", "99 Foo 2026 99:00:00 +0000", "",
    )]  # fmt: skip
    hours = [told.hour if (told := network.told_time([answer])) else None for answer in answers]
    assert hours == [19, 11, None, None]


def test_servers_that_do_not_answer(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with around(app, tmp_path, monkeypatch, days=60, names={}) as mailbox:
        pass
    monkeypatch.setattr(network, "SECONDS", 1)
    said = [str(finding) for finding in examine(clock.now())]
    assert [line.partition(" — ")[0] for line in said if line.split()[1] in ("HTTPS:", "mail", "DNS:")][:3] == [
        f"warning  HTTPS: {app.config['PUBLIC_URL']} cannot be reached from here ([Errno 111] Connection refused)",
        f"fault    mail server 127.0.0.1:{mailbox.port}: "
        "connect failed (ConnectionRefusedError: [Errno 111] Connection refused)",
        "warning  DNS: the name servers tell nothing of lab.test (LifetimeTimeout)",
    ]
