"""Forty people who do not exist, the same ones every time: test names, invented universities, example.org addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from s2group.core.localized import Locale, LocalizedText

T = TypeVar("T")

COUNT = 40
DAYS = 60
# Every third one applies in English.
ENGLISH_EVERY = 3
SEED = "fictional applicants"
SURNAMES = LocalizedText("林陈赵周吴徐孙胡朱高", "Lin Chen Zhao Zhou Wu Xu Sun Hu Zhu Gao")
NUMERALS = LocalizedText("甲乙丙丁", "One Two Three Four")
UNIVERSITIES = (
    LocalizedText("示例大学", "Example University"),
    LocalizedText("样本理工大学", "Sample University of Technology"),
    LocalizedText("虚构师范大学", "Fictional Normal University"),
    LocalizedText("演示工业大学", "Demonstration Polytechnic University"),
    LocalizedText("范例民族大学", "Specimen Minzu University"),
)
COLLEGES = (
    LocalizedText("计算机学院", "College of Computer Science"),
    LocalizedText("人工智能学院", "School of Artificial Intelligence"),
    LocalizedText("电子信息学院", "School of Electronic Information"),
)
MAJORS = (
    LocalizedText("计算机科学与技术", "Computer Science and Technology"),
    LocalizedText("人工智能", "Artificial Intelligence"),
    LocalizedText("软件工程", "Software Engineering"),
    LocalizedText("电子信息工程", "Electronic and Information Engineering"),
)
INTERESTS = (
    LocalizedText("富有表现力的语音合成", "expressive speech synthesis"),
    LocalizedText("语音情感识别", "speech emotion recognition"),
    LocalizedText("对话式语音合成", "conversational speech synthesis"),
    LocalizedText("低资源语言的语音识别", "speech recognition for languages with little data"),
    LocalizedText("语音伪造检测", "detection of forged speech"),
)
STATEMENTS = (
    LocalizedText(
        "我对{interest}感兴趣。本科期间跟着老师做过相关课题，希望读研时继续。",
        "I am interested in {interest}. I worked on it with a teacher and would like to go on.",
    ),
    LocalizedText(
        "毕业设计打算做{interest}，已经复现了两篇论文的结果。",
        "My final project is about {interest}; so far I have reproduced the results of two papers.",
    ),
    LocalizedText(
        "第一次接触{interest}是在一次讲座上，之后自学了语音信号处理。",
        "I first heard of {interest} in a lecture and have taught myself speech processing since.",
    ),
)
DECLARATIONS = ("health_and_attitude", "foundations", "foreign_language", "research_ability")


@dataclass(frozen=True)
class Applicant:
    """One fictional applicant: what they answer, and how long before the demo they applied."""

    number: int
    locale: Locale
    name: str
    interest: str
    answers: dict[str, Any]
    before: timedelta

    @property
    def email(self) -> str:
        """An address that no mail can reach (RFC 2606)."""
        return f"applicant{self.number:02}@example.org"


def applicants() -> list[Applicant]:
    """The forty, in the order in which they apply."""
    chance = Random(SEED)  # noqa: S311 - the same people every time, and no secret
    waits = sorted((timedelta(minutes=chance.randrange(60, DAYS * 24 * 60)) for _ in range(COUNT)), reverse=True)
    return [_applicant(number, before, chance) for number, before in enumerate(waits, start=1)]


def _applicant(number: int, before: timedelta, chance: Random) -> Applicant:
    locale: Locale = "en" if number % ENGLISH_EVERY == 0 else "zh"
    interest = chance.choice(INTERESTS)[locale]
    answers = _origin(locale, chance) | _record(chance) | _scores(chance)
    answers |= {
        # Numbers kept free for fiction, so that nobody is rung up.
        "phone": f"+120255501{number:02}",
        "statement": chance.choice(STATEMENTS)[locale].format(interest=interest),
        "declared": [each for each in DECLARATIONS if chance.random() < 0.9],
    }
    return Applicant(number, locale, _name(number, locale), interest, answers, before)


def _name(number: int, locale: Locale) -> str:
    surname, numeral = (number - 1) % len(SURNAMES.zh), (number - 1) // len(SURNAMES.zh)
    if locale == "en":
        return f"Test {SURNAMES.en.split()[surname]} {NUMERALS.en.split()[numeral]}"
    return f"测试·{SURNAMES.zh[surname]}{NUMERALS.zh[numeral]}"


def _origin(locale: Locale, chance: Random) -> dict[str, Any]:
    places = {"university": UNIVERSITIES, "college": COLLEGES, "major": MAJORS}
    return {name: chance.choice(known)[locale] for name, known in places.items()}


def _record(chance: Random) -> dict[str, Any]:
    cohort = chance.randrange(60, 240)
    return {
        "exemption_status": _weighted(chance, {"has": 8, "expected": 6, "unsure": 3, "no": 2}),
        "rank": chance.randint(1, cohort // 4),
        "cohort_size": cohort,
        "gpa": round(chance.uniform(3.1, 3.95), 2),
        "gpa_scale": "4.0",
        "neural_network": _weighted(chance, {"yes": 3, "no": 1}),
        "papers_top_three": _weighted(chance, {0: 12, 1: 5, 2: 2}),
    }


def _scores(chance: Random) -> dict[str, Any]:
    """CET-4 on either side of the line, awaited or not taken; now and then another test beside it."""
    scores: dict[str, Any] = {"cet4": _weighted(chance, {"awaited": 2, "not_taken": 1, "taken": 17})}
    if scores["cet4"] == "taken":
        scores["cet4"] = chance.randrange(390, 640)
    if chance.random() < 0.4:
        scores["cet6"] = chance.randrange(380, 600)
    if chance.random() < 0.1:
        scores["ielts"] = chance.choice([5.5, 6, 6.5, 7])
    return scores


def _weighted(chance: Random, weights: dict[T, int]) -> T:
    options: Sequence[T] = list(weights)
    return chance.choices(options, weights=list(weights.values()))[0]
