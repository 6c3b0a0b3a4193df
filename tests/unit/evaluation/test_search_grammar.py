"""How a search is read: what is one expression, and where each mistake is, with what may have been meant."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from s2group.admissions.rules import Wording
from s2group.evaluation.search.rules.expressions import All, Expression, Not, Some, Words
from s2group.evaluation.search.rules.expressions import Test as OfField
from s2group.evaluation.search.rules.fields import Field
from s2group.evaluation.search.rules.grammar import DEEPEST, LONGEST
from s2group.evaluation.search.rules.kinds import Choice, Kind, Locale, Moment, Number, Text, Value
from s2group.evaluation.search.rules.mistakes import Mistake, Wrong
from s2group.evaluation.search.rules.reading import read_query
from s2group.evaluation.search.rules.writing import written

NOW = datetime(2026, 9, 10, 12, tzinfo=UTC)
ROUTES = (
    Value("exemption", Wording("推免硕士", "Exemption (master's)"), ("推荐免试",)),
    Value("exam", Wording("统考硕士", "National exam")),
    Value("phd", Wording("申请考核博士", "PhD")),
)


def field(key: str, zh: str, kind: Kind) -> Field:
    return Field(key, Wording(zh, key), kind, Wording("", ""), (), condition=lambda: None)


FIELDS = (
    field("route", "招生方式", Choice(lambda: ROUTES)),
    field("cet4", "四级", Number(0, 710)),
    field("cet6", "六级", Number(0, 710)),
    field("rank", "排名", Number(0, 100, "%")),
    field("submitted", "提交", Moment()),
    field("name", "姓名", Text()),
)


def read(typed: str) -> Expression | Mistake:
    return read_query(typed, FIELDS, now=NOW, zone=ZoneInfo("Asia/Shanghai"))


A, B, C = (Words(letter) for letter in "abc")
CET4 = OfField("cet4", ">=", 500.0)
MEANT = {
    "": All(),
    "　 ": All(),
    "a": A,
    "a b": All((A, B)),
    "a AND b": All((A, B)),
    "a OR b c": Some((A, All((B, C)))),
    "(a OR b) c": All((Some((A, B)), C)),
    "（a || b）c": All((Some((A, B)), C)),
    "a (b c)": All((A, B, C)),
    "a a": A,
    "-a": Not(A),
    "NOT a": Not(A),
    "--a": A,
    "－a": Not(A),
    "-(a b)": Not(All((A, B))),
    "or and not": All((Words("or"), Words("and"), Words("not"))),
    '"a b"': Words("a b", exact=True),
    "“a b”": Words("a b", exact=True),
    "「a b」": Words("a b", exact=True),
    "a-b": Words("a-b"),
    "cet4:>=500": CET4,
    "cet4：＞＝５００": CET4,
    "CET4:≥500分": CET4,
    "四级>=500": CET4,
    "cet4=>500": CET4,
    "cet4:=500": OfField("cet4", "=", 500.0),
    "a>b": Words("a>b"),
    "rank:<=5/200": OfField("rank", "<=", 2.5),
    "排名：≤2.5％": OfField("rank", "<=", 2.5),
    "route:推免": OfField("route", "=", "exemption"),
    'route:"exemption (MASTER\'S)"': OfField("route", "=", "exemption"),
    "招生方式:推薦免試": OfField("route", "=", "exemption"),
    'name:"Test Carol"': OfField("name", "=", "Test Carol"),
}


@pytest.mark.parametrize("typed", MEANT)
def test_what_is_meant(typed: str) -> None:
    found = read(typed)
    assert isinstance(found, Expression), found
    assert found.node == MEANT[typed]


@pytest.mark.parametrize("typed", MEANT)
def test_what_is_written_reads_as_the_same(typed: str) -> None:
    found = read(typed)
    assert isinstance(found, Expression)
    locales: list[Locale | None] = [None, "zh", "en"]
    for locale in locales:
        again = written(found, FIELDS, locale)
        assert read(again) == found, again


def test_moments_are_written_as_they_are_typed() -> None:
    for typed in ("submitted:>2026-09-01", "submitted:2026-09", "submitted:<=2026", "submitted:<12h", "submitted:>2w"):
        found = read(typed)
        assert isinstance(found, Expression)
        assert written(found, FIELDS) == typed
    assert read("submitted:2026年9月1日") == read("submitted:2026/9/1") == read("提交:2026-09-01")
    assert read("submitted:<3天") == read("submitted:<3d")


# What is typed, what is wrong, the place, and the searches that may have been meant.
MISTAKES = [
    ("a cet:>=500 b", Wrong.UNKNOWN_FIELD, "cet", ["a cet4:>=500 b", "a cet6:>=500 b", 'a "cet:>=500" b', "a b"]),
    ("colour:red", Wrong.UNKNOWN_FIELD, "colour", ['"colour:red"', ""]),
    ("a OR rotue:phd", Wrong.UNKNOWN_FIELD, "rotue", ["a OR route:phd", 'a OR "rotue:phd"', "a"]),
    ("route:exempton", Wrong.UNKNOWN_VALUE, "exempton", ["route:exemption", "route:exam", ""]),
    ("a -route:博士后 b", Wrong.UNKNOWN_VALUE, "博士后", ["a b"]),
    ("route:硕士", Wrong.SEVERAL_VALUES, "硕士", ["route:exemption", "route:exam", ""]),
    ("cet4: 500", Wrong.NO_VALUE, "cet4:", ["cet4:500", "500"]),
    ("a cet4:>=", Wrong.NO_VALUE, "cet4:>=", ["a"]),
    ("cet4:high a", Wrong.NO_NUMBER, "high", ["a"]),
    ("rank:1/0", Wrong.NO_NUMBER, "1/0", [""]),
    ("cet4:>=10%", Wrong.WRONG_UNIT, "10%", ["cet4:>=10", ""]),
    ("rank:10分", Wrong.WRONG_UNIT, "10分", ["rank:10%", ""]),
    ("cet4:4/5", Wrong.WRONG_UNIT, "4/5", ["cet4:4", ""]),
    ("cet4:>900", Wrong.OUT_OF_RANGE, "900", [""]),
    ("rank:<-1%", Wrong.OUT_OF_RANGE, "-1%", [""]),
    ("route:>phd", Wrong.NO_ORDER, ">", ["route:phd", ""]),
    ("name<a", Wrong.NO_ORDER, "<", ["name:a", ""]),
    ("submitted:soon", Wrong.NO_MOMENT, "soon", [""]),
    ("submitted:>2026-02-30", Wrong.IMPOSSIBLE_DATE, "2026-02-30", ["submitted:>2026-02-28", ""]),
    ("submitted:2026-13-01", Wrong.IMPOSSIBLE_DATE, "2026-13-01", [""]),
    ("submitted:0000", Wrong.IMPOSSIBLE_DATE, "0000", [""]),
    ("submitted:9999-12-31", Wrong.IMPOSSIBLE_DATE, "9999-12-31", [""]),
    ("submitted:3d", Wrong.NEEDS_ORDER, "3d", ["submitted:<=3d", "submitted:>3d", ""]),
    ("name:!", Wrong.NO_WORDS, "!", [""]),
    ("a - b", Wrong.NO_WORDS, "-", ["a b"]),
    ("a AND", Wrong.DANGLING, "AND", ["a"]),
    ("OR a", Wrong.DANGLING, "OR", ["a"]),
    ("a AND OR b", Wrong.DANGLING, "AND", ["a OR b"]),
    ("a NOT", Wrong.DANGLING, "NOT", ["a"]),
    ("(a OR) b", Wrong.DANGLING, "OR", ["(a) b"]),
    ("a)", Wrong.UNOPENED, ")", ["a"]),
    ("a （b", Wrong.UNCLOSED, "（", ["a (b)", "a b"]),
    ("((a) b", Wrong.UNCLOSED, "(", ["((a) b)", "(a) b"]),
    ("a ()", Wrong.EMPTY_BRACKETS, "()", ["a"]),
    ("a NOT () b", Wrong.EMPTY_BRACKETS, "()", ["a b"]),
    ('a "b c', Wrong.UNCLOSED_QUOTE, '"b c', ['a "b c"', "a b c"]),
    ('name:"b', Wrong.UNCLOSED_QUOTE, '"b', ['name:"b"', "name:b"]),
    ("(cet:5)", Wrong.UNKNOWN_FIELD, "cet", ["(cet4:5)", "(cet6:5)", '("cet:5")', ""]),
    ("a" * LONGEST + "b", Wrong.TOO_LONG, "b", []),
    ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), Wrong.TOO_DEEP, "(", []),
]


@pytest.mark.parametrize(("typed", "wrong", "part", "repairs"), MISTAKES)
def test_a_mistake_has_its_place_and_its_repairs(typed: str, wrong: Wrong, part: str, repairs: list[str]) -> None:
    found = read(typed)
    assert isinstance(found, Mistake), found
    assert (found.wrong, found.parts[1]) == (wrong, part)
    assert "".join(found.parts) == typed
    assert [repair.query for repair in found.repairs] == repairs


def test_every_kind_of_mistake_is_tried() -> None:
    assert {wrong for _, wrong, _, _ in MISTAKES} == set(Wrong)
