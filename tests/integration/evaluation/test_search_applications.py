"""What a search of applications finds, on both databases: exact results, and what plain Python finds."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from s2group.accounts.queries import user_by_email
from s2group.accounts.services import add_account, grant_role, set_role
from s2group.admissions.models import Application, Call
from s2group.admissions.queries import routes_of_all_calls
from s2group.core import paging
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation import search
from s2group.evaluation.assignments.models import Assignment, Conflict
from s2group.evaluation.looks import queries as looks
from s2group.evaluation.looks.services import remember_look
from s2group.evaluation.search import queries
from s2group.evaluation.search.fields import fields
from s2group.evaluation.search.rules.expressions import All, Node, Not, Operator, Period, Some, Span, Words, together
from s2group.evaluation.search.rules.expressions import Test as OfField
from s2group.evaluation.search.rules.writing import written
from s2group.extensions import db
from tests.support import plain_search
from tests.support.extent import chosen
from tests.support.rating import add_reviewer, give
from tests.support.searching import EXAM, NOW, PHD, Samples, apply_samples
from tests.support.staff import PASSWORD


@pytest.fixture
def samples(app: Flask) -> Samples:
    return apply_samples(app)


FOUND = {
    # Words of answers, names and numbers, however they are written.
    "": "abcdefghij", "语音合成": "ah", "語音合成": "ah", '"语音 合成"': "ah", "语音 合成": "abh",
    "语音 OR 蒙古语": "abdh", "合成 -雷达": "ah", "speech synth": "c", '"speech synth"': "",
    '"speech synthesis"': "c", "ＳＰＥＥＣＨ": "c", "CET4": "c", "雷": "b", "语音合成评测": "h",
    '"prosody of mongolian"': "g", "a@example.org": "a", "13800138007": "a",
    "name:陈": "a", "name:chen": "a", "chenjia": "a", "name:ouyang": "b", "ouyangyi": "b", "name:lv": "d",
    "lyuding": "d", "name:ren": "hi", "name:辛任": "", "name:carol": "c", "university:内蒙古": "ad",
    "university:內蒙古大學": "a", "university:示例": "hi", "university:normal": "c",
    # Choices, in either language and by parts of their names.
    "route:推免": "abc", "route:exemption": "abc", "route:phd": "gh", "招生方式：统考": "def",
    "route:统考 OR route:phd": "defgh", "call:虚构": "abcdefghij", "status:new": "adgi", "status:面试": "e",
    "shown:submitted status:offer": "f", "-status:new": "bcefhj", "lang:en": "cg", "mail:waiting": "abcdefghij",
    # Numbers; whoever gave none is in no comparison.
    "cet4:>=500": "ae", "cet4：≥500": "ae", "四级:>500": "ae", "cet4:425": "", "cet4:431": "b", "cet4<400": "d",
    "cet6:>400": "a", "ielts:6.5": "c", "-cet4:>=0": "cghij", "rank:<=10%": "ac", "rank:<=3/120": "a", "rank:10": "c",
    "gpa:>=85%": "ab", "gpa:>=3.8/4": "a", "gpa:<95": "b", "papers:>=1": "g", "papers:0": "h", "version:>1": "b",
    # Requirements and what came.
    "met:required": "j", "unmet:required": "ci", "unmet:preferred": "bdh", "unknown:preferred": "cij",
    "met:cet4": "abc", "unknown:exemption_quota": "b", "unmet:hours": "i", "met:phd_papers": "g", "has:paper": "g",
    "has:成绩单 -has:paper": "ah", "has:letter": "h", "has:portfolio": "i", "has:other": "h",
    "has:awaited-letter": "gh", "has:成绩单": "agh",
    # Days where the group is, and spans.
    "submitted:>2026-09-01": "abghj", "submitted:2026-09-09": "a", "submitted:<3d": "abg", "submitted:>4w": "ei",
    "submitted:2026-08": "cde", "submitted:>=2026-08-22 submitted:<2026-09-02": "df", "due:<3d": "di", "due:<0d": "i",
    "due:>1w": "abg", "due:2026-09": "abdfg", "changed:<2d": "b", "moved:<5d": "abfghj",
    # Together.
    "(route:推免 OR route:统考) cet4:>=450": "aef", "NOT (status:new OR status:withdrawn)": "bcefh",
    "-(cet4:>0 OR cet6:>0) lang:zh": "hij", "route:推免 -unmet:required": "ab",
}  # fmt: skip


def test_searches_find_exactly_these(samples: Samples) -> None:
    assert len(FOUND) > 60
    assert {typed: samples.found(typed) for typed in FOUND} == FOUND


def test_counts_are_of_one_statement_and_stop_where_they_should(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = {typed: search.read(typed, samples.pi, NOW) for typed in FOUND}
    expressions = {typed: each for typed, each in read.items() if isinstance(each, search.Expression)}
    for most in (paging.MOST_COUNTED, 0, 1, 2):
        monkeypatch.setattr(paging, "MOST_COUNTED", most)
        expected = {typed: min(len(letters), most + 1) for typed, letters in FOUND.items()}
        assert search.counted(samples.pi, expressions) == expected


def test_counts_beside_what_was_found_are_those_of_whole_searches(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = {typed: read_one(samples, typed) for typed in FOUND}
    for most, walked in ((paging.MOST_COUNTED, 0), (3, 0), (3, 5000)):
        monkeypatch.setattr(paging, "MOST_COUNTED", most)
        monkeypatch.setattr(queries, "LONGEST_WALK", walked)
        for before in ("", "语音", "route:推免", "lang:zh cet4:>400", "-has:other"):
            hits = search.hits_of(samples.pi, read_one(samples, before))
            narrower = {
                f"beside {typed}": replace(each, node=together(All, [hits.expression.node, each.node]))
                for typed, each in every.items()
            }
            asked = {**narrower, **every}
            assert search.counted_beside(samples.pi, hits, asked) == search.counted(samples.pi, asked), (most, before)


def read_one(samples: Samples, typed: str) -> search.Expression:
    expression = search.read(typed, samples.pi, NOW)
    assert isinstance(expression, search.Expression)
    return expression


def test_nothing_is_found_that_one_may_not_see(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 0)
    email = add_account(email="reviewer@example.org", role=Role.REVIEWER, password=PASSWORD, now=NOW).email
    routes = {route.key: route.id for route in routes_of_all_calls()}
    set_role(email=email, role=Role.REVIEWER, route_id=routes[PHD], now=NOW)
    user = user_by_email(email)
    assert user
    seen = set(samples.found("", user))
    assert seen == set("gh")
    for typed, letters in FOUND.items():
        if not typed.startswith("mail:"):
            assert samples.found(typed, user) == "".join(sorted(seen & set(letters))), typed
    assert samples.found("mail:waiting", user) == ""
    grant_role(email=email, role=Role.PI, route_id=routes[EXAM], now=NOW)
    db.session.expire_all()
    assert samples.found("mail:waiting", user) == "def"


def test_each_reader_finds_what_is_theirs_and_no_rating_that_is_hidden(
    samples: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = add_reviewer("reader")
    by_letter = {letter: db.session.get_one(Application, key) for letter, key in samples.ids.items()}
    with transaction() as session:
        session.execute(update(Call).values(hide_ratings=True))
        session.add(Assignment(application_id=samples.ids["b"], user_id=samples.pi.id, assigned_at=NOW))
        session.add(Assignment(application_id=samples.ids["g"], user_id=reader.id, assigned_at=NOW))
        session.add(Conflict(application_id=samples.ids["d"], user_id=reader.id, reason="", declared_at=NOW))
    remember_look(application=by_letter["a"], user=reader, now=NOW)
    for letter, mark in (("a", 5), ("e", 3), ("i", 2)):
        give(samples.pi, by_letter[letter], mark)
    give(reader, by_letter["e"], 4)
    db.session.expire_all()
    expected = {
        "-new:me": "a", "conflict:me": "d", "assigned:me": "g", "assigned:nobody": "acdefhij", "reviewed:me": "e",
        "waiting:me": "agi", "score:>3": "e", "score:3.5": "e", "score:>4": "", "score:<=2": "",
        "-score:>=0": "abcdfghij",
    }  # fmt: skip
    for part in (looks.NEARLY_ALL, 0):  # of all must be seen until SQLite asks otherwise
        monkeypatch.setattr(looks, "NEARLY_ALL", part)
        assert {typed: samples.found(typed, reader) for typed in expected} == expected
    assert (samples.found("score:>4"), samples.found("score:<=2"), samples.found("reviewed:me")) == ("a", "i", "aei")
    with transaction() as session:
        session.execute(update(Call).values(hide_ratings=False))
    assert (samples.found("score:>4", reader), samples.found("score:<=2", reader)) == ("a", "i")


# What differs from one reader to the next has tests of its own.
OF_THE_READER = {"tag", "new", "waiting", "reviewed", "score", "spread", "assigned", "conflict"}
VALUES: dict[str, list[object]] = {
    "route": ["recommended-exemption-master", "phd-assessment"], "call": ["fictional-call"],
    "status": ["submitted", "offer", "withdrawn"], "shown": ["submitted", "interview"], "lang": ["zh", "en"],
    "cet4": [0.0, 390.0, 455.0, 512.0], "cet6": [430.0], "ielts": [6.5], "toefl": [90.0], "rank": [2.5, 10.0, 12.0],
    "gpa": [85.0, 95.0], "papers": [0.0, 1.0], "version": [1.0, 2.0],
    "met": ["required", "preferred", "cet4", "hours"], "unmet": ["required", "preferred", "phd_papers"],
    "unknown": ["required", "preferred", "exemption_quota"], "has": ["paper", "transcript", "letter", "portfolio"],
    "name": ["陈", "ren", "test"], "university": ["内蒙古", "大学", "normal university"], "mail": ["waiting", "stuck"],
}  # fmt: skip
MOMENTS = ("submitted", "due", "moved", "changed")
ORDERED = ("cet4", "cet6", "ielts", "toefl", "rank", "gpa", "papers", "version")
OPERATORS: list[Operator] = ["=", "<", "<=", ">", ">="]
PERIODS = [Period(date(2026, 9, 9), date(2026, 9, 9)), Period(date(2026, 8, 1), date(2026, 8, 31))]
SPANS = [Span(3, "d"), Span(0, "d"), Span(2, "w"), Span(30, "h"), Span(-5, "d")]
WORDS = ["语音", "合成", "语音合成", "speech", "synth", "ren", "prosody of", "内蒙古大学", "4", "陈"]
MOST_DEEP = 4


@st.composite
def leaves(draw: st.DrawFn) -> Node:
    kind = draw(st.sampled_from(["words", "moment", *VALUES]))
    if kind == "words":
        text = draw(st.sampled_from(WORDS))
        return Words(text, exact=" " in text or draw(st.booleans()))
    if kind == "moment":
        field = draw(st.sampled_from(MOMENTS))
        if draw(st.booleans()):
            return OfField(field, draw(st.sampled_from(OPERATORS)), draw(st.sampled_from(PERIODS)))
        return OfField(field, draw(st.sampled_from(OPERATORS[1:])), draw(st.sampled_from(SPANS)))
    operator = draw(st.sampled_from(OPERATORS)) if kind in ORDERED else "="
    return OfField(kind, operator, draw(st.sampled_from(VALUES[kind])))  # type: ignore[arg-type]


def nodes(depth: int) -> st.SearchStrategy[Node]:
    if depth == 1:
        return leaves()
    parts = st.lists(nodes(depth - 1), min_size=1, max_size=3).map(tuple)
    return st.one_of(leaves(), nodes(depth - 1).map(Not), parts.map(All), parts.map(Some))


EXAMPLES = {"sqlite": chosen(short=40, long=80), "postgresql": chosen(short=15, long=30)}


def test_any_search_finds_what_plain_python_finds(samples: Samples) -> None:
    known, name = fields(samples.pi), db.engine.dialect.name
    assert {field.key for field in known} - OF_THE_READER == plain_search.FIELDS.keys() == {*VALUES, *MOMENTS}
    every = plain_search.plain_applications()

    @settings(max_examples=EXAMPLES[name], deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(nodes(MOST_DEEP))
    def compare(node: Node) -> None:
        expected = samples.letters(each.application.id for each in every if plain_search.holds(node, each, NOW))
        asked = search.Expression(node, NOW, plain_search.ZONE)
        typed = {locale: written(asked, known, locale) for locale in (None, "zh", "en")}
        read = [search.read(each, samples.pi, NOW) for each in typed.values()]
        assert read[0] == read[1] == read[2], typed
        assert samples.found(typed[None]) == expected, typed

    compare()
