"""Reads of what the worker did."""

from collections.abc import Sequence

from sqlalchemy import select

from s2group.extensions import db
from s2group.jobs.models import JobRun


def last_run(name: str) -> JobRun | None:
    """When a job began last and what it reported; None where it never ran."""
    return db.session.get(JobRun, name, populate_existing=True)


def last_runs() -> Sequence[JobRun]:
    """The same of every job, by name."""
    return db.session.scalars(select(JobRun).order_by(JobRun.name)).all()
