"""Who rates what: by hand for one application, balanced for many; and conflicts of interest."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.accounts.models import User
from s2group.admissions.models import Application, ApplicationFacts
from s2group.core import clock
from s2group.core.permissions import Action, allow
from s2group.evaluation import search
from s2group.evaluation.assignments.queries import loads, raters
from s2group.evaluation.assignments.services import NotAssignableError, assign, unassign
from s2group.evaluation.balancing.rules import Proposal
from s2group.evaluation.balancing.services import OutdatedProposalError, assign_all, fingerprint, propose
from s2group.evaluation.calibration.queries import NamedApplication, names_of
from s2group.evaluation.likely_conflicts.queries import hints_among
from s2group.evaluation.likely_conflicts.services import dismiss_hints
from s2group.evaluation.likely_conflicts.wording import hints_in_words
from s2group.evaluation.queries import application_in_full
from s2group.evaluation.reviews.conflicts import declare_conflict, withdraw_conflict
from s2group.evaluation.reviews.queries import RATED_IN
from s2group.extensions import db
from s2group.review.forms.rating import LONGEST_REASON
from s2group.review.views.blueprint import blueprint

# The solver takes seconds for more; the rest is assigned the next time.
MOST_AT_ONCE = 1000
EACH = (1, 2, 3, 4)


@blueprint.route("/assignments/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def assignments() -> ResponseReturnValue:
    """Loads, and a proposal for what `q` finds once reviewers are ticked; a POST does what was shown, or nothing."""
    everybody, values = raters(), request.values
    chosen = [each for each in everybody if str(each.id) in values.getlist("reviewer")]
    each = next((number for number in EACH if str(number) == values.get("each")), 2)
    q = values.get("q", "")
    ids, mistake = _ids(q) if chosen else ([], None)
    status = 200
    if request.method == "POST":
        shown = values.get("shown", "")
        try:
            assign_all(ids=ids, reviewers=chosen, each=each, shown=shown, actor=current_user, now=clock.now())
        except OutdatedProposalError:
            status = 409
        else:
            flash("assigned")
            return redirect(url_for("review.assignments"), 303)
    proposal = propose(current_user, ids, chosen, each) if chosen else None
    page = render_template(
        "review/assignments.html",
        everybody=everybody, chosen={each.id for each in chosen}, loads=loads(current_user), each=each, choices=EACH,
        q=q, mistake=mistake, count=len(ids), most=MOST_AT_ONCE, proposal=proposal, outdated=status == 409,
        shown=fingerprint(proposal) if proposal else "",
        short=names_of(current_user, list(proposal.short)) if proposal else {},
        doubts=_doubts(proposal, chosen) if proposal else [],
    )  # fmt: skip
    return page, status


def _doubts(proposal: Proposal, reviewers: Sequence[User]) -> list[tuple[NamedApplication, str, str]]:
    """The pairs at which something hints at a conflict that nobody has confirmed or put aside: whose, and why."""
    ids = {application_id for application_id, _ in proposal.pairs}
    found = hints_among(current_user, reviewers, ids)
    open_pairs = [pair for pair in proposal.pairs if pair in found]
    applications = names_of(current_user, [application_id for application_id, _ in open_pairs])
    names = {reviewer.id: reviewer.shown_name for reviewer in reviewers}
    return [
        (applications[pair[0]], names[pair[1]], gettext(", ").join(hints_in_words(found[pair]))) for pair in open_pairs
    ]


def _ids(q: str) -> tuple[list[int], str | None]:
    """What the search finds and still has to be rated, the oldest first; or what is wrong with it."""
    expression = search.read(q, current_user, clock.now())
    if isinstance(expression, search.Mistake):
        return [], q
    found = search.found(current_user, expression).where(ApplicationFacts.state.in_(RATED_IN))
    ids = found.with_only_columns(ApplicationFacts.application_id).order_by(
        ApplicationFacts.submitted_at, ApplicationFacts.application_id
    )
    return list(db.session.scalars(ids.limit(MOST_AT_ONCE))), None


@blueprint.post("/<reference>/assignments/")
@allow(Action.DECIDE_APPLICATIONS)
def assign_one(reference: str) -> ResponseReturnValue:
    """Assign one reviewer to an application by hand, or take that back."""
    application = _application(reference, Action.DECIDE_APPLICATIONS)
    reviewer = _reviewer(raters())
    try:
        act = unassign if request.form.get("do") == "remove" else assign
        act(application=application, reviewer=reviewer, actor=current_user, now=clock.now())
    except NotAssignableError:
        flash("not_assignable")
    return _back(reference)


@blueprint.post("/<reference>/conflict/")
@allow(Action.REVIEW_APPLICATIONS)
def conflict(reference: str) -> ResponseReturnValue:
    """Declare that the reader must not rate an application, take that back, or put aside what hints at it."""
    application = _application(reference, Action.REVIEW_APPLICATIONS)
    if request.form.get("do") == "withdraw":
        withdraw_conflict(application=application, actor=current_user, now=clock.now())
    elif request.form.get("do") == "dismiss":
        dismiss_hints(application=application, actor=current_user, now=clock.now())
    else:
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        declare_conflict(application=application, reason=reason, actor=current_user, now=clock.now())
    return _back(reference)


def _reviewer(everybody: Sequence[User]) -> User:
    return next((each for each in everybody if str(each.id) == request.form.get("reviewer")), None) or abort(422)


def _application(reference: str, action: Action) -> Application:
    return application_in_full(current_user, reference, action) or abort(404)


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("review.application", reference=reference, _anchor="rating"), 303)
