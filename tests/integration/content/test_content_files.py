"""A mistake in a content file is named with its place and its remedy."""

import shutil
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from s2group.content.loading import read_content
from s2group.content.records.errors import ContentError
from s2group.content.records.files import toml_values
from tests.support.sample import SAMPLE

TOO_LONG = "https://example.org/" + "a" * 481


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("group.toml", 'seal = "例"', "", "group.toml: seal is missing. Add it."),
        ("group.toml", 'seal = "例"', 'seal = ""', "group.toml: seal is empty. Fill it in."),
        ("group.toml", 'seal = "例"', "seal = 1", "group.toml: seal is not a text. Write it between quotation marks."),
        ("group.toml", 'seal = "例"', 'sael = "例"\nseal = "例"', "group.toml: unknown field sael. "),
        ("group.toml", 'seal = "例"', "seal = ", "group.toml: not valid TOML: "),
        ("group.toml", 'seal = "例"', 'seal = "三个字"', "group.toml: the seal is too long. Use one character."),
        ("group.toml", "Asia/Shanghai", "Asia/Nowhere", "group.toml: timezone 'Asia/Nowhere' is not known. "),
        ("group.toml", '"group@example.org"', '"group"', "group.toml: emails holds 'group'. "),
        ("group.toml", "https://example.org/old", "#", "group.toml, links no. 1: url '#' is not a web address. "),
        ("group.toml", '"second-line"', '"first-line"', "group.toml, research_lines no. 2: key 'first-line' is taken"),
        ("group.toml", '"second-line"', '"Second"', "group.toml, research_lines no. 2: key is 'Second'. "),
        ("group.toml", "claim = { zh", "claim = { fr", "group.toml: claim has an unknown language: fr. Use zh and en."),
        ("members.csv", "phd,,2024", "phd,2024", "members.csv, line 3: the row has more or fewer fields"),
        (
            "members.csv",
            "phd,,2024",
            "doctor,,2024",
            "members.csv, line 3: role is 'doctor'. Write one of: pi, faculty",
        ),
        ("members.csv", "phd,,2024", "phd,academic,2024", "members.csv, line 3: a phd has the degree academic. "),
        ("members.csv", "phd,,2024", "phd,,24", "members.csv, line 3: cohort is '24'. "),
        (
            "members.csv",
            "Test Yi",
            "Test Jia",
            "members.csv, line 3: address 'test-jia' is taken by",
        ),
        ("members.csv", "Test Yi", "乙", "members.csv, line 3: no address can be made from name_en '乙'. "),
        ("members.csv", "Test Jia", "Test Other", "people/test-jia.toml: nobody in members.csv has this address. "),
        ("projects.csv", "2028-12", "12/2028", "projects.csv, line 2: end is '12/2028'. Write a month such as 2025-01"),
        (
            "projects.csv",
            ",S-1,",
            f",{'1' * 61},",
            "projects.csv, line 2: grant_number has 61 characters. Use at most 60 characters.",
        ),
        (
            "group.toml",
            'en = "Friendly University" }',
            f'en = "Friendly University" }}\nurl = "{TOO_LONG}"',
            "group.toml, partners no. 1: url has 501 characters. Use at most 500 characters.",
        ),
        ("group.toml", "https://example.org/old", TOO_LONG, "group.toml, links no. 1: url has 501 characters. "),
        (
            "releases.toml",
            "https://example.org/corpus",
            TOO_LONG,
            "releases.toml, items no. 1: url has 501 characters. Use at most 500 characters.",
        ),
        (
            "releases.toml",
            'licence = "CC BY 4.0"',
            f'repository = "{"a" * 139}/b"',
            "releases.toml, items no. 1: repository has 141 characters. Use at most 140 characters.",
        ),
        ("projects.csv", "2028-12", "2024-12", "projects.csv, line 2: it ends in 2024-12, before it starts. "),
        (
            "publications.bib",
            "https://example.org/demo",
            "xx",
            "publications.bib, line 2, jia2026first: demo 'xx'",
        ),
        ("news.toml", "2026-02-02", '"2 February"', "news.toml, items no. 1: day is '2 February'. "),
        (
            "news.toml",
            "first-news",
            "second-news",
            "news.toml, items no. 2: slug 'second-news' is taken by",
        ),
        ("news.toml", '[[items]]\nslug = "second', '[items]\nslug = "second', "news.toml: "),
    ],
)
def test_a_mistake_says_where_and_what_to_do(folder: Path, file: str, old: str, new: str, words: str) -> None:
    change(folder / file, old, new)
    with pytest.raises(ContentError) as caught:
        read_content(folder)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("file", ["group.toml", "members.csv", "projects.csv", "publications.bib", "news.toml"])
def test_a_missing_file_is_a_mistake(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ContentError, match=f"^{file}: the file is missing. Add it; content/README.md says"):
        read_content(folder)


@pytest.mark.parametrize("first_line", ["", "{", "name_zh,name_en", "title_zh"])
def test_a_table_with_other_columns_is_a_mistake(folder: Path, first_line: str) -> None:
    (folder / "members.csv").write_text(first_line)
    with pytest.raises(ContentError, match=r"^members.csv, line 1: the columns are not the known ones\."):
        read_content(folder)


def test_a_file_in_another_encoding_is_a_mistake(folder: Path) -> None:
    path = folder / "members.csv"
    path.write_bytes(path.read_text().encode("gbk"))
    with pytest.raises(ContentError, match=r"^members.csv: the file is not UTF-8 text\. Save it again as UTF-8\.$"):
        read_content(folder)


def test_a_table_saved_by_a_spreadsheet_reads_the_same(folder: Path) -> None:
    expected = read_content(folder)
    for name in ("members.csv", "projects.csv"):
        path = folder / name
        empty = b"," * path.read_bytes().split(b"\n")[0].count(b",")
        whole = path.read_bytes() + empty + b"\n" + empty.replace(b",", b" , ") + b"\n"
        path.write_bytes(b"\xef\xbb\xbf" + whole.replace(b"\n", b"\r\n"))
    assert read_content(folder) == expected


def test_a_file_saved_by_notepad_reads_the_same(folder: Path) -> None:
    expected = read_content(folder)
    for path in [*folder.rglob("*.toml"), *folder.rglob("*.bib")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_content(folder) == expected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-09-30T24:00:00+08:00", "2027-10-01T00:00:00+08:00"),
        ("2027-12-31T24:00+08:00", "2028-01-01T00:00:00+08:00"),
        ("2028-02-28 24:00:00.0Z", "2028-02-29T00:00:00Z"),
        ("2027-09-30T23:59+08:00", "2027-09-30T23:59:00+08:00"),
    ],
)
def test_moments_are_read_as_notices_write_them(written: str, meant: str) -> None:
    text = "at = {0}  # the end\nlist = [{{ at={0}, text = '{0}' }}]\n"
    assert toml_values(text.format(written)) == {
        "at": datetime.fromisoformat(meant),
        "list": [{"at": datetime.fromisoformat(meant), "text": written}],
    }


@pytest.mark.parametrize("wrong", ["2027-09-30T24:01:00Z", "2027-02-30T24:00:00Z", "2027-09-30T25:00:00Z"])
def test_moments_that_are_none_are_refused(wrong: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        toml_values(f"at = {wrong}\n")
