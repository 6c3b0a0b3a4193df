"""The restore drill: back up under load, lose everything, and restore by doing what docs/operations.md says.

Commands are taken from the runbook itself, scripts from deploy/; only their paths and names are replaced, and the test
plays systemd's part.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from sqlalchemy import func, select

from s2group import create_app
from s2group.admissions.models import Application
from s2group.admissions.queries import application_by_reference
from s2group.custody.models import Deletion
from s2group.documents.store import read_bytes
from s2group.extensions import db
from s2group.mail.queries import mails_of
from tests.support.databases import SqliteDatabases, settings
from tests.support.receipts import GROUP, Client, Receipt, at_work, wait_for_an_empty_outbox
from tests.support.server import ROOT, Portal

RUNBOOK = (ROOT / "docs" / "operations.md").read_text()
SCRIPTS = ROOT / "deploy" / "usr" / "local" / "bin"
CLIENTS = 4
# How many receipts are shown before the backup begins, and after it has ended.
BEFORE, AFTER = 16, 8
PATIENCE = 120


def block(after: str) -> str:
    """The first fenced block behind these words."""
    found = re.search(r"```\w+\n(.*?)```", RUNBOOK[RUNBOOK.index(after) :], re.S)
    assert found
    return found[1]


@dataclass
class Machine:
    """A machine that was set up by the runbook, in a folder."""

    folder: Path
    portal: Portal

    def set_up(self) -> None:
        """The scripts, the settings, the key and the folder for backups."""
        for name in ("bin", "etc", "backups"):
            (self.folder / name).mkdir()
        for name in ("s2group", "s2group-backup"):
            self._script(name, self._here((SCRIPTS / name).read_text()))
        self._script("id", "#!/bin/sh\necho s2group\n")
        (self.folder / "etc" / "portal.env").write_text(
            "".join(f'{name}="{value}"\n' for name, value in self.portal.environ.items())
        )
        self.run(f"s2group backup key {self.folder / 'etc' / 'backup-key'}")

    def follow(self, commands: str) -> None:
        """Do, line by line, what a block of the runbook says."""
        for line in self._here(commands).splitlines():
            if line.startswith("systemctl stop s2group-web s2group-mail"):
                self.portal.stop()
            elif line.startswith("systemctl start s2group-web s2group-mail"):
                self.portal.start()
            else:
                self.run(line)

    def run(self, line: str) -> str:
        """Run one command, which must succeed; what it printed."""
        environ = self.portal.process_environ() | {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
        result = subprocess.run(("sh", "-c", line), env=environ, capture_output=True, text=True)
        assert result.returncode == 0, (line, result.stdout, result.stderr)
        return result.stdout

    @cached_property
    def archive(self) -> Path:
        """The one that was made."""
        [archive] = (self.folder / "backups").glob("portal-*.age")
        return archive

    def _here(self, text: str) -> str:
        """The runbook's words with the paths of this machine."""
        replaced = {
            "/var/backups/s2group": self.folder / "backups",
            "/var/lib/s2group": self.portal.data_dir,
            "/etc/s2group": self.folder / "etc",
            "/opt/s2group": ROOT,
            ".venv/bin/flask": f"{sys.executable} -m flask",
            "-o s2group -g s2group ": "",
        }
        if "backup restore" in text:
            [log] = (self.folder / "backups").glob("deletions-*.jsonl")
            replaced |= {"portal-2026-09-02T030000.age": self.archive.name, "deletions-2026-09-02.jsonl": log.name}
        for theirs, ours in replaced.items():
            text = text.replace(theirs, str(ours))
        return text

    def _script(self, name: str, content: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(content)
        path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, sqlite_databases: SqliteDatabases) -> Iterator[Machine]:
    """A machine whose portal runs."""
    folder = tmp_path / "data"
    machine = Machine(tmp_path, Portal(settings(folder, sqlite_databases.fresh(folder))))
    machine.set_up()
    machine.portal.run("prepare")
    try:
        machine.portal.start()
        yield machine
    finally:
        machine.portal.kill()


def _receipts(clients: list[Client]) -> list[Receipt]:
    return [receipt for client in clients for receipt in client.receipts]


def _wait_for_receipts(clients: list[Client], number: int) -> list[Receipt]:
    deadline = time.monotonic() + PATIENCE
    while len(_receipts(clients)) < number:
        assert time.monotonic() < deadline, clients[0].portal.log
        time.sleep(0.05)
    return _receipts(clients)


def _back_up_under_load(machine: Machine) -> tuple[list[Receipt], int]:
    """The receipts that were shown before the backup began, and how many there were in the end."""
    clients = [Client(number, machine.portal) for number in range(CLIENTS)]
    with at_work(clients):
        before = _wait_for_receipts(clients, BEFORE)
        machine.run("s2group-backup")
        _wait_for_receipts(clients, len(_receipts(clients)) + AFTER)
    return before, len(_receipts(clients))


def _check(receipt: Receipt) -> None:
    application = application_by_reference(receipt.reference)
    assert application is not None
    [entry] = application.documents
    assert (application.email, read_bytes(entry.document.sha256)) == (receipt.address, receipt.resume)
    assert sorted(mail.recipient for mail in mails_of(receipt.reference)) == sorted([receipt.address, *GROUP])


def test_nothing_received_before_the_backup_is_lost(machine: Machine) -> None:
    before, shown = _back_up_under_load(machine)
    deleted = before.pop()
    machine.run(f"s2group applications delete --reference {deleted.reference} --yes")
    machine.run("s2group-backup deletions")
    machine.portal.kill()
    shutil.rmtree(machine.portal.data_dir)

    machine.follow(block("\n## Restore\n"))
    with create_app(machine.portal.environ).app_context():
        for receipt in before:
            _check(receipt)
        assert application_by_reference(deleted.reference) is None
        assert db.session.scalars(select(Deletion.reference)).all() == [deleted.reference]
        # The test means nothing unless people applied while the backup was made.
        assert len(before) < (db.session.scalar(select(func.count()).select_from(Application)) or 0) < shown
        wait_for_an_empty_outbox()
        db.session.remove()
        db.engine.dispose()
    assert machine.portal.run("check").startswith("Nothing differs.\n")
