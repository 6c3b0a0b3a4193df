"""A home page as a whole: every line is accounted for, and nothing takes long."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s2group.content.importer.inline import tidy
from s2group.content.importer.page import Page, read_page
from s2group.content.importer.parsed_blocks import BiographyPart, FoundEntry, Heading, NotPlaced, Skipped
from s2group.content.importer.text import CONTROL, NEW_LINE
from s2group.core.localized import LocalizedText

PAGES = sorted((Path(__file__).parents[3] / "homepages").glob("*.md"))
# Lines of which any page may be made, one a line.
PIECES = [
    *r"""
---
# Publications
## Others
# 获奖
# Frogs
<h2>News</h2>
- *2021.09* A prize.
1. [T](https://e.org), A
- `X 2020` [A Title](https://e.org/1), A Bo, **C Du**
  - nested
    - deeper ![](x)
  [Demo](#) | [Code](https://github.com/a/b)
<div class='paper-box'><div>
<div class="badge">X 2020</div>
</div></div>
</div>
{% if x %}
<!--
-->
```
| a | b |
我是测试甲。
He is somebody else.
I am I.
<span class='anchor'></span>
Lorem ipsum
===
* * *
[a](b
**
](
<a href='https://e.org'>x
""".splitlines(),
    *("   ", "\\", "\x0b", "\u2028", "\x1f"),
]


def accounted(page: Page) -> list[int]:
    return sorted(number for finding in page.findings for number in finding.lines)


def written(text: str) -> list[int]:
    """The numbers of the lines on which anything is to be seen."""
    lines = enumerate(NEW_LINE.split(text), start=1)
    return [number for number, line in lines if CONTROL.sub("", line).strip()]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_line_of_a_page_is_accounted_for_once(path: Path) -> None:
    assert accounted(read_page(path.read_bytes(), path.name, [])) == written(path.read_text(encoding="utf-8"))


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=40))
@example(["\r\x1f", "---"])
def test_every_line_of_any_page_is_accounted_for_once(lines: list[str]) -> None:
    text = "\n".join(lines).replace("\x00", "")
    page = read_page(text.encode(errors="replace"), "x", ["测试甲"])
    assert accounted(page) == written(text.removeprefix("\ufeff"))


HOSTILE = {
    "brackets": "[" * 19_000,
    "closed brackets": "[" * 9_000 + "]" * 9_000,
    "links within links": "[a](" * 4_500,
    "pictures": "![" * 9_000,
    "backticks": "`a``b" * 3_500,
    "tags": "<a" * 9_000,
    "anchors": "<a href='x'>" * 1_500 + "</a>",
    "stars": "**a" * 6_000,
    "marks of headings": "# " * 9_000 + "x",
    "rules": "- " * 9_000 + "x",
    "badges": "<div " + "class=badge " * 1_600,
    "ranks": "(CCF " * 3_800,
    "backslashes": "\\" * 19_000,
    "bars": "[t](https://e.org) a|" * 900,
    "digits": "- 2020.09 - " * 1_500,
    "spaces": "- `X" + " " * 18_000 + "2020` [T](https://e.org), A",
    "commas": "- `X 2020` [T](https://e.org), " + "," * 18_000,
    "open boxes": "<div class='paper-box'>" * 800,
    "front matter": "-" * 19_000,
    "garbled": "üî•" * 6_000,
    "mail": "a@" * 9_000 + "I",
    "liquid": "{%" * 9_000,
    "comment": "<!--" * 4_500,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_lines_take_no_longer_than_their_length(text: str) -> None:
    for page in (text, f"# Publications\n{text}", f"# Publications\n- `X 2020` [T](https://e.org/1), A\n  - {text}"):
        began = time.process_time()
        assert accounted(read_page(page.encode(), "x", [])) == written(page)
        assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "line", ["<div class='paper-box'>", "- item", "  - nested", "```", "# Heading", "text", "<!--", "{% x %}", "---"]
)
def test_a_page_of_many_lines_is_read_in_a_breath(line: str) -> None:
    text = f"{line}\n" * 10_000
    began = time.process_time()
    assert accounted(read_page(text.encode(), "x", [])) == written(text)
    assert time.process_time() - began < 8


def test_a_line_longer_than_anybody_writes_is_not_placed() -> None:
    page = read_page(b"x" * 20_001, "x", [])
    assert [finding.thing for finding in page.findings] == [NotPlaced("a line of 20001 letters")]


def test_a_section_without_a_kind_has_that_of_the_one_around_it() -> None:
    text = "# 论文\n## Speech\n# Frogs\n- Green.\n## Awards\n- A prize.\n## Ponds\n- Deep."
    things = [finding.thing for finding in read_page(text.encode(), "x", []).findings]
    assert things == [
        Heading("论文", "publication"),
        Heading("Speech", "publication"),
        Heading("Frogs", ""),
        NotPlaced("its heading does not say what it is"),
        Heading("Awards", "honour"),
        FoundEntry("honour", "", LocalizedText(en="A prize.")),
        Heading("Ponds", ""),
        NotPlaced("its heading does not say what it is"),
    ]


@pytest.mark.parametrize(
    ("item", "period", "words"),
    [
        ("- *2020.09 - 2022.02 (now)* Master, Test.", "2020.09 - 2022.02 (now)", "Master, Test."),
        ("- *2019.06 - 2022.04*, Test.", "2019.06 - 2022.04", "Test."),
        ("- **2021.10**: A prize.", "2021.10", "A prize."),
        ("- 2018 – present Test.", "2018 – present", "Test."),
        ("- 2021 A prize.", "2021", "A prize."),
        ("- A prize (2021)", "", "A prize (2021)"),
        ("- 2021", "", "2021"),
    ],
)
def test_the_period_of_a_line(item: str, period: str, words: str) -> None:
    page = read_page(f"# Honors\n{item}".encode(), "x", [])
    assert page.findings[1].thing == FoundEntry("honour", period, LocalizedText(en=words))


def test_chinese_lines_are_kept_as_chinese() -> None:
    page = read_page("# 教育经历\n- 2020年9月 - 至今 测试大学，博士".encode(), "x", [])
    assert page.findings[1].thing == FoundEntry("education", "2020年9月 - 至今", LocalizedText(zh="测试大学，博士"))


def test_who_is_told_of_beside_an_owner_who_says_i_is_somebody_else() -> None:
    text = "I work on frogs.\n\nSample Other won his prize.\n\nMy friends call me Test Person."
    kinds = [type(finding.thing) for finding in read_page(text.encode(), "x", ["Test Person"]).findings]
    assert kinds == [BiographyPart, NotPlaced, BiographyPart]


def test_beside_a_member_told_of_by_name_whoever_says_i_is_somebody_else() -> None:
    text = "I work on frogs.\n\nSample Other won his prize."
    page = read_page(text.encode(), "x", ["Sample Other"])
    assert [finding.thing for finding in page.findings] == [
        NotPlaced("it is not plain who says 'I' here"),
        BiographyPart(LocalizedText(en="Sample Other won his prize."), bullet=False),
    ]


def test_a_biography_in_the_third_person_alone_is_the_owners() -> None:
    page = read_page(b"Sample Other won his prize.\n\nHe works on frogs.", "x", ["Test Person"])
    assert all(isinstance(finding.thing, BiographyPart) for finding in page.findings)


def test_an_entry_said_twice_is_skipped_the_second_time() -> None:
    page = read_page(b"# Awards\n- A prize.\n- A prize.", "x", [])
    assert page.findings[2].thing == Skipped("the same as line 2")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("[me](mailto:a.b@example.org)", "me"),
        ("at <b@example.org>", "at b (at) example (dot) org"),
        (
            "[a@example.org](mailto:a@example.org), a@example.org.",
            "a (at) example (dot) org, a (at) example (dot) org.",
        ),
        ("[x](https://a@example.org) [y](https://example.org/@b@example.org)",) * 2,
    ],
)
def test_mail_addresses_are_written_in_words(written: str, kept: str) -> None:
    assert tidy(written) == (kept, [])


def test_text_is_kept_without_pictures_and_dead_links() -> None:
    assert tidy("At <img src='a.png'> [Lab](/lab) , [x ![s](https://e.org/s)](https://e.org) &amp; `c` \\") == (
        "At Lab, [x](https://e.org) & `c`",
        ["picture left out: a.png", "link left out: [Lab](/lab)", "picture left out: https://e.org/s"],
    )
