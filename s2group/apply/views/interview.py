"""Choosing the time of an interview."""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from s2group.admissions.interviews import queries, services
from s2group.admissions.interviews.models import Interview
from s2group.admissions.interviews.rules import ZONES
from s2group.admissions.interviews.wording import zone_choices
from s2group.admissions.models import Application
from s2group.apply.forms.interview import NONE_FITS, SlotChoiceForm
from s2group.apply.views.blueprint import NOTHING_CHANGED, POSTS, blueprint, checks_token_itself, try_again_later
from s2group.apply.views.manage import back_to_status, of_its_owner, own_page, too_late
from s2group.core import clock
from s2group.core.errors import as_storage_error
from s2group.core.permissions import personal
from s2group.core.storage_errors import StorageError
from s2group.extensions import limiter


@blueprint.route("/apply/status/<reference>/interview/<round_key>/", methods=["GET", "POST"])
@personal
@limiter.limit(POSTS, methods=["POST"])
@checks_token_itself
@of_its_owner
def choose_slot(application: Application, round_key: str) -> ResponseReturnValue:
    """Choose a time for the interview, another one than before, or say why none fits."""
    interview = queries.interview_in(application, round_key) or abort(404)
    now = clock.now()
    if not services.may_choose(interview, now=now):
        return too_late(application)
    form = SlotChoiceForm(
        queries.offered_slots(interview, now=now), chosen=interview.slot_id, zone=_asked_zone(interview)
    )
    if not form.validate_on_submit():
        return _page(interview, form, 422 if form.errors else 200)
    try:
        with as_storage_error():
            return _take(interview, form)
    except StorageError as trouble:
        return try_again_later(form, trouble, NOTHING_CHANGED, lambda status: _page(interview, form, status))


def _take(interview: Interview, form: SlotChoiceForm) -> ResponseReturnValue:
    now, zone, application = clock.now(), form.zone.data or interview.round.timezone, interview.application
    try:
        if form.slot.data == NONE_FITS:
            services.none_fits(interview=interview, why=form.why.data, timezone=zone, now=now)
            return back_to_status(application, "none_fits")
        services.choose(interview=interview, slot_id=form.slot_id, timezone=zone, now=now)
    except services.NoChoiceError:
        return too_late(application)
    except services.SlotTakenError:
        form.slot.errors = [gettext("Somebody else has just taken that time. These are still free: choose another")]
        form.slot.data = None
        return _page(interview, form, 409)
    return back_to_status(application, "slot_chosen")


def _asked_zone(interview: Interview) -> str:
    asked = request.args.get("zone", "")
    return asked if asked in ZONES else interview.timezone or interview.round.timezone


def _page(interview: Interview, form: SlotChoiceForm, status: int) -> Response:
    now = clock.now()
    return own_page(
        "apply/interview.html",
        interview.application,
        status=status,
        interview=interview,
        round=interview.round,
        form=form,
        slots=queries.offered_slots(interview, now=now),
        zone=form.zone.data or interview.round.timezone,
        zones=zone_choices(now),
        none_fits=NONE_FITS,
    )
