"""The board, and the buttons that move a card."""

from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import ColumnElement, and_

from s2group.admissions import wording
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts
from s2group.admissions.rules.states import MOVES, Mover, State
from s2group.core import clock
from s2group.core.permissions import Action, allow, authorize
from s2group.evaluation import queries
from s2group.evaluation.bulk.protocol import CannotApplyError, UnfitArgumentError
from s2group.evaluation.bulk.services import UnansweredError, apply_at_once
from s2group.evaluation.held.queries import held_for
from s2group.evaluation.pipeline import board as boards
from s2group.evaluation.pipeline.queries import places
from s2group.evaluation.pipeline.rules import AHEAD
from s2group.evaluation.pipeline.services import step_on_waitlist
from s2group.evaluation.releases.queries import pending_decisions
from s2group.evaluation.search.asking import asked
from s2group.evaluation.search.queries import condition
from s2group.review.views.blueprint import blueprint


@blueprint.get("/board/")
@allow(Action.READ_APPLICATIONS)
def board() -> str:
    """The applications by state: of one route where `route` names it, and those that the search `q` finds."""
    now = clock.now()
    search = asked(request.args.get("q", ""), request.args.get("last", ""), current_user, now)
    routes = queries.routes_of(current_user)
    chosen = next((each for each in routes if _name(each) == request.args.get("route")), None)
    which = _which(condition(current_user, search.expression), chosen)
    counts, shown = boards.counts(current_user, which), [chosen] if chosen else routes
    return render_template(
        "review/board/board.html",
        asked=search,
        routes=routes,
        chosen=chosen,
        name=_name,
        shown_routes=shown,
        places=places(current_user, shown),
        proposals=boards.proposals(current_user, shown),
        lanes=boards.lanes(current_user, which, counts),
        counts=counts,
        ahead=AHEAD,
        pending=len(pending_decisions(current_user)) if authorize(current_user, Action.DECIDE_APPLICATIONS) else 0,
        states=wording.STATES,
        held=held_for(current_user, now),
        address=address,
        now=now,
    )


@blueprint.app_context_processor
def moves() -> dict[str, Any]:
    """Where the staff may move an application, for its page."""
    return {"staff_moves": lambda application: MOVES[State(application.state)][Mover.STAFF]}


@blueprint.post("/<reference>/move/")
@allow(Action.DECIDE_APPLICATIONS)
def move(reference: str) -> ResponseReturnValue:
    """Move an application by one button. Where more must be known, the page of the decision asks it."""
    application, to = _application(reference), request.form.get("to", "")
    try:
        run = apply_at_once(
            action="move", argument={"to": to}, application=application, actor=current_user, now=clock.now()
        )
    except UnansweredError:
        flash("no_place")
        return redirect(url_for("review.decision", reference=reference, state=to), 303)
    except UnfitArgumentError:
        abort(400)
    except CannotApplyError:
        run = None
    flash(run.key, "done") if run else flash("too_late")
    return _back(application)


@blueprint.post("/<reference>/waitlist/")
@allow(Action.DECIDE_APPLICATIONS)
def waitlist(reference: str) -> ResponseReturnValue:
    """Let an application change places with the one before it on the list, or the one behind it."""
    application, direction = _application(reference), request.form.get("step")
    if direction not in ("earlier", "later"):
        abort(400)
    done = step_on_waitlist(
        application=application, earlier=direction == "earlier", actor=current_user, now=clock.now()
    )
    if not done:
        flash("too_late")
    return _back(application)


def address(**changes: object) -> str:
    """The address of the same board with some of `q` and `route` changed."""
    kept = {name: request.values.get(name, "") for name in ("q", "route")}
    named = {name: str(value) for name, value in {**kept, **changes}.items() if value}
    return url_for("review.board") + (f"?{urlencode(named)}" if named else "")


def _application(reference: str) -> Application:
    return queries.application_in_full(current_user, reference, Action.DECIDE_APPLICATIONS) or abort(404)


def _back(application: Application) -> ResponseReturnValue:
    """The board at the card that follows, or the page of the application, wherever the button stood."""
    if request.form.get("back") != "board":
        return redirect(url_for("review.application", reference=application.reference), 303)
    following = request.form.get("following", "")
    return redirect(address() + (f"#c-{following}" if following else ""), 303)


def _which(searched: ColumnElement[bool], route: AdmissionRoute | None) -> ColumnElement[bool]:
    return and_(searched, ApplicationFacts.route_id == route.id) if route else searched


def _name(route: AdmissionRoute) -> str:
    return f"{route.call.key}/{route.key}"
