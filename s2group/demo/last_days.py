"""What happens shortly before now, to several applications at once: interviews, an open offer, a release."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from s2group.accounts.models import User
from s2group.admissions.interviews.models import Interview, InterviewRound
from s2group.admissions.interviews.services import choose, none_fits
from s2group.admissions.models import Application, ApplicationFacts
from s2group.admissions.overrides.services import override_outcome
from s2group.admissions.queries import application_by_form_key
from s2group.admissions.rules import Verdict
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.demo.deeds import staff
from s2group.demo.offers import offered
from s2group.demo.people import UNSEEN, Applicant, applicants, form_key
from s2group.evaluation.access import routes_visible_to
from s2group.evaluation.interviews.queries import to_invite
from s2group.evaluation.interviews.services import (
    RoundValues,
    SlotValues,
    Span,
    add_round,
    add_slots,
    free,
    invite,
    remind,
    write_note,
)
from s2group.evaluation.releases.services import decision_messages, prepare, release, take_effect
from s2group.evaluation.services import open_application
from s2group.extensions import db

ZONE = "Asia/Shanghai"
SLOTS, MINUTES = 10, 30
TITLE = LocalizedText("（演示）线上面试", "(Demo) Interviews online")
TEXT = LocalizedText("准备五分钟的自我介绍。", "Prepare to speak about yourself for five minutes.")
PLACE = "https://meeting.example.org/demo"
NONE_FITS = "（演示）那两天有考试，能不能换到周末？"
# Told together that there will be interviews; offered a place that waits for an answer; waiting to be told.
TOLD_OF_INTERVIEWS, OFFERED, PREPARED = (22, 38, 54), 40, (12, 24, 44)
# What the staff say of requirements, of whom.
OVERRIDDEN, VERIFIED = 37, 53
WHY = "（演示）本人补充了证书，符合要求。"


def last_days(now: datetime) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
    """When what happens, in the order of time."""
    yield now - timedelta(days=7), _tell_of_interviews
    yield now - timedelta(days=6), partial(_invite, first=now + timedelta(days=3))
    yield now - timedelta(days=5), _choose
    yield now - timedelta(days=4), _say_of_requirements
    yield now - timedelta(days=3), _change_their_minds
    yield now - timedelta(days=2), _offer
    yield now - timedelta(hours=1), _prepare


def catch_up(*, now: datetime) -> None:
    """Let the PI and the first reviewer look at every application but the newest ones."""
    statement = select(Application).order_by(Application.submitted_at.desc()).offset(len(UNSEEN))
    for application in db.session.scalars(statement).all():
        for role in (Role.PI, Role.REVIEWER):
            open_application(reference=application.reference, actor=staff(role), now=now)


def _applicants(*numbers: int) -> Sequence[tuple[Applicant, Application]]:
    """These, as far as they have applied."""
    people = applicants()
    found = [(people[number - 1], application_by_form_key(form_key(people[number - 1]))) for number in numbers]
    return [(who, application) for who, application in found if application]


def _tell_of_interviews(at: datetime) -> None:
    pi = staff(Role.PI)
    told = [application for _who, application in _applicants(*TOLD_OF_INTERVIEWS)]
    queued = release(items=decision_messages(told), actor=pi, now=at)
    take_effect(now=queued.effective_at or at)


def _invite(at: datetime, *, first: datetime) -> None:
    """A round with slots on two days, for all who are shown that there will be an interview."""
    pi = staff(Role.PI)
    routes = db.session.scalars(routes_visible_to(pi)).all()
    values = RoundValues(TITLE, TEXT, PLACE, ZONE, MINUTES, first - timedelta(days=1), 2, routes)
    added = add_round(values=values, now=at)
    readers = [pi, staff(Role.REVIEWER)]
    starts = first.replace(hour=1, minute=0, second=0, microsecond=0)
    for day in range(2):
        spans = [_span(starts + timedelta(days=day, minutes=place * (MINUTES + 10))) for place in range(SLOTS // 2)]
        add_slots(interview_round=added, spans=spans, values=SlotValues("", True, readers[: day + 1]))
    facts: Sequence[ApplicationFacts] = to_invite(pi, added)
    invite(interview_round=added, applications=[each.application for each in facts], actor=pi, told_at=at, now=at)


def _span(starts_at: datetime) -> Span:
    return Span(starts_at, starts_at + timedelta(minutes=MINUTES))


def _interviews() -> tuple[InterviewRound, Sequence[Interview]]:
    found = db.session.scalars(select(InterviewRound).order_by(InterviewRound.id.desc()).limit(1)).one()
    return found, found.interviews


def _choose(at: datetime) -> None:
    """All choose but three: two have not, and one finds that nothing fits."""
    interview_round, (waiting, _other, busy, *rest) = _interviews()
    for interview, slot in zip(rest, interview_round.slots[::2], strict=False):
        choose(interview=interview, slot_id=slot.id, timezone=ZONE, now=at)
    none_fits(interview=busy, why=NONE_FITS, timezone=ZONE, now=at)
    remind(interview=waiting, actor=staff(Role.PI), told_at=at, now=at)


def _change_their_minds(at: datetime) -> None:
    """One takes another slot; the PI frees one that was chosen, which the applicant then chooses again."""
    interview_round, (*_others, moved, freed) = _interviews()
    again, pi = freed.slot_id or 0, staff(Role.PI)
    choose(interview=moved, slot_id=interview_round.slots[1].id, timezone="Europe/Berlin", now=at)
    free(interview=freed, actor=pi, told_at=at, now=at)
    choose(interview=freed, slot_id=again, timezone=ZONE, now=at)
    write_note(interview=moved, text="（演示）先问语音合成的经历。", seen="", actor=pi, now=at)


def _say_of_requirements(at: datetime) -> None:
    """Of one requirement the PI says the opposite of what the answers come to, of another the same."""
    pi = staff(Role.PI)
    for (_who, application), agrees in zip(_applicants(OVERRIDDEN, VERIFIED), (False, True), strict=False):
        _say(application, pi, at, agrees=agrees)


def _say(application: Application, pi: User, at: datetime, *, agrees: bool) -> None:
    outcome = next(each for each in application.outcomes if (each["verdict"] == Verdict.MET) is agrees)
    computed = Verdict(outcome["verdict"])
    override_outcome(
        application=application, requirement=outcome["key"], verdict=Verdict.MET, reason="" if agrees else WHY,
        seen=0, computed=computed, actor=pi, now=at,
    )  # fmt: skip


def _offer(at: datetime) -> None:
    for who, application in _applicants(OFFERED):
        offered(12)(who, application, at)


def _prepare(at: datetime) -> None:
    """Messages that the PI has written and nobody was sent."""
    waiting = [each for _who, each in _applicants(*PREPARED) if each.state != each.shown_state]
    prepare(messages=decision_messages(waiting), actor=staff(Role.PI), now=at)
