"""What the worker does by the clock: each job at its interval, and only once however many workers run.

This package knows only the functions that are handed to it.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from time import monotonic
from typing import Any

from flask import Flask
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.errors import log_error
from s2group.extensions import db
from s2group.jobs.models import JobRun
from s2group.jobs.queries import last_run

STOP_SECONDS = 10
# Mail goes first: a check of all files takes what the processor has left.
NICENESS = 10
Report = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """What is done again and again, by its name.

    It is due when it began last before `since` (of now); what `run` (now) returns is kept.
    """

    name: str
    since: Callable[[datetime], datetime]
    run: Callable[[datetime], Report]


def every(interval: timedelta) -> Callable[[datetime], datetime]:
    """For a job that is done again after an interval."""
    return lambda now: now - interval


def daily(hour: int, zone: Callable[[], tzinfo]) -> Callable[[datetime], datetime]:
    """For a job that is done once a day, from a full hour on by the clock of `zone`."""

    def since(now: datetime) -> datetime:
        local = now.astimezone(zone())
        latest = local.replace(hour=hour, minute=0, second=0, microsecond=0)
        return latest if latest <= local else latest - timedelta(days=1)

    return since


@dataclass(frozen=True)
class Loop:
    """What is done again and again: what it is called in the log, what it does, and the pause after it in seconds."""

    name: str
    act: Callable[[datetime], object]
    pause: float


def run_due(jobs: Sequence[Job], *, now: datetime) -> list[str]:
    """Run what is due at `now`; the names of what was run.

    A job that fails is logged, reports "failed", and is due again after its interval.
    """
    ran = []
    for job in jobs:
        if _is_due(job, now) and _claim(job, now):
            _run(job, now)
            ran.append(job.name)
    return ran


@contextmanager
def running(app: Flask, loops: Sequence[Loop]) -> Iterator[None]:
    """Run each loop in a thread of its own for as long as the block lasts, so that none holds up another, or the mail.

    What is under way at the end is given STOP_SECONDS; then it ends with the process, as it would in a crash.
    """
    stopping = threading.Event()
    threads = [threading.Thread(target=_work, args=(app, stopping, loop), daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(STOP_SECONDS)


def _work(app: Flask, stopping: threading.Event, loop: Loop) -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    while not stopping.wait(loop.pause):
        with app.app_context():
            try:
                loop.act(clock.now())
            except Exception as error:
                log_error(f"the {loop.name} stumbled", error)


def _is_due(job: Job, now: datetime) -> bool:
    """Whether it is worth a try to claim it; a look costs no write."""
    last = last_run(job.name)
    return last is None or last.begun_at < job.since(now)


def _claim(job: Job, now: datetime) -> bool:
    """Take the job for this time; no two workers get it."""
    over = (JobRun.name == job.name, JobRun.begun_at < job.since(now))
    try:
        with transaction() as session:
            again = session.scalars(update(JobRun).where(*over).values(begun_at=now).returning(JobRun.name))
            if again.one_or_none() is None:
                session.execute(insert(JobRun).values(name=job.name, begun_at=now, report={}))
    except IntegrityError:  # its row is there, and not due: another worker was faster
        return False
    return True


def _run(job: Job, now: datetime) -> None:
    started = monotonic()
    try:
        report = job.run(now)
    except Exception as error:
        log_error(f"the job '{job.name}' failed", error)
        db.session.rollback()
        report = {"failed": type(error).__name__}
    report |= {"at": now.isoformat(), "seconds": round(monotonic() - started, 1)}
    ours = (JobRun.name == job.name, JobRun.begun_at == now)
    with transaction() as session:
        session.execute(update(JobRun).where(*ours).values(report=report))
