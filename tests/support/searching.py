"""Ten applications that differ in all that a search asks for, each called by a letter."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Select, select

from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.services import add_account
from s2group.admissions.models import AdmissionRoute, Application, ApplicationFacts
from s2group.admissions.services.letters import receive_letter
from s2group.core import paging
from s2group.core.permissions import Role
from s2group.evaluation import search
from s2group.extensions import db
from tests.support import moving
from tests.support.applying import load_fictional_content
from tests.support.changing import change, upload
from tests.support.pdf import make_pdf
from tests.support.refereeing import FIRST, SECOND, apply_with_referees
from tests.support.snapshots import made_once
from tests.support.staff import PASSWORD

# Where the group of tests is, it is eight hours later.
NOW = datetime(2026, 9, 10, 12, tzinfo=UTC)
EXEMPTION, EXAM, PHD, ASSISTANT = (
    "recommended-exemption-master", "national-exam-master", "phd-assessment", "research-assistant",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """One of them: which way, who, what they answered, and how long before NOW it came."""

    route: str
    name: str
    before: timedelta
    answers: dict[str, Any] = field(default_factory=dict)
    kinds: tuple[str, ...] = ("resume",)
    locale: str = "zh"
    state: str = "submitted"
    shown: bool = True


def days(number: float) -> timedelta:
    """That long before."""
    return timedelta(days=number)


SAMPLES = {
    "a": Sample(EXEMPTION, "测试·陈佳", days(1), {
        "university": "内蒙古大学", "cet4": 512, "cet6": 430, "rank": 3, "cohort_size": 120, "gpa": 3.8,
        "gpa_scale": "4.0", "exemption_status": "has", "neural_network": "yes", "papers_top_three": 1,
        "statement": "我想做蒙古语语音合成，读过 Tacotron 的论文。", "declared": ["health_and_attitude", "foundations"],
    }, ("resume", "transcript")),
    "b": Sample(EXEMPTION, "测试·欧阳乙", days(2.5), {
        "university": "虚构师范大学", "cet4": 425, "rank": 12, "cohort_size": 100, "gpa": 85, "gpa_scale": "100",
        "exemption_status": "expected", "neural_network": "no", "papers_top_three": 0,
        "statement": "语音识别，也喜欢合成孔径雷达。",
    }, state="screening"),
    "c": Sample(EXEMPTION, "Test Carol", days(20), {
        "university": "Fictional Normal University", "cet4": "not_taken", "ielts": 6.5, "rank": 1, "cohort_size": 10,
        "exemption_status": "no", "statement": "Expressive speech synthesis with CET-4 corpora.",
    }, locale="en", state="declined"),
    "d": Sample(EXAM, "测试·吕丁", days(13.5), {
        "university": "内蒙古工业大学", "cet4": 390, "statement": "參加過語音競賽。",
    }),
    "e": Sample(EXAM, "测试·戊", days(40), {"university": "样本理工大学", "cet4": 610}, state="interview"),
    "f": Sample(EXAM, "测试·己", days(9), {"university": "样本理工大学", "cet4": 455}, state="offer", shown=False),
    "g": Sample(PHD, "Test Grace", days(0.25), {
        "university": "Sample University of Technology", "papers": [
            {"title": "Invented results on prosody", "status": "published", "position": 1},
        ], "research_plan": "Prosody of Mongolian. " * 15, "referees": [FIRST, SECOND],
    }, ("resume", "transcript"), locale="en"),
    "h": Sample(PHD, "测试·任辛", days(8), {
        "university": "示例大学", "papers": [], "research_plan": "语音合成\n评测。" * 30, "referees": [FIRST, SECOND],
    }, ("resume", "transcript", "other"), state="waitlist"),
    "i": Sample(ASSISTANT, "测试·壬", days(70), {
        "university": "示例大学", "weekly_hours": 6, "repositories": [{"link": "https://example.org/code"}],
    }),
    "j": Sample(ASSISTANT, "测试·癸", days(5), {"university": "范例民族大学", "weekly_hours": 12}, state="withdrawn"),
}  # fmt: skip


@dataclass(frozen=True)
class Samples:
    """The applications by their letters, and the PI who looks for them."""

    ids: dict[str, int]
    pi: User

    def found(self, typed: str, user: User | None = None) -> str:
        """The letters of what a search finds, in their order, as many as it counts; a mistake is an error."""
        expression = search.read(typed, user or self.pi, NOW)
        assert isinstance(expression, search.Expression), (typed, expression)
        reader = user or self.pi
        letters, hits = self._letters_of(search.found(reader, expression)), search.hits_of(reader, expression)
        assert self._letters_of(search.found_again(reader, hits)) == letters
        counts = search.counted(reader, {typed: expression})
        assert counts == {typed: hits.total} == {typed: min(len(letters), paging.MOST_COUNTED + 1)}
        return letters

    def _letters_of(self, facts: Select[ApplicationFacts]) -> str:
        return self.letters(db.session.scalars(facts.with_only_columns(ApplicationFacts.application_id)))

    def letters(self, ids: Iterable[int]) -> str:
        """What these applications are called."""
        letters = {application_id: letter for letter, application_id in self.ids.items()}
        return "".join(sorted(letters[each] for each in ids))


def apply_samples(app: Flask) -> Samples:
    """Load the fictional content and let all of them apply; `b` has changed its application, `h` got a letter."""
    ids = made_once("ten applications that differ", lambda: _apply_all(app))
    pi = user_by_email("pi@example.org")
    assert pi
    return Samples(ids, pi)


def _apply_all(app: Flask) -> dict[str, int]:
    load_fictional_content(app)
    add_account(email="pi@example.org", role=Role.PI, password=PASSWORD, now=NOW)
    applications = {letter: _apply(letter, sample) for letter, sample in SAMPLES.items()}
    change(applications["b"], {"cet4": 431}, key="change-b", now=NOW - days(1.5))
    _receive_letter(applications["h"])
    for letter, sample in SAMPLES.items():
        if sample.state != "submitted":
            at = NOW - sample.before / 2
            moving.move(applications[letter], sample.state, release=sample.shown, at=at)
    return {letter: application.id for letter, application in applications.items()}


def _apply(letter: str, sample: Sample) -> Application:
    route = db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == sample.route)).one()
    answers = {"phone": f"1380013800{ord(letter) % 10}", "college": "测试学院", "major": "测试专业", **sample.answers}
    return apply_with_referees(
        key=f"sample-{letter}", name=sample.name, email=f"{letter}@example.org", route=route, answers=answers,
        documents={kind: upload(make_pdf(f"{kind} of {letter}"), now=NOW - sample.before) for kind in sample.kinds},
        locale=sample.locale, now=NOW - sample.before,
    )  # fmt: skip


def _receive_letter(application: Application) -> None:
    document = upload(make_pdf("letter"), now=NOW)
    receive_letter(referee_id=application.referees[0].id, document=document, now=NOW)
