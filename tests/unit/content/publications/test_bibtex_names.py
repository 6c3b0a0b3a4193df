"""Lists of authors in all the ways in which people write them."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from s2group.content.publications.bibtex.names import NamesError, read_authors

LATIN = [("Lin", "Xiaohe"), ("Bao", "Er"), ("Rao", "Ming"), ("Sølve", "Arne"), ("van der Sample", "Jan"),
         ("Jia", "Test"), ("O'Neil", "Zoë"), ("Sample-Rao", "Ada")]  # fmt: skip
HAN = ["林小禾", "包额尔", "饶明", "测试甲", "欧阳示例", "阿依古丽·买买提"]
MARKS = ["*", "†", "‡", "§", r"$^{\ast}$", r"$^{1,\dagger}$", "^{1}", "^1", r"\textsuperscript{2}",
         r"\dag", r"$\dag$", r"\textsuperscript{\dag}", "<sup>3</sup>", "#", "✉", "¹", "²,³", "1", "1,2"]  # fmt: skip
MARKUP = [r"\textbf{%s}", r"\underline{%s}", r"\emph{%s}", r"\textbf{\underline{%s}}", r"{\bf %s}", "<b>%s</b>",
          "<u>%s</u>", "**%s**", "_%s_", r"\me{%s}", r"\textcolor{red}{%s}"]  # fmt: skip
people = st.lists(st.sampled_from(LATIN), min_size=1, max_size=8, unique=True)
han_people = st.lists(st.sampled_from(HAN), min_size=1, max_size=6, unique=True)
others = st.sampled_from(["", " and others", " et al.", ", et al.", ", others"])


def family_first(person: tuple[str, str]) -> str:
    return f"{person[0]}, {person[1]}"


def given_first(person: tuple[str, str]) -> str:
    return f"{person[1]} {person[0]}"


def names(written: str) -> list[str]:
    return [author.name for author in read_authors(written).authors]


@settings(deadline=None)
@given(people, st.sampled_from([" and ", ", and ", " AND ", " and\n  ", "; ", r" \& ", " & ", " and and "]), others)
def test_family_names_first(found: list[tuple[str, str]], between: str, end: str) -> None:
    written = between.join(map(family_first, found)) + end
    result = read_authors(written)
    assert [author.name for author in result.authors] == list(map(given_first, found))
    assert result.and_others == bool(end)
    usual = between in (" and ", " AND ", " and\n  ", ", and ", " and and ") or len(found) == 1
    assert any("without `and`" in told for told, _remedy in result.remarks) != usual


@settings(deadline=None)
@given(people, st.sampled_from([" and ", "; ", " & ", " · ", " | "]), others)
def test_given_names_first(found: list[tuple[str, str]], between: str, end: str) -> None:
    assert names(between.join(map(given_first, found)) + end) == list(map(given_first, found))


@settings(deadline=None)
@given(people, st.sampled_from([", ", "，", ", and "]), st.booleans())
def test_given_names_first_between_commas(found: list[tuple[str, str]], last: str, sentence: bool) -> None:
    assume(len(found) > 1)
    written = ", ".join(map(given_first, found[:-1])) + (" and " if sentence else last) + given_first(found[-1])
    if len(found) == 2 and not sentence and "and" not in last:
        assert_never_mixed(written, found)
    else:
        assert names(written) == list(map(given_first, found))


def assert_never_mixed(written: str, found: list[tuple[str, str]]) -> None:
    """Either as they are or refused; nobody's name holds that of two."""
    try:
        assert names(written) == list(map(given_first, found))
    except NamesError:
        return


@settings(deadline=None)
@given(
    people,
    st.lists(st.sampled_from([" and ", ", ", "; ", " & ", ", and "]), min_size=8, max_size=8),
    st.sampled_from([family_first, given_first]),
)
def test_whatever_stands_between_names_are_never_mixed_up(
    found: list[tuple[str, str]], between: list[str], form: Callable[[tuple[str, str]], str]
) -> None:
    written = "".join(form(person) + separator for person, separator in zip(found, between, strict=False))
    try:
        result = names(written.strip(" ,;&"))
    except NamesError:
        return
    whole = set(map(given_first, found))
    assert set(result) <= whole


@settings(deadline=None)
@given(han_people, st.sampled_from([" and ", ", ", "，", "、", "; ", "；", " ", " & ", "\n"]), st.booleans())
def test_names_in_characters(found: list[str], between: str, more: bool) -> None:
    assume(len(found) > 1 or not more)
    result = read_authors(between.join(found) + (" 等" if more else ""))
    assert ([author.name for author in result.authors], result.and_others) == (found, more)


@pytest.mark.parametrize(
    "written", ["林, 小禾", "林 小禾", "小禾 林", "林，小禾", "林 小 禾", "{林}, {小禾}", "林小禾"]
)
def test_a_chinese_name_is_one_word_family_first(written: str) -> None:
    assert names(written) == names(f"{written} and 包额尔")[:1] == ["林小禾"]


@settings(deadline=None)
@given(people, st.data())
def test_marks_and_markup_come_off(found: list[tuple[str, str]], data: st.DataObject) -> None:
    dressed = [
        data.draw(st.sampled_from(["%s", *MARKUP])) % family_first(person) + data.draw(st.sampled_from(["", *MARKS]))
        for person in found
    ]
    written = " and ".join(dressed)
    result = read_authors(written)
    assert [author.name for author in result.authors] == list(map(given_first, found))
    assert bool(result.remarks) == (written != " and ".join(map(family_first, found)))


@pytest.mark.parametrize(
    ("written", "notes", "marked"),
    [
        ("Lin, Xiaohe* and Rao, Ming†", "", []),
        ("Lin, Xiaohe* and Rao, Ming†", "* Equal contribution. † Corresponding author", ["Xiaohe Lin=", "Ming Rao✉"]),
        ("Lin, Xiaohe (corresponding author) and Rao, Ming✉", "", ["Xiaohe Lin✉", "Ming Rao✉"]),
        ("林小禾（共同一作）、包额尔（通讯作者）", "", ["林小禾=", "包额尔✉"]),
        ("Xiaohe Lin,* Er Bao,* Ming Rao", "*equal contribution", ["Xiaohe Lin=", "Er Bao="]),
    ],
)
def test_a_mark_means_what_it_plainly_says(written: str, notes: str, marked: list[str]) -> None:
    found = read_authors(written, notes).authors
    said = [f"{author.name}{'=' * author.equal}{'✉' * author.corresponding}" for author in found]
    assert [each for each in said if each[-1] in "=✉"] == marked


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Lin, X., Bao, E., Rao, M.", ["X. Lin", "E. Bao", "M. Rao"]),
        (r"Lin, X., Bao, E., \& Rao, M.", ["X. Lin", "E. Bao", "M. Rao"]),
        ("Lin, Xiaohe, Bao, Er, and Rao, Ming", ["Xiaohe Lin", "Er Bao", "Ming Rao"]),
        ("García Márquez, Gabriel José and Lin, Xiaohe", ["Gabriel José García Márquez", "Xiaohe Lin"]),
        ("{García Márquez}, Gabriel José", ["Gabriel José García Márquez"]),
        ("Sample, Jr, Jan and Lin, X.", ["Jan Sample Jr", "X. Lin"]),
        ("Jan Sample, Jr.", ["Jan Sample Jr."]),
        ("{{Lin, Xiaohe and Bao, Er}}", ["Xiaohe Lin", "Er Bao"]),
        ("{Sample and Sons Laboratory} and {Rooms, Inc.}", ["Sample and Sons Laboratory", "Rooms, Inc."]),
        (r"C\^ot\'e, Ada and \'{E}va T{\'o}th", ["Ada Côté", "Éva Tóth"]),
        ("X. Lin, E. Bao", ["X. Lin", "E. Bao"]),
        ("Xiaohe Lin[1,*], Er Bao (2), Ming Rao(#)", ["Xiaohe Lin", "Er Bao", "Ming Rao"]),
        ("Lin, Xiaohe and, Bao, Er", ["Xiaohe Lin", "Er Bao"]),
        ("Xiaohe Lin 0001 and Bao 0012, Er", ["Xiaohe Lin", "Er Bao"]),
        ("Xiaohe Lin &amp; Er~Bao", ["Xiaohe Lin", "Er Bao"]),
    ],
)
def test_other_ways_to_write_people(written: str, found: list[str]) -> None:
    assert names(written) == found


@pytest.mark.parametrize(
    "written",
    ["Xiaohe Lin, Er Bao", "Lin, Xiaohe, Bao, Er", "林小禾, Xiaohe Lin", "Xiaohe Lin, Er Bao; Ming Rao", "others", "*",
     "Xiaohe Lin Er Bao Ming Rao Test Jia", "Xiaohe Lin, Er Bao and Ming Rao, Test Jia", "lin@example.org"],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused(written: str) -> None:
    with pytest.raises(NamesError):
        read_authors(written)
