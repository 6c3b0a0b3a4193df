"""What the worker does besides delivering mail: each chore at its interval, and only once however many workers run."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from s2group.accounts.sessions import forget_ended_sessions
from s2group.accounts.throttle import forget_old_tries
from s2group.admissions.services import drafts, links
from s2group.admissions.services.referees import remind_referees
from s2group.content.group.queries import group_profile
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.errors import log_error
from s2group.custody import models, queries, services
from s2group.custody.reconciliation import check, report_of
from s2group.documents.inspection import missing_protections
from s2group.documents.pages import draw_wanted
from s2group.documents.verification import verify_stored
from s2group.extensions import db
from s2group.mail.digest import send_digest

STOP_SECONDS = 10
# Mail goes first: a check of all files takes what the processor has left.
NICENESS = 10
FILES_AT_ONCE = 100
# How long before its end somebody is reminded of a draft.
REMINDED_BEFORE = timedelta(days=3)
Report = dict[str, Any]


@dataclass(frozen=True)
class Chore:
    """A task with a name. It is due when it began last before `since` (of now); what `run` (now) returns is kept."""

    name: str
    since: Callable[[datetime], datetime]
    run: Callable[[datetime], Report]


def every(interval: timedelta) -> Callable[[datetime], datetime]:
    """For a chore that is done again after an interval."""
    return lambda now: now - interval


def daily(hour: int) -> Callable[[datetime], datetime]:
    """For a chore that is done once a day, from a full hour on by the group's clock."""

    def since(now: datetime) -> datetime:
        group = group_profile()
        local = now.astimezone(ZoneInfo(group.timezone) if group else UTC)
        latest = local.replace(hour=hour, minute=0, second=0, microsecond=0)
        return latest if latest <= local else latest - timedelta(days=1)

    return since


def _check(now: datetime) -> Report:
    report = report_of(check(now=now))
    if report["differences"]:
        words = "the check found differences: %s; `flask --app app check` tells which"
        current_app.logger.error(words, report["kinds"], extra={"fields": report})
    return report


def _verify(now: datetime) -> Report:
    report = verify_stored(limit=FILES_AT_ONCE, now=now)
    return {"verified": report.verified, "damaged": len(report.damaged)}


def _discard_abandoned(now: datetime) -> Report:
    return {"discarded": services.discard_abandoned(now=now)}


def _inspect_again(now: datetime) -> Report:
    return {"inspected": services.inspect_again(now=now)}


def _forget_drafts(now: datetime) -> Report:
    return {"drafts": drafts.forget_ended(now=now), "links": links.drop_expired(now=now)}


def _forget_sessions(now: datetime) -> Report:
    return {"sessions": forget_ended_sessions(now=now), "tries": forget_old_tries(now=now)}


def _remind_of_drafts(now: datetime) -> Report:
    return {"reminded": drafts.remind(now=now, before=REMINDED_BEFORE)}


def _remind_of_letters(now: datetime) -> Report:
    return {"reminded": remind_referees(now=now)}


def _tell_of_stuck_mail(now: datetime) -> Report:
    return {"stuck": send_digest(to=queries.administrators(), now=now)}


CHORES = (
    # Often, so that an applicant soon reads that their file was read again.
    Chore("verify", every(timedelta(minutes=1)), _verify),
    Chore("inspect again", every(timedelta(minutes=10)), _inspect_again),
    Chore("discard abandoned", every(timedelta(hours=1)), _discard_abandoned),
    Chore("forget sessions", every(timedelta(hours=1)), _forget_sessions),
    Chore("forget drafts", daily(4), _forget_drafts),
    Chore("remind of drafts", daily(9), _remind_of_drafts),
    Chore("remind of letters", daily(9), _remind_of_letters),
    Chore("tell of stuck mail", daily(8), _tell_of_stuck_mail),
    # Last, for it may take minutes.
    Chore("check", every(timedelta(hours=1)), _check),
)


def run_due(chores: Sequence[Chore] = CHORES, *, now: datetime) -> list[str]:
    """Run what is due at `now`; the names of what was run.

    A chore that fails is logged, reports "failed", and is due again after its interval.
    """
    ran = []
    for chore in chores:
        if _is_due(chore, now) and _claim(chore, now):
            _run(chore, now)
            ran.append(chore.name)
    return ran


@contextmanager
def running(app: Flask) -> Iterator[None]:
    """Run the chores, and the looks into files, in threads for as long as the block lasts.

    A chore of minutes holds up no mail, and a file that takes long to draw no look into another. What is under way at
    the end is given STOP_SECONDS; then it ends with the process, as it would in a crash.
    """
    for name in missing_protections():
        app.logger.warning("the kernel offers no %s: the process that looks into uploads is confined less", name)
    stopping = threading.Event()
    threads = [threading.Thread(target=_work, args=(app, stopping, work), daemon=True) for work in WORKS]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(STOP_SECONDS)


@dataclass(frozen=True)
class Work:
    """What is done again and again: what it is called in the log, what it does, and the pause after it in seconds."""

    name: str
    act: Callable[[datetime], object]
    pause: float


WORKS = (
    Work("chores", lambda now: run_due(now=now), 10),
    # Somebody may be waiting for these two.
    Work("looks into files", lambda now: services.inspect_waiting(now=now), 0.5),
    Work("drawings of pages", lambda _now: draw_wanted(), 0.25),
)


def _work(app: Flask, stopping: threading.Event, work: Work) -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    while not stopping.wait(work.pause):
        with app.app_context():
            try:
                work.act(clock.now())
            except Exception as error:
                log_error(f"the {work.name} stumbled", error)


def _is_due(chore: Chore, now: datetime) -> bool:
    """Whether it is worth a try to claim it; a look costs no write."""
    last = queries.last_chore(chore.name)
    return last is None or last.begun_at < chore.since(now)


def _claim(chore: Chore, now: datetime) -> bool:
    """Take the chore for this time; no two workers get it."""
    over = (models.Chore.name == chore.name, models.Chore.begun_at < chore.since(now))
    try:
        with transaction() as session:
            again = session.scalars(update(models.Chore).where(*over).values(begun_at=now).returning(models.Chore.name))
            if again.one_or_none() is None:
                session.execute(insert(models.Chore).values(name=chore.name, begun_at=now, report={}))
    except IntegrityError:  # its row is there, and not due: another worker was faster
        return False
    return True


def _run(chore: Chore, now: datetime) -> None:
    started = monotonic()
    try:
        report = chore.run(now)
    except Exception as error:
        log_error(f"the chore '{chore.name}' failed", error)
        db.session.rollback()
        report = {"failed": type(error).__name__}
    report |= {"at": now.isoformat(), "seconds": round(monotonic() - started, 1)}
    ours = (models.Chore.name == chore.name, models.Chore.begun_at == now)
    with transaction() as session:
        session.execute(update(models.Chore).where(*ours).values(report=report))
