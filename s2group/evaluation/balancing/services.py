"""Assigning many applications at once: what was tried first is done as a whole, or nothing of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.core.database import transaction
from s2group.core.permissions import Action
from s2group.evaluation.access import visible_to
from s2group.evaluation.assignments.queries import loads
from s2group.evaluation.assignments.services import add_assignment
from s2group.evaluation.balancing.queries import wanted
from s2group.evaluation.balancing.rules import Proposal, balanced


class OutdatedProposalError(Exception):
    """Something has changed since the proposal was shown; nothing was assigned."""


def propose(actor: User, ids: Collection[int], reviewers: Sequence[User], each: int) -> Proposal:
    """How `each` of these reviewers would be assigned to each application; what is assigned stays. Changes nothing."""
    return balanced(wanted(actor, ids, reviewers, each), loads(actor))


def fingerprint(proposal: Proposal) -> str:
    """Tells one proposal from another."""
    return sha256(repr(proposal.pairs).encode()).hexdigest()[:20]


def assign_all(
    *, ids: Collection[int], reviewers: Sequence[User], each: int, shown: str, actor: User, now: datetime
) -> Proposal:
    """Do what `propose` has shown with this fingerprint, all of it. Raises OutdatedProposalError."""
    by_id = {reviewer.id: reviewer for reviewer in reviewers}
    with transaction() as session:
        some = visible_to(actor, Action.DECIDE_APPLICATIONS).where(Application.id.in_(ids)).order_by(Application.id)
        found = {application.id: application for application in session.scalars(some.with_for_update(of=Application))}
        proposal = propose(actor, ids, reviewers, each)
        if fingerprint(proposal) != shown:
            raise OutdatedProposalError
        for application_id, reviewer in proposal.pairs:
            add_assignment(session, found[application_id], by_id[reviewer], actor, now)
    return proposal
