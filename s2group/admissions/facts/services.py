"""Writing the facts: within the verbs that change an application, and anew for all of them."""

from collections.abc import Collection, Sequence
from itertools import islice

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from s2group.admissions.batches import to_all
from s2group.admissions.facts.queries import AT_ONCE, TOGETHER, facts_of, known_outcomes, outcome_rows
from s2group.admissions.models import Application, ApplicationFacts, ApplicationOutcome


def refresh_facts(session: Session, ids: Collection[int]) -> int:
    """Write the facts of these applications as they are now, within the caller's transaction; how many changed.

    Every verb that changes an application calls it, after its last change. The caller holds the applications.
    """
    session.flush()
    rest = iter(ids)
    return sum(_refresh(session, some) for some in iter(lambda: list(islice(rest, AT_ONCE)), []))


def _refresh(session: Session, ids: Collection[int]) -> int:
    """A statement takes some thousands of ids, and a route may have more applications."""
    applications = session.scalars(select(Application).where(Application.id.in_(ids)).options(*TOGETHER)).all()
    known = session.scalars(select(ApplicationFacts).where(ApplicationFacts.application_id.in_(ids))).all()
    by_id = {facts.application_id: facts for facts in known}
    changed = {each.id for each in applications if _write(session, each, by_id.get(each.id))}
    changed |= _write_outcomes(session, applications)
    session.flush()
    return len(changed)


def rebuild_facts() -> int:
    """Write the facts of every application anew; how many were missing or said something else.

    Takes AT_ONCE applications in each transaction, and holds no more in memory.
    """
    return to_all(refresh_facts, at_once=AT_ONCE)


def _write(session: Session, application: Application, known: ApplicationFacts | None) -> bool:
    """Whether that changes anything."""
    facts = known or ApplicationFacts(application_id=application.id)
    for name, value in facts_of(application).items():
        setattr(facts, name, value)
    session.add(facts)
    return session.is_modified(facts)


def _write_outcomes(session: Session, applications: Sequence[Application]) -> set[int]:
    """The ids of the applications whose rows were other ones."""
    known = known_outcomes(session, [application.id for application in applications])
    other = [each for each in applications if known[each.id] != outcome_rows(each)]
    ids = {application.id for application in other}
    if ids:
        session.execute(delete(ApplicationOutcome).where(ApplicationOutcome.application_id.in_(ids)))
    if rows := [row for application in other for row in outcome_rows(application).values()]:
        session.execute(insert(ApplicationOutcome), rows)
    return ids
