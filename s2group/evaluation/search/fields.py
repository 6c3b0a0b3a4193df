"""The fields of a search, each declared once: for reading, completion, help, and what the database is asked."""

from flask import request

from s2group.accounts.models import User
from s2group.admissions.models import ApplicationFacts
from s2group.admissions.rules.outcomes import Wording as L
from s2group.evaluation.search import conditions, vocabulary
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.kinds import Choice, Moment, Number, Text
from s2group.evaluation.search.vocabulary import Vocabulary

facts = ApplicationFacts
KNOWN = "s2group.search_fields"


def fields(user: User) -> list[Field]:
    """All of them, with the values that there are now and that `user` may know of.

    A page that is only read asks for them again and again: it gets the same ones, whose values are looked up once.
    """
    if not request or request.method != "GET":
        return _fields(user)
    known: dict[int, list[Field]] = request.environ.setdefault(KNOWN, {})
    if user.id not in known:
        known[user.id] = _fields(user)
    return known[user.id]


def _fields(user: User) -> list[Field]:
    words = Vocabulary(user)
    return [
        *_about_the_way(words),
        *_about_the_reading(words),
        *SCORES,
        *_about_requirements(words),
        *ABOUT_THE_PERSON,
        *TIMES,
    ]


def _about_the_way(words: Vocabulary) -> list[Field]:
    return [
        Field(
            "route", L("招生方式", "route"), Choice(words.route_values),
            L("按哪种招生方式申请", "The route by which they apply"),
            ("route:推免", "route:phd"), conditions.route_ids(words.routes_called), ("路线",),
        ),
        Field(
            "call", L("批次", "call"), Choice(words.call_values),
            L("属于哪个招生批次", "The call that they answer"),
            (), conditions.route_ids(words.routes_of_call), ("招生通知",),
        ),
        Field(
            "status", L("状态", "status"), Choice(words.states),
            L("流程走到哪一步", "Where it stands"),
            ("status:new", "status:面试"), conditions.one_of(facts.state), ("state",),
        ),
        Field(
            "shown", L("已告知", "shown"), Choice(words.states),
            L("申请人在状态页看到的是哪一步", "What the applicant is shown of that"),
            ("shown:interview",), conditions.one_of(facts.shown_state),
        ),
    ]  # fmt: skip


def _about_the_reading(words: Vocabulary) -> list[Field]:
    return [
        Field(
            "tag", L("标签", "tag"), Choice(words.tags),
            L("贴了哪个标签，共用的或自己的", "A tag that it has, shared or of one's own"),
            (), conditions.tag,
        ),
        Field(
            "new", L("新动静", "new"), Choice(lambda: vocabulary.ME),
            L("我上次看过以后有新情况，或还没看过", "What I have not seen as it is now"),
            ("new:me",), conditions.new,
        ),
        Field(
            "waiting", L("等着评", "waiting"), Choice(lambda: vocabulary.ME),
            L("等我评的", "What waits for me to rate it"),
            ("waiting:me",), conditions.waiting,
        ),
        Field(
            "reviewed", L("评过", "reviewed"), Choice(lambda: vocabulary.ME_OR_NOBODY),
            L("我评过的，或没有人评过的", "What I have rated, or nobody"),
            ("reviewed:me", "reviewed:nobody"), conditions.reviewed,
        ),
        Field(
            "score", L("评分", "score"), Number(0, 100),
            L("平均评分；看不到的评分不算", "The mean of the ratings that I may see"),
            ("score:>=4",), conditions.score,
        ),
        Field(
            "spread", L("分歧", "spread"), Number(0, 4),
            L("最高与最低评分差多少；看不到的评分不算", "How far the ratings that I may see lie apart"),
            ("spread:>=3",), conditions.spread,
        ),
        Field(
            "assigned", L("分给", "assigned"), Choice(lambda: vocabulary.ME_OR_NOBODY),
            L("分给我评，或没有分给谁", "Who shall rate it: I, or nobody in particular"),
            ("assigned:me", "assigned:nobody"), conditions.assigned,
        ),
        Field(
            "conflict", L("回避", "conflict"), Choice(lambda: vocabulary.ME),
            L("我要回避的", "What I must not rate"),
            ("conflict:me",), conditions.conflict,
        ),
        Field(
            "mail", L("邮件", "mail"), Choice(lambda: vocabulary.MAILS),
            L("有邮件没送到，或还在路上", "That a mail about it did not arrive, or is on its way"),
            ("mail:stuck",), conditions.mail,
        ),
    ]  # fmt: skip


SCORES = [
    Field(
        "cet4", L("四级", "CET-4"), Number(0, 710), L("四级成绩", "CET-4 score"),
        ("cet4:>=500",), conditions.number(facts.cet4),
    ),
    Field(
        "cet6", L("六级", "CET-6"), Number(0, 710), L("六级成绩", "CET-6 score"),
        ("cet6:>=425",), conditions.number(facts.cet6),
    ),
    Field(
        "ielts", L("雅思", "IELTS"), Number(0, 9), L("雅思成绩", "IELTS score"),
        ("ielts:>=6.5",), conditions.number(facts.ielts),
    ),
    Field(
        "toefl", L("托福", "TOEFL"), Number(0, 120), L("托福成绩，0–120 分或 1–6 分", "TOEFL score, of 120 or of 6"),
        ("toefl:>=90",), conditions.number(facts.toefl),
    ),
    Field(
        "rank", L("排名", "rank"), Number(0, 100, "%"),
        L("排名在全体的前百分之几", "The rank as a percentage of the cohort"),
        ("rank:<=10%", "rank:<=5/120"), conditions.number(facts.rank_percent, is_percentage=True), ("成绩排名",),
    ),
    Field(
        "gpa", L("绩点", "GPA"), Number(0, 100, "%"),
        L("绩点占满分的百分之几", "The GPA as a percentage of its scale"),
        ("gpa:>=85%", "gpa:>=3.5/4"), conditions.number(facts.gpa_percent, is_percentage=True),
    ),
    Field(
        "papers", L("论文数", "papers"), Number(0, 99), L("列出了几篇论文", "How many papers are listed"),
        ("papers:>=1",), conditions.number(facts.papers),
    ),
]  # fmt: skip


def _about_requirements(words: Vocabulary) -> list[Field]:
    requirement = Choice(words.requirements)
    return [
        Field(
            "met", L("达到", "met"), requirement,
            L("达到的条件：一条，或全部必备（required）、全部优先（preferred）",
              "A requirement that is met, or all required or preferred ones"),
            ("met:required", "met:cet4"), conditions.verdict("met"), ("符合",),
        ),
        Field(
            "unmet", L("未达到", "unmet"), requirement,
            L("没达到的条件：一条，或任一必备（required）、任一优先（preferred）",
              "A requirement that is not met, or any required or preferred one"),
            ("unmet:required", "unmet:preferred"), conditions.verdict("not_met"),
        ),
        Field(
            "unknown", L("待确认", "unknown"), requirement,
            L("待确认的条件", "A requirement of which it is not known"),
            ("unknown:required",), conditions.verdict("unknown"),
        ),
        Field(
            "has", L("有", "has"), Choice(words.having),
            L("交了什么", "What came with it"),
            ("has:paper", "has:transcript", "has:推荐信"), conditions.has,
        ),
    ]  # fmt: skip


ABOUT_THE_PERSON = [
        Field(
            "name", L("姓名", "name"), Text(),
            L("姓名，也可写拼音", "The name, in pinyin, too"),
            ("name:陈", "name:chenjia"), conditions.words_in("name"),
        ),
        Field(
            "university", L("学校", "university"), Text(),
            L("学校名里的字", "Words of the university's name"),
            ("university:虚构师范大学",), conditions.words_in("university"), ("大学", "院校"),
        ),
        Field(
            "lang", L("语言", "language"), Choice(lambda: vocabulary.LANGUAGES),
            L("用哪种语言填写", "The language of the form that they filled in"),
            ("lang:en",), conditions.one_of(facts.locale),
        ),
    ]  # fmt: skip


TIMES = [
    Field(
        "submitted", L("提交", "submitted"), Moment(),
        L("提交的日期，或多久以前（h 小时、d 天、w 周）", "The day it came, or how long ago (h, d, w)"),
        ("submitted:>2026-09-01", "submitted:<3d"), conditions.moment(facts.submitted_at), ("提交时间",),
    ),
    Field(
        "due", L("答复期限", "due"), Moment(),
        L("承诺答复的期限是哪天，或还有多久；没答复的才有", "By when an answer was promised, or how soon"),
        ("due:<3d", "due:<0d"), conditions.moment(facts.answer_due_at, is_ahead=True), ("期限",),
    ),
    Field(
        "moved", L("流转", "moved"), Moment(),
        L("到现在这个状态的日期，或有多久", "When it came to its present state, or how long ago"),
        ("moved:>2w",), conditions.moment(facts.state_at),
    ),
    Field(
        "changed", L("修改", "changed"), Moment(),
        L("申请人修改的日期，或多久以前", "When the applicant changed it, or how long ago"),
        ("changed:<1w",), conditions.moment(facts.changed_at), ("修改时间",),
    ),
    Field(
        "version", L("版本", "version"), Number(1, 999), L("第几版", "Which version it is"),
        ("version:>1",), conditions.number(facts.version),
    ),
]  # fmt: skip
