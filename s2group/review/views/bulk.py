"""One thing for many applications: choose it, see what it would do, do it, undo it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.admissions.models import ApplicationFacts
from s2group.admissions.wording import STATES
from s2group.core import clock
from s2group.core.permissions import Action, allow, authorize
from s2group.evaluation.assignments.queries import raters
from s2group.evaluation.blind import shown_name
from s2group.evaluation.bulk import queries, services
from s2group.evaluation.bulk.models import BulkRun
from s2group.evaluation.bulk.moving import TARGETS
from s2group.evaluation.bulk.protocol import CannotApplyError, UnfitArgumentError
from s2group.evaluation.bulk.registry import ACTIONS
from s2group.evaluation.bulk.rules import MOST, may_be_undone
from s2group.evaluation.search.queries import found, read
from s2group.evaluation.search.rules.mistakes import Mistake
from s2group.evaluation.tags.queries import tags_by_hand
from s2group.extensions import db
from s2group.review.views.blueprint import blueprint

MOST_NAMED = 3


@dataclass(frozen=True)
class Undoable:
    """What was just done, in words, with the key under which it is undone."""

    key: str
    names: str
    title: str


@blueprint.route("/bulk/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def bulk() -> ResponseReturnValue:
    """Choose what is to be done with the applications `r`, or with those that the search `q` finds; then a dry run."""
    search, now = request.values.get("q", ""), clock.now()
    ids = chosen(request.values.getlist("r"), search)
    if ids is None:
        return redirect(url_for("review.applications", q=search), 303)
    if request.method != "POST" or not ids or len(ids) > MOST:
        return choice_page(ids, search, 422 if request.method == "POST" else 200)
    argument = {name: request.form.get(name, "") for name in ("to", "tag", "reviewer")}
    try:
        run = services.plan_run(
            action=request.form.get("action", ""),
            argument=argument,
            ids=ids,
            search=search,
            actor=current_user,
            now=now,
        )
    except (UnfitArgumentError, KeyError):
        return choice_page(ids, search, 422)
    return redirect(url_for("review.bulk_run", run_key=run.key), 303)


@blueprint.route("/bulk/<run_key>/", methods=["GET", "POST"])
@allow(Action.READ_APPLICATIONS)
def bulk_run(run_key: str) -> ResponseReturnValue:
    """What a run would do, applied by one button; or what it has done."""
    run = queries.run_of(current_user, run_key) or abort(404)
    if request.method == "GET":
        return _run_page(run)
    answer = request.form.get("answer", "").strip()
    try:
        services.apply_run(run=run, answer=answer, actor=current_user, now=clock.now())
    except services.UnansweredError:
        return _run_page(run, 422, error=gettext("Say why"))
    except services.ChangedMeanwhileError as error:
        return _plan_anew(run, error.names)
    except CannotApplyError:
        return _plan_anew(run, [])
    return redirect(url_for("review.bulk_run", run_key=run.key), 303)


@blueprint.post("/bulk/<run_key>/undo/")
@allow(Action.READ_APPLICATIONS)
def undo_bulk(run_key: str) -> ResponseReturnValue:
    """Put everything back to how it was before the run."""
    run = queries.run_of(current_user, run_key) or abort(404)
    try:
        done = services.undo_run(run=run, actor=current_user, now=clock.now())
    except (services.ChangedMeanwhileError, CannotApplyError):
        done = False
    flash("undone" if done else "not_undone")
    back = request.form.get("back", "")
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\"))
    return redirect(back if is_ours else url_for("review.bulk_run", run_key=run.key), 303)


@blueprint.app_context_processor
def undo() -> dict[str, Any]:
    """What a button of the page before has done, for the line that undoes it."""
    return {"just_done": _just_done}


def _just_done() -> Undoable | None:
    keys = get_flashed_messages(category_filter=["done"])
    run = queries.run_of(current_user, str(keys[-1])) if keys else None
    if run is None or not may_be_undone(applied_at=run.applied_at, undone_at=run.undone_at, now=clock.now()):
        return None
    names = [shown_name(current_user, each) for each in queries.applications_of(current_user, run)]
    return Undoable(run.key, _named(names), ACTIONS[run.action].title(current_user, run.argument))


def _named(names: Sequence[str]) -> str:
    some = gettext(", ").join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return str(gettext("%(names)s and %(number)s more", names=some, number=more) if more > 0 else some)


def chosen(references: list[str], search: str) -> Sequence[int] | None:
    """The ids of what was ticked, or of what the search finds; None where it is mistaken. No more than MOST + 1."""
    if references:
        return queries.ids_of(current_user, references[: MOST + 1], MOST + 1)
    expression = read(search, current_user, clock.now())
    if isinstance(expression, Mistake):
        return None
    ids = found(current_user, expression).with_only_columns(ApplicationFacts.application_id)
    return db.session.scalars(ids.limit(MOST + 1)).all()


def choice_page(ids: Sequence[int], search: str, status: int) -> ResponseReturnValue:
    """What can be done with these applications."""
    return render_template(
        "review/bulk/choose.html",
        count=len(ids),
        most=MOST,
        search=search,
        references=request.values.getlist("r"),
        may_decide=authorize(current_user, Action.DECIDE_APPLICATIONS),
        targets=TARGETS,
        states=STATES,
        tags=tags_by_hand(current_user),
        reviewers=raters(),
        refused=status == 422,
    ), status


def _run_page(run: BulkRun, status: int = 200, *, error: str = "") -> ResponseReturnValue:
    now = clock.now()
    try:
        plan, title = services.preview(run, current_user), ACTIONS[run.action].title(current_user, run.argument)
    except UnfitArgumentError:  # the tag is gone
        abort(404)
    return render_template(
        "review/bulk/run.html",
        run=run,
        plan=plan,
        title=title,
        changed=[item for item in run.items if item.after],
        done_to=queries.applications_of(current_user, run) if run.applied_at else [],
        may_undo=may_be_undone(applied_at=run.applied_at, undone_at=run.undone_at, now=now),
        error=error,
    ), status


def _plan_anew(run: BulkRun, names: Sequence[str]) -> ResponseReturnValue:
    """The same for the same applications as they are now; nothing was done."""
    ids = [item.application_id for item in run.items]
    again = services.plan_run(
        action=run.action, argument=run.argument, ids=ids, search=run.search, actor=current_user, now=clock.now()
    )
    flash(_named(names), "meanwhile")
    return redirect(url_for("review.bulk_run", run_key=again.key), 303)
