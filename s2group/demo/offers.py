"""What becomes of the offers and the waiting list."""

from datetime import datetime, timedelta

from flask import current_app

from s2group.admissions.models import Application
from s2group.admissions.offers.services import answer, lapse_overdue, remind
from s2group.admissions.rules.states import State
from s2group.core.permissions import Role
from s2group.demo.deeds import Deed, Step, staff
from s2group.demo.people import Applicant
from s2group.evaluation.pipeline.queries import decision_of
from s2group.evaluation.pipeline.services import Choice, decide, step_on_waitlist
from s2group.evaluation.releases.services import decision_messages, release, take_back, take_effect

NOTE = "（演示）面试表现稳定，研究计划具体。"


def told(application: Application, now: datetime) -> None:
    """The PI shows the applicant where the application stands, and the worker mails it when its time has come."""
    release(items=decision_messages([application]), actor=staff(Role.PI), now=now)
    take_effect(now=now + timedelta(minutes=current_app.config["HOLD_MINUTES"]))


def offered(days: int) -> Deed:
    """The PI offers a place, to be answered within so many days."""

    def deed(_who: Applicant, application: Application, now: datetime) -> None:
        pi = staff(Role.PI)
        before = decision_of(pi, application)
        choice = Choice(State.OFFER, NOTE, now + timedelta(days=days), seen=before.seen if before else "")
        decide(application=application, choice=choice, actor=pi, now=now)
        told(application, now)

    return deed


def answered(to: State) -> Deed:
    """The applicant answers the offer."""
    return lambda _who, application, now: answer(application=application, to=to, now=now)


def _clock(_who: Applicant, _application: Application, now: datetime) -> None:
    """What the worker does of itself with every open offer."""
    remind(now=now)
    lapse_overdue(now=now)


def _stepped_up(_who: Applicant, application: Application, now: datetime) -> None:
    step_on_waitlist(application=application, earlier=True, actor=staff(Role.PI), now=now)


def _thought_better(_who: Applicant, application: Application, now: datetime) -> None:
    """The PI lets a decision be told, and takes that back while it is held."""
    queued = release(items=decision_messages([application]), actor=staff(Role.PI), now=now)
    take_back(release=queued, actor=staff(Role.PI), now=now + timedelta(minutes=2))


# What happens besides to those who were offered a place, or nearly.
AFTERWARDS: dict[int, tuple[Step, ...]] = {
    7: (Step(29, answered(State.ACCEPTED)),),
    8: (Step(26, offered(4)), Step(29, _clock), Step(30, _clock)),
    23: (Step(28, answered(State.REFUSED)),),
    26: (Step(11, _stepped_up),),
    28: (Step(9, _thought_better),),
}
