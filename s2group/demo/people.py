"""Sixty people who do not exist, the same ones every time: test names, invented universities, example.org addresses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from s2group.admissions.rules.route_form import OwnQuestion, RouteForm
from s2group.core.localized import Locale, LocalizedText
from s2group.core.permissions import Role

T = TypeVar("T")

COUNT = 60
# A season: the first one applied so long ago.
DAYS = 150
# Every third one applies in English.
ENGLISH_EVERY = 3
SEED = "fictional applicants"
SURNAMES = LocalizedText("林陈赵周吴徐孙胡朱高", "Lin Chen Zhao Zhou Wu Xu Sun Hu Zhu Gao")
NUMERALS = LocalizedText("甲乙丙丁戊己", "One Two Three Four Five Six")
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
# A plan in full has more than the 300 characters that routes ask for; a short one has only its first sentence.
PLAN = (
    LocalizedText(
        "研究计划围绕{interest}展开。现有方法在录音棚语料上表现很好，换成日常录音就明显变差，原因还没有人说清楚。",
        "My plan is about {interest}. Present methods do well on studio recordings and fail on everyday ones.",
    ),
    LocalizedText(
        "第一年整理一份虚构的日常对话语料，逐条标注说话人、情绪和噪声，并公开标注说明，让别人能够检查和改正。",
        "In the first year I would collect an invented corpus of everyday talk, labelled with speakers and noise.",
    ),
    LocalizedText(
        "第二年在这份语料上比较三类模型：端到端模型、带显式韵律建模的模型，以及先预训练再微调的模型，找出各自的短处。",
        "In the second year I would compare three kinds of model on it, and find out where each of them fails.",
    ),
    LocalizedText(
        "第三年据此设计一个更稳健的模型，重点是在只有几十分钟数据时仍然可用，并在蒙古语上验证结论是否成立。",
        "In the third year I would design one that works with some minutes of data, and test it on Mongolian.",
    ),
    LocalizedText(
        "每一步都先写下预期结果和失败的判据，再做实验；代码、模型和失败的尝试一并公开，便于复现。",
        "Each step begins with what would prove me wrong; code, models and failed attempts are published with it.",
    ),
    LocalizedText(
        "风险在于标注工作量大，因此先标注五小时并测量一致性，再决定是否扩大规模，或者改用已有的公开语料。",
        "Labelling is the risk: five hours come first, and the agreement between labels decides about the rest.",
    ),
    LocalizedText(
        "希望在读期间完成两篇论文，并把整理好的语料和基线系统留给研究组里之后的同学继续使用。",
        "I hope to write two papers and to leave corpus and baselines to those who come to the group after me.",
    ),
)
PAPER_STATUSES = {"published": 4, "accepted": 2, "submitted": 3, "in_preparation": 2}
# Now and then one of these is left open where it may be.
OFTEN_LEFT_OPEN = ("cet4", "neural_network", "papers", "months", "gpa", "statement")
# Who says the same as another applicant: the same person once more for another route, and what looks like one.
SAME_PERSON, LOOKS_THE_SAME = {39: 21}, {44: 27}
# The newest ones, whom nobody has looked at yet.
UNSEEN = (59, 60)

PAPER = LocalizedText("关于{interest}的第 {number} 个虚构实验", "Fictional experiment {number} on {interest}")
VENUE = LocalizedText("虚构会议", "Conference on Invented Results")
AWARD = LocalizedText("示例竞赛一等奖", "First prize of a sample contest")
PROJECT = LocalizedText("{interest}的演示系统", "A demonstration of {interest}")
REFEREE = LocalizedText("测试·推荐人{numeral}（{name}）", "Test Referee {numeral} of {name}")
PROFESSOR = LocalizedText("教授", "Professor")
BETWEEN = LocalizedText("", " ")
TERM = LocalizedText("从秋季学期开始", "From the autumn term")
# What the fictional staff are called, by their addresses.
STAFF = {
    "demo-admin@example.org": "测试·管理员",
    "demo-pi@example.org": "测试·刘老师",
    "demo-reviewer@example.org": "测试·小林",
    "demo-reviewer-2@example.org": "测试·小吴",
    "demo-reviewer-3@example.org": "测试·小陈",
    "demo-reviewer-4@example.org": "测试·小赵",
    "demo-editor@example.org": "测试·小周",
    "demo-reviewer-of-one-route@example.org": "测试·小郑",
}
# Who reads the applications of one route alone.
REVIEWER_OF_A_ROUTE = "demo-reviewer-of-one-route@example.org"
# Who rate besides the PI and the first reviewer.
REVIEWERS = ("demo-reviewer-2@example.org", "demo-reviewer-3@example.org", "demo-reviewer-4@example.org")


@dataclass(frozen=True)
class Applicant:
    """One fictional applicant: what they would answer to any question, and how long before the demo they applied."""

    number: int
    locale: Locale
    name: str
    email: str
    interest: str
    facts: dict[str, Any]
    left_open: frozenset[str]
    before: timedelta

    def answers(self, form: RouteForm, *, declarations: Collection[str], areas: Sequence[str]) -> dict[str, Any]:
        """What they answer to a route's form, whose requirements ask to tick `declarations`; every needed answer.

        `areas` are the keys of the group's research areas.
        """
        facts = self.facts | {
            "declared": [key for place, key in enumerate(sorted(declarations)) if (self.number + place) % 9],
            "research_line": areas[self.number % len(areas)] if areas else None,
        }
        open_ones = self.left_open - set(form.required)
        asked = [name for name in form.fields if name in facts and name not in open_ones]
        answers = {name: facts[name] for name in asked if facts[name] is not None}
        answers |= {each.name: self._own_answer(each) for each in form.questions if each.kind != "file"}
        return answers | ({"referees": self._referees(form.referees)} if form.referees else {})

    def _own_answer(self, question: OwnQuestion) -> Any:
        if question.kind == "choice":
            return question.options[self.number % len(question.options)][0]
        if question.kind == "number":
            return int(question.low + self.number % (question.high - question.low + 1))
        return self.facts["statement"][: question.longest]

    def _referees(self, count: int) -> list[dict[str, str]]:
        return [
            {
                "name": REFEREE[self.locale].format(name=self.name, numeral=NUMERALS.zh[place]),
                "email": f"referee{self.number:02}-{place + 1}@example.org",
                "position": f"{PROFESSOR[self.locale]}, {UNIVERSITIES[place][self.locale]}",
            }
            for place in range(count)
        ]


def form_key(who: Applicant) -> str:
    """By which a second run knows the applicant; no form is given such a key."""
    return f"demo-applicant-{who.number:02}"


def account(role: Role) -> str:
    """The address of the demo account with this role."""
    return f"demo-{role.value}@example.org"


def applicants() -> list[Applicant]:
    """The sixty, in the order in which they apply."""
    chance = Random(SEED)  # noqa: S311 - the same people every time, and no secret
    waits = sorted((timedelta(minutes=chance.randrange(60, DAYS * 24 * 60)) for _ in range(COUNT)), reverse=True)
    people: list[Applicant] = []
    for number, before in enumerate(waits, start=1):
        people.append(_like_another(_applicant(number, before, chance), people))
    return people


def _like_another(applicant: Applicant, earlier: Sequence[Applicant]) -> Applicant:
    """The applicant as they are, or as somebody who applied before."""
    number = SAME_PERSON.get(applicant.number) or LOOKS_THE_SAME.get(applicant.number)
    if number is None:
        return applicant
    first = earlier[number - 1]
    email = first.email if applicant.number in SAME_PERSON else applicant.email
    return replace(first, number=applicant.number, before=applicant.before, email=email)


def _applicant(number: int, before: timedelta, chance: Random) -> Applicant:
    locale: Locale = "en" if number % ENGLISH_EVERY == 0 else "zh"
    interest = chance.choice(INTERESTS)[locale]
    facts = (
        _origin(locale, chance) | _record(chance) | _exam(chance) | _scores(chance) | _works(locale, interest, chance)
    )
    sentences = PLAN[: _weighted(chance, {len(PLAN): 5, 1: 1})]
    facts |= {
        # Numbers kept free for fiction, so that nobody is rung up.
        "phone": f"+120255501{number:02}",
        "name_pinyin": _name(number, "en"),
        "statement": chance.choice(STATEMENTS)[locale].format(interest=interest),
        "research_plan": BETWEEN[locale].join(each[locale] for each in sentences).format(interest=interest),
        "term": TERM[locale],
    }
    # No mail can reach the address (RFC 2606).
    email, name = f"applicant{number:02}@example.org", _name(number, locale)
    left_open = frozenset(each for each in OFTEN_LEFT_OPEN if chance.random() < 0.12)
    return Applicant(number, locale, name, email, interest, facts, left_open, before)


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
        "rank_scope": _weighted(chance, {"major": 6, "college": 2, "class": 1}),
        "graduation_month": _weighted(chance, {"2026-06": 1, "2027-06": 4, "2028-06": 1}),
        "neural_network": _weighted(chance, {"yes": 3, "no": 1}),
        "weekly_hours": chance.randrange(8, 25),
        "months": chance.randrange(2, 13),
    }


def _exam(chance: Random) -> dict[str, Any]:
    """Scores of the national exam, which add up."""
    highest = {"exam_politics": 80, "exam_english": 85, "exam_subject_one": 135, "exam_subject_two": 140}
    scores = {subject: chance.randrange(high - 35, high) for subject, high in highest.items()}
    return scores | {"exam_total": sum(scores.values())}


def _works(locale: Locale, interest: str, chance: Random) -> dict[str, Any]:
    papers = [
        {
            "title": PAPER[locale].format(interest=interest, number=number),
            "venue": VENUE[locale],
            "status": _weighted(chance, PAPER_STATUSES),
            "position": chance.randrange(1, 5),
        }
        for number in range(1, chance.randrange(1, 4) + 1)
    ]
    return {
        "papers": papers,
        "awards": [{"title": AWARD[locale], "year": chance.randrange(2023, 2027)}],
        "projects": [{"title": PROJECT[locale].format(interest=interest)}],
        "repositories": [{"link": "https://example.org/code"}],
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
