"""Writing the facts: within the verbs that change an application, and anew for all of them."""

from collections.abc import Collection
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.admissions.facts.queries import AT_ONCE, facts_of
from s2group.admissions.models import Application, ApplicationFacts
from s2group.core.database import transaction


def refresh_facts(session: Session, ids: Collection[int]) -> int:
    """Write the facts of these applications as they are now, within the caller's transaction; how many changed.

    Every verb that changes an application calls it, after its last change. The caller holds the applications.
    """
    session.flush()
    rest = iter(ids)
    return sum(_refresh(session, some) for some in iter(lambda: list(islice(rest, AT_ONCE)), []))


def _refresh(session: Session, ids: Collection[int]) -> int:
    """A statement takes some thousands of ids, and a route may have more applications."""
    applications = session.scalars(select(Application).where(Application.id.in_(ids))).all()
    known = session.scalars(select(ApplicationFacts).where(ApplicationFacts.application_id.in_(ids))).all()
    by_id = {facts.application_id: facts for facts in known}
    changed = [_write(session, application, by_id.get(application.id)) for application in applications]
    session.flush()
    return sum(changed)


def rebuild_facts() -> int:
    """Write the facts of every application anew; how many were missing or said something else.

    Takes AT_ONCE applications in each transaction, and holds no more in memory.
    """
    changed, last = 0, 0
    while True:
        with transaction() as session:
            following = select(Application.id).where(Application.id > last).order_by(Application.id)
            ids = session.scalars(following.limit(AT_ONCE).with_for_update(of=Application)).all()
            changed += refresh_facts(session, ids)
        if not ids:
            return changed
        last = ids[-1]


def _write(session: Session, application: Application, known: ApplicationFacts | None) -> bool:
    """Whether that changes anything."""
    facts = known or ApplicationFacts(application_id=application.id)
    for name, value in facts_of(application).items():
        setattr(facts, name, value)
    session.add(facts)
    return session.is_modified(facts)
