"""Rounds of interviews: their slots, who has chosen, and what the staff do for those who have not."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from s2group.admissions.interviews.models import Interview, InterviewRound, InterviewSlot
from s2group.admissions.interviews.services import ClashError, SlotTakenError
from s2group.admissions.interviews.telling import NotInInterviewsError
from s2group.admissions.interviews.wording import groupby_day, when
from s2group.admissions.models import AdmissionRoute
from s2group.core import clock
from s2group.core.forms import PortalForm
from s2group.core.i18n import plain_text
from s2group.core.permissions import Action, allow
from s2group.evaluation.interviews import queries, services
from s2group.evaluation.interviews.models import InterviewNote
from s2group.evaluation.interviews.services import Span
from s2group.evaluation.queries import routes_of
from s2group.review.forms.interviews import NoteForm, RoundForm, SlotForm, SlotsForm
from s2group.review.views.blueprint import blueprint
from s2group.review.views.held import told_at


@blueprint.get("/interviews/")
@allow(Action.READ_APPLICATIONS)
def interviews() -> str:
    """All rounds, with how many have chosen."""
    rounds, counts = queries.rounds_of(current_user), queries.counts_of(current_user)
    may_add = bool(routes_of(current_user, Action.DECIDE_APPLICATIONS))
    return render_template("review/interviews/rounds.html", rounds=rounds, counts=counts, may_add=may_add)


@blueprint.route("/interviews/new/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def new_interview_round() -> ResponseReturnValue:
    """Begin a round."""
    routes = routes_of(current_user, Action.DECIDE_APPLICATIONS)
    if not routes:
        abort(404)
    form = RoundForm(routes)
    if not form.validate_on_submit():
        return _round_form(form)
    added = services.add_round(values=form.values, now=clock.now())
    return redirect(url_for("review.add_interview_slots", round_key=added.key), 303)


@blueprint.route("/interviews/<round_key>/edit/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def edit_interview_round(round_key: str) -> ResponseReturnValue:
    """Change what is said of a round."""
    found = _round(round_key, Action.DECIDE_APPLICATIONS)
    form = RoundForm(_routes_with(found), found)
    if not form.validate_on_submit():
        return _round_form(form, found)
    services.change_round(interview_round=found, values=form.values, **_by_now())
    return _told("changed", round_key)


@blueprint.get("/interviews/<round_key>/")
@allow(Action.READ_APPLICATIONS)
def interview_round(round_key: str) -> ResponseReturnValue:
    """A round: its slots by day, who has chosen which, and who has not."""
    return _round_page(_round(round_key))


@blueprint.route("/interviews/<round_key>/slots/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def add_interview_slots(round_key: str) -> ResponseReturnValue:
    """Add slots, after a look at which ones come of what was typed."""
    found = _round(round_key, Action.DECIDE_APPLICATIONS)
    form = SlotsForm(queries.possible_interviewers(found.routes), found)
    if not form.validate_on_submit():
        return _slots_page(found, form)
    if not form.confirmed.data:
        return _slots_page(found, form, spans=form.spans)
    try:
        services.add_slots(interview_round=found, spans=form.spans, values=form.values)
    except ClashError as clash:
        form.form_errors.append(_in_words(clash))
        return _slots_page(found, form)
    return _told("added", round_key)


@blueprint.route("/interviews/<round_key>/slots/<int:slot_id>/", methods=["GET", "POST"])
@allow(Action.DECIDE_APPLICATIONS)
def interview_slot(round_key: str, slot_id: int) -> ResponseReturnValue:
    """Change a slot, or remove one that is nobody's."""
    found = _round(round_key, Action.DECIDE_APPLICATIONS)
    slot = _slot(found, slot_id) or abort(404)
    if request.form.get("action") == "remove":
        return _done(found, lambda: services.remove_slot(slot=slot), "removed")
    form = SlotForm(queries.possible_interviewers(found.routes), found, slot)
    if not form.validate_on_submit():
        return _slot_page(found, slot, form)
    try:
        services.change_slot(slot=slot, span=form.span, values=form.values, **_by_now())
    except ClashError as clash:
        form.form_errors.append(_in_words(clash))
        return _slot_page(found, slot, form)
    except NotInInterviewsError:
        form.form_errors.append(_gone())
        return _slot_page(found, slot, form)
    return _told("changed", round_key)


@blueprint.post("/interviews/<round_key>/invite/")
@allow(Action.DECIDE_APPLICATIONS)
def invite_to_interview(round_key: str) -> ResponseReturnValue:
    """Let the applicants choose whose boxes were ticked."""
    found, chosen = _round(round_key, Action.DECIDE_APPLICATIONS), set(request.form.getlist("reference"))
    applications = [each.application for each in queries.to_invite(current_user, found)]
    ticked = [each for each in applications if each.reference in chosen]
    if not ticked:
        return _told("nobody", round_key)
    return _done(found, lambda: services.invite(interview_round=found, applications=ticked, **_by_now()), "invited")


@blueprint.post("/interviews/<round_key>/take-back/")
@allow(Action.DECIDE_APPLICATIONS)
def take_back_interviews(round_key: str) -> ResponseReturnValue:
    """Take back what is held of the interviews that the button names."""
    found, chosen = _round(round_key, Action.DECIDE_APPLICATIONS), set(request.form.getlist("interview"))
    held = [each for each in queries.interviews_in(current_user, found) if each.key in chosen]
    taken = services.take_back(interviews=held, actor=current_user, now=clock.now())
    return _told("taken_back" if taken else "too_late", round_key)


@blueprint.post("/interviews/<round_key>/people/<interview_key>/")
@allow(Action.DECIDE_APPLICATIONS)
def interview_of(round_key: str, interview_key: str) -> ResponseReturnValue:
    """Remind an applicant, keep or agree on a slot for them, or take theirs away."""
    found = _round(round_key, Action.DECIDE_APPLICATIONS)
    interview = queries.interview_by_key(current_user, interview_key, Action.DECIDE_APPLICATIONS)
    if interview is None or interview.round_id != found.id:
        abort(404)
    action, slot = request.form.get("action"), _slot(found, request.form.get("slot", type=int))
    deed = _deeds(interview, slot).get(action or "")
    if deed is None:
        return _told("no_slot", round_key)
    return _done(found, deed, action or "")


def _deeds(interview: Interview, slot: InterviewSlot | None) -> Mapping[str, Callable[[], object]]:
    """What can be done for an applicant, by the buttons; what takes a slot only with one."""
    told: dict[str, Any] = {"interview": interview, **_by_now()}
    deeds: dict[str, Callable[[], object]] = {
        "remind": lambda: services.remind(**told),
        "free": lambda: services.free(**told),
    }
    if slot is not None:
        deeds["keep"] = lambda: services.keep_slot(interview=interview, slot=slot)
        deeds["agree"] = lambda: services.agree(slot=slot, **told)
    return deeds


def _by_now() -> dict[str, Any]:
    """Who settles it when, and from when on its applicant knows."""
    now = clock.now()
    return {"actor": current_user, "told_at": told_at(now), "now": now}


@blueprint.post("/<reference>/interviews/<interview_key>/note/")
@allow(Action.READ_APPLICATIONS)
def interview_note(reference: str, interview_key: str) -> ResponseReturnValue:
    """Keep what the reader notes of an interview."""
    interview = queries.interview_by_key(current_user, interview_key)
    if interview is None or interview.application.reference != reference:
        abort(404)
    if not interview.is_told:  # the invitation may still be taken back, and the note with it
        abort(409)
    form = NoteForm()
    if not form.validate_on_submit():
        return _note_page(form, interview), 422
    if request.form.get("do") == "preview":
        return _note_page(form, interview, is_preview=True)
    try:
        services.write_note(
            interview=interview, text=form.text.data, seen=form.seen.data or "", actor=current_user, now=clock.now()
        )
    except services.StaleNoteError as stale:
        form.tell_of_change(stale.note.seen if stale.note else "")
        return _note_page(form, interview, stale.note), 409
    flash("noted")
    return redirect(url_for("review.application", reference=reference, _anchor="interviews"), 303)


def _note_page(
    form: NoteForm, interview: Interview, stored: InterviewNote | None = None, *, is_preview: bool = False
) -> str:
    return render_template(
        "review/interviews/note.html", form=form, interview=interview, stored=stored, is_preview=is_preview
    )


def _round(key: str, action: Action = Action.READ_APPLICATIONS) -> InterviewRound:
    return queries.round_by_key(current_user, key, action) or abort(404)


def _slot(found: InterviewRound, slot_id: int | None) -> InterviewSlot | None:
    return next((slot for slot in found.slots if slot.id == slot_id), None)


def _routes_with(found: InterviewRound) -> list[AdmissionRoute]:
    routes = routes_of(current_user, Action.DECIDE_APPLICATIONS)
    return [*routes, *(route for route in found.routes if route not in routes)]


def _round_form(form: RoundForm, found: InterviewRound | None = None) -> ResponseReturnValue:
    page = render_template("review/interviews/round_form.html", form=form, round=found)
    return page, 422 if form.errors else 200


def _slots_page(found: InterviewRound, form: SlotsForm, spans: Sequence[Span] = ()) -> ResponseReturnValue:
    page = render_template("review/interviews/slots.html", round=found, form=form, spans=spans)
    return page, 422 if form.errors else 200


def _slot_page(found: InterviewRound, slot: InterviewSlot, form: SlotForm) -> ResponseReturnValue:
    holder = slot.holder.id if slot.holder else None
    interview = next((each for each in queries.interviews_in(current_user, found) if each.id == holder), None)
    page = render_template("review/interviews/slot.html", round=found, slot=slot, form=form, interview=interview)
    return page, 422 if form.errors else 200


def _round_page(found: InterviewRound, problem: str = "", status: int = 200) -> ResponseReturnValue:
    invited = queries.interviews_in(current_user, found)
    may_decide = queries.round_by_key(current_user, found.key, Action.DECIDE_APPLICATIONS) is not None
    page = render_template(
        "review/interviews/round.html",
        round=found,
        days=groupby_day(found.slots, found.timezone),
        by_slot={each.slot_id: each for each in invited if each.slot_id},
        by_slot_to_be={each.change.slot_id: each for each in invited if each.change and each.change.slot_id},
        held=[each for each in invited if each.change],
        waiting=[each for each in invited if not each.is_chosen],
        chosen=[each for each in invited if each.is_chosen],
        free=[slot for slot in found.slots if slot.holder is None and slot.starts_at > clock.now()],
        candidates=queries.to_invite(current_user, found) if may_decide else [],
        may_decide=may_decide,
        form=PortalForm(),
        problem=problem,
        now=clock.now(),
    )
    return page, status


def _done(found: InterviewRound, deed: Callable[[], object], what: str) -> ResponseReturnValue:
    """Do it and say so; where somebody was faster or would be in two places, say that and change nothing."""
    key = found.key
    try:
        deed()
    except SlotTakenError:
        problem = gettext(
            "Somebody was faster: the slot is taken, or a time is agreed on already. Nothing was changed."
        )
        return _round_page(_round(key), problem, 409)
    except ClashError as clash:
        return _round_page(_round(key), _in_words(clash), 409)
    except NotInInterviewsError:
        return _round_page(_round(key), _gone(), 409)
    return _told(what, key)


def _gone() -> str:
    return str(gettext("The application is no longer in interviews. Nothing was changed."))


def _in_words(clash: ClashError) -> str:
    slot = clash.slot
    return str(
        gettext(
            "%(who)s is in “%(round)s” at %(when)s. Nothing was changed.",
            who=clash.who,
            round=plain_text(slot.round.title),
            when=when(slot, slot.round.timezone),
        )
    )


def _told(what: str, round_key: str) -> ResponseReturnValue:
    """The page of the round, with a word on what was done."""
    flash(what)
    return redirect(url_for("review.interview_round", round_key=round_key), 303)
