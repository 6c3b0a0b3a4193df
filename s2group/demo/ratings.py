"""What the staff say of applications: marks and notes, and who shall rate what."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from s2group.admissions.models import Application
from s2group.admissions.rules.rubrics import Criterion, read_rubric
from s2group.core.permissions import Role
from s2group.demo.deeds import Deed, Step, colleague, staff
from s2group.demo.people import REVIEWERS, Applicant, account
from s2group.evaluation.assignments.services import assign
from s2group.evaluation.reviews.conflicts import declare_conflict
from s2group.evaluation.reviews.rules import Rating
from s2group.evaluation.reviews.services import rate
from s2group.evaluation.services import open_application

# How far each is from what the others find, on a scale from 0 to 1: one is strict, one is kind.
LEANINGS = dict(zip((account(Role.PI), account(Role.REVIEWER), *REVIEWERS), (0.0, 0.05, -0.2, 0.15, 0.0), strict=True))
# Of whom two reviewers think the opposite: the first of them nothing, the second everything.
SPLIT = (4, 18, 37, 53)
ABSTAINED, UNFINISHED, IN_CONFLICT = 22, 55, 36
SHARED = (
    "（演示）基础扎实，和组里的方向接近。",
    "（演示）动机清楚，经验偏少。",
    "（演示）计划写得空，需要面试里问清楚。",
)
PRIVATE = "（演示）面试时问第二年的实验怎么做。"
# Whom nobody rated yet, and who shall: the newest, whom two of the staff have on their lists.
ASSIGNED = (50, 52, 54, 57, 58, 59, 60)


def is_rated(who: Applicant) -> bool:
    """Whether somebody has rated the applicant: not who was hardly looked at, nor the newest."""
    return who.number % 16 not in (1, 2, 14) and who.number not in ASSIGNED and who.number % 9 != 0


def ratings_of(who: Applicant) -> Iterator[Step]:
    """Who says what of the applicant, and who is asked to."""
    if who.number in ASSIGNED:
        yield from (Step(1.2, _assigned(address)) for address in REVIEWERS[:2])
    if who.number == IN_CONFLICT:
        yield Step(1.3, _in_conflict(REVIEWERS[2]))
    if who.number == ABSTAINED:
        yield Step(1.4, _rated(REVIEWERS[0], abstains=True))
    elif who.number == UNFINISHED:
        yield Step(1.4, _rated(REVIEWERS[0], submit=False))
    if is_rated(who):
        yield from (Step(1.5 + place / 4, _rated(address)) for place, address in enumerate(_raters(who)))


def _raters(who: Applicant) -> list[str]:
    """Three of the staff, in turn; two where somebody is bound."""
    everybody = list(LEANINGS)
    bound = {IN_CONFLICT: REVIEWERS[2], ABSTAINED: REVIEWERS[0], UNFINISHED: REVIEWERS[0]}.get(who.number)
    split = REVIEWERS[:2] if who.number in SPLIT else ()
    turn = [everybody[(who.number + place) % len(everybody)] for place in range(3)]
    return list(dict.fromkeys([*split, *(address for address in turn if address != bound)]))


def _rated(address: str, *, abstains: bool = False, submit: bool = True) -> Deed:
    def deed(who: Applicant, application: Application, now: datetime) -> None:
        actor = colleague(address)
        open_application(reference=application.reference, actor=actor, now=now)
        rating = _rating(who, address, read_rubric(application.route.rubric or []))
        if abstains:
            rating = Rating(abstains=True, reason="（演示）研究方向不熟悉，不便评价。")
        rate(application=application, rating=rating, seen=0, submit=submit, actor=actor, now=now)

    return deed


def _rating(who: Applicant, address: str, criteria: tuple[Criterion, ...]) -> Rating:
    """The same every time: how good they are, how the reviewer leans, and some chance."""
    quality = Random(f"quality of {who.number}").uniform(0.2, 0.95)  # noqa: S311 - no secret
    chance = Random(f"{who.number} as {address} sees it")  # noqa: S311 - no secret
    if who.number in SPLIT and address in REVIEWERS[:2]:
        quality = float(REVIEWERS.index(address)) * 2 - 0.5
    marks = {each.key: _mark(each, quality + LEANINGS[address] + chance.gauss(0, 0.12)) for each in criteria}
    note = SHARED[who.number % len(SHARED)] if chance.random() < 0.6 else ""
    return Rating(marks, private_note=PRIVATE if chance.random() < 0.2 else "", shared_note=note)


def _mark(criterion: Criterion, share: float) -> int:
    return criterion.low + round(min(max(share, 0), 1) * (criterion.high - criterion.low))


def _assigned(address: str) -> Deed:
    return lambda _who, application, now: assign(
        application=application, reviewer=colleague(address), actor=staff(Role.PI), now=now
    )


def _in_conflict(address: str) -> Deed:
    return lambda _who, application, now: declare_conflict(
        application=application, reason="（演示）是我以前带过的学生。", actor=colleague(address), now=now
    )
