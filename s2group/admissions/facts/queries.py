"""What the facts should say, and whether they do."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from s2group.admissions.facts import rules
from s2group.admissions.models import Application
from s2group.extensions import db

# How many applications are read at a time.
AT_ONCE = 500
# What the application itself says in a column of its own.
SAME = ("route_id", "state", "shown_state", "state_at", "submitted_at")


def facts_of(application: Application) -> dict[str, Any]:
    """The columns of the application's facts, as its own row says them."""
    return {
        **{name: getattr(application, name) for name in SAME},
        **rules.measured(application.answers),
        **rules.counted(application.outcomes),
        **rules.compared(application.name, application.email, application.answers),
    }


def wrong_facts() -> Counter[str]:
    """How many applications have no facts, or other ones than their own row says, by the name of the column.

    Reads AT_ONCE applications at a time, each with its facts in one statement, and holds no more in memory.
    """
    wrong: Counter[str] = Counter()
    last = 0
    while True:
        following = select(Application).where(Application.id > last).order_by(Application.id).limit(AT_ONCE)
        some = db.session.scalars(following.options(joinedload(Application.facts))).all()
        if not some:
            return wrong
        for application in some:
            wrong.update(_differences(application))
        last = some[-1].id
        db.session.rollback()


def _differences(application: Application) -> list[str]:
    facts = application.facts
    if facts is None:
        return ["missing"]
    return [name for name, value in facts_of(application).items() if getattr(facts, name) != value]
