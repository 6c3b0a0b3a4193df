"""What the portal keeps: database, jobs, mail, archives."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

import config
from s2group.cli.doctor.findings import Finding, fault, ok, warning
from s2group.cli.doctor.machine import mount_point
from s2group.cli.worker import JOBS, group_clock
from s2group.core import clock
from s2group.custody.queries import lost_files, oldest_unsent
from s2group.documents.store import store
from s2group.extensions import db
from s2group.jobs.queries import last_runs
from s2group.mail.queries import mails_by_state, staff_mails
from s2group.mail.rules import FOR_A_PERSON
from s2group.mail.server_state import mail_server
from s2group.privacy.deletion_log import NAME as DELETION_LOG
from s2group.privacy.retention import due

WAITS_LONG = timedelta(hours=1)
# A check of all files may hold up what is due every minute.
LATE = timedelta(minutes=30)
# The timer lets go of things once a month.
A_MONTH = timedelta(days=35)
# Archives are made twice a day.
OLD, TOO_OLD = timedelta(hours=26), timedelta(days=3)


def database(clocks: dict[str, datetime | None]) -> Iterator[Finding]:
    """Whether it answers and is up to date; then what it says of jobs and mail, and what time it is by its clock."""
    file = db.engine.url.database
    if db.engine.dialect.name == "sqlite" and file and not Path(file).exists():  # to connect would make one
        yield fault("database", f"there is none at {file}", "run `prepare`")
        return
    try:
        with db.engine.connect() as connection:
            finding = _migrations(connection)
            yield finding
            if connection.dialect.name == "postgresql":
                clocks["the database"] = connection.scalar(text("select clock_timestamp()"))
        if finding.level == "ok":
            now = clock.now()
            yield ok(
                "time", f"{now.astimezone(group_clock()):%Y-%m-%d %H:%M} by the group's time zone, {group_clock()}"
            )
            yield from _jobs(now)
            yield from _mail(now)
            yield from _files()
            yield from retention(now)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
        yield fault("database", f"it does not answer ({cause})", "look at S2_DATABASE_URL; docs/operations.md, Alarms")


def _migrations(connection: Connection) -> Finding:
    version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    name = f"{'PostgreSQL' if connection.dialect.name == 'postgresql' else 'SQLite'} {version}"
    heads = set(ScriptDirectory(str(config.ROOT / "migrations")).get_heads())
    if (found := set(MigrationContext.configure(connection).get_current_heads())) != heads:
        words = f"{name}, at migration {', '.join(found) or 'none'} and not {', '.join(heads)}"
        return fault("database", words, "stop the portal, run `prepare`, start it")
    return ok("database", f"{name}, at migration {', '.join(heads)}")


def _jobs(now: datetime) -> Iterator[Finding]:
    runs = {run.name: run for run in last_runs()}
    todo = "look at `systemctl status s2group-mail` and its log"
    if not runs:
        yield (fault if current_app.config["ENV_NAME"] == "production" else warning)("jobs", "none has ever run", todo)
        return
    late = [job.name for job in JOBS if job.name not in runs or runs[job.name].begun_at < job.since(now - LATE)]
    failed = [job.name for job in JOBS if job.name in runs and "failed" in runs[job.name].report]
    latest = max(run.begun_at for run in runs.values())
    if len(late) > len(JOBS) / 2:
        yield fault("jobs", f"the worker stands still: the last job began at {latest:%Y-%m-%d %H:%M} UTC", todo)
    elif late:
        yield warning("jobs", f"overdue: {', '.join(late)}", todo)
    if failed:
        yield warning("jobs", f"failed at their last run: {', '.join(failed)}", "the log of s2group-mail tells why")
    if not late and not failed:
        yield ok("jobs", f"all {len(JOBS)} ran in time, the last at {latest:%Y-%m-%d %H:%M} UTC")


def _mail(now: datetime) -> Iterator[Finding]:
    server, waits = mail_server(db.session()), oldest_unsent(now)
    if server and server.state != "open":
        words = (
            f"the server {'refuses everything' if server.state == 'refusing' else 'takes none'} ({server.reply_text})"
        )
        yield fault("mail", words, "docs/operations.md, Alarms; then `mail test` to try it")
    states = mails_by_state(staff_mails())
    if stopped := sum(states.get(state, 0) for state in FOR_A_PERSON):
        yield warning("mail", f"{stopped} wait for a person", "`mail list` and /review/mail/ tell which")
    if waits and waits > WAITS_LONG:
        yield fault("mail", f"the oldest unsent one has waited {waits // timedelta(minutes=1)} minutes", "`mail list`")
    elif not stopped:
        yield ok("mail", "nothing waits for long")


def _files() -> Iterator[Finding]:
    if lost := lost_files():
        yield fault("files", f"{lost} are missing or damaged", "`check` tells which; docs/operations.md, Restore")


def retention(now: datetime) -> Iterator[Finding]:
    """Whether what was kept long enough goes: applicants were told so."""
    over = due(now=now - A_MONTH)
    if late := over.files + over.whole:
        words = f"applications that should have gone a month ago, or whose files should: {late}"
        yield warning(
            "retention", words, "`retention run --dry-run`, then `systemctl enable --now s2group-retention.timer`"
        )
    else:
        yield ok("retention", "nothing was kept a month too long")
    if over.undecided:
        words = f"applications that stay too long because nobody has decided them: {over.undecided}"
        yield warning("retention", words, "decide them; `retention run --dry-run` names them")


def backups(now: datetime) -> Iterator[Finding]:
    """Whether there is a recent archive, on another disk, and a copy of the deletion log."""
    folder = current_app.config["BACKUP_DIR"]
    if folder is None:
        words = "S2_BACKUP_DIR does not say where archives lie"
        if current_app.config["ENV_NAME"] == "production":
            yield warning("backups", words, "docs/operations.md, Backup")
        else:
            yield ok("backups", f"not looked at: {words}")
        return
    if not os.access(folder, os.R_OK | os.X_OK):
        yield fault("backups", f"{folder} cannot be read", "make it, for the portal's user")
        return
    yield _newest(folder, now)
    yield from _beside(folder)


def _newest(folder: Path, now: datetime) -> Finding:
    """An archive gets its name when it has been read back."""
    todo = "`systemctl start s2group-backup`, then journalctl -u s2group-backup"
    made = {path.stat().st_mtime: path for path in folder.glob("portal-*") if path.is_file()}
    if not made:
        return fault("backups", f"there is no archive in {folder}", todo)
    age = now - datetime.fromtimestamp(max(made), UTC)
    said = f"{made[max(made)].name}, {age // timedelta(hours=1)} hours old, read back when it was made"
    if age <= OLD:
        return ok("backups", said)
    return (fault if age > TOO_OLD else warning)("backups", said, todo)


def _journal_size() -> int:
    """None where the store does not answer, which is told elsewhere."""
    with suppress(OSError):
        return len(store.journal(DELETION_LOG))
    return 0


def _beside(folder: Path) -> Iterator[Finding]:
    data_dir = current_app.config["DATA_DIR"]
    if mount_point(folder) == mount_point(data_dir):
        yield warning(
            "backups", f"{folder} is on the same disk as the data", "use another, and copy it to another place"
        )
    if unfinished := sorted(path.name for path in folder.glob(".portal-*")):
        yield warning("backups", f"{', '.join(unfinished)} was never finished", "delete it unless a backup is running")
    copied = max((copy.stat().st_size for copy in folder.glob("deletions-*.jsonl")), default=0)
    if _journal_size() > copied:
        words = "the newest deletions are not in the copy of the deletion log: a restore would bring people back"
        yield fault("backups", words, "`systemctl start s2group-deletions`, and enable s2group-deletions.path")
