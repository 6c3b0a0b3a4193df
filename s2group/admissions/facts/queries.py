"""What the facts should say, and whether they do."""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from s2group.admissions.facts import rules
from s2group.admissions.models import AdmissionRoute, Application, ApplicationOutcome
from s2group.admissions.overrides.queries import effective_outcomes
from s2group.extensions import db

# How many applications are read at a time.
AT_ONCE = 500
# What facts_of reads beside the application itself.
TOGETHER = (
    selectinload(Application.route).selectinload(AdmissionRoute.call),
    selectinload(Application.overrides),
)
Row = dict[str, Any]
# What the application itself says in a column of its own.
SAME = ("route_id", "state", "shown_state", "state_at", "submitted_at", "locale", "version", "changed_at")


def facts_of(application: Application) -> dict[str, Any]:
    """The columns of the application's facts, as its own row and what people say of its outcomes give them."""
    outcomes = effective_outcomes(application)
    return {
        **{name: getattr(application, name) for name in SAME},
        **rules.measured(application.answers),
        **rules.counted(outcomes),
        **rules.counted_by_level(outcomes),
        "answer_due_at": rules.answer_due(
            application.submitted_at, application.route.call.answer_days, application.shown_state
        ),
        **rules.compared(application.name, application.email, application.answers),
    }


def outcome_rows(application: Application) -> dict[str, Row]:
    """The rows of the application's outcomes, by requirement."""
    return {
        outcome["key"]: {
            "application_id": application.id, "requirement": outcome["key"],
            "required": rules.is_required(outcome), "verdict": outcome["verdict"],
        }
        for outcome in effective_outcomes(application)
    }  # fmt: skip


def known_outcomes(session: Session, ids: Collection[int]) -> dict[int, dict[str, Row]]:
    """What the rows say now, by application and requirement."""
    known: dict[int, dict[str, Row]] = defaultdict(dict)
    columns = ApplicationOutcome.__table__.columns
    for row in session.execute(select(*columns).where(columns.application_id.in_(ids))).mappings():
        known[row["application_id"]][row["requirement"]] = dict(row)
    return known


def wrong_facts() -> Counter[str]:
    """How many applications have no facts, or other ones than they should, by the name of the column.

    Reads AT_ONCE applications at a time, each with its facts in one statement, and holds no more in memory.
    """
    wrong: Counter[str] = Counter()
    last = 0
    while True:
        following = select(Application).where(Application.id > last).order_by(Application.id).limit(AT_ONCE)
        some = db.session.scalars(following.options(joinedload(Application.facts), *TOGETHER)).all()
        if not some:
            return wrong
        known = known_outcomes(db.session(), [application.id for application in some])
        for application in some:
            wrong.update(_differences(application))
            wrong.update(["outcomes"] if known[application.id] != outcome_rows(application) else [])
        last = some[-1].id
        db.session.rollback()


def _differences(application: Application) -> list[str]:
    facts = application.facts
    if facts is None:
        return ["missing"]
    return [name for name, value in facts_of(application).items() if getattr(facts, name) != value]
