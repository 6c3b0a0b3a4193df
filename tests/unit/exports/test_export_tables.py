"""Tables that no spreadsheet calculates: exact bytes of CSV, and XLSX as another program reads it."""

import io
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.exports.rules import Cell, folder_name, harmless
from s2group.exports.tables import csv_pieces, xlsx_pieces

HOSTILE = [
    "=1+1",
    "+86 138",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\u3000=1",
]
STARTS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize(
    ("cell", "text"), [("测试·孙丁", "测试·孙丁"), ("a=b", "a=b"), (-3.5, "-3.5"), (0, "0"), (None, ""), ("", "")]
)
def test_what_could_not_stays_as_it_is(cell: str | float | None, text: str) -> None:
    assert harmless(cell) == text


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert not harmless(text).lstrip().startswith(tuple(STARTS))
    assert harmless(text).removeprefix("'") == text.removeprefix("'")


def test_the_csv_has_these_bytes_and_no_others() -> None:
    lines: list[list[Cell]] = [["测试·孙丁", '=HYPERLINK("x")', 3.34, None], ["a,b", "line\nline", -1, "＝1"]]
    assert b"".join(csv_pieces(["姓名", "Note", "GPA", "x"], lines)) == (
        b"\xef\xbb\xbf"
        + '姓名,Note,GPA,x\r\n测试·孙丁,"\'=HYPERLINK(""x"")",3.34,\r\n"a,b","line\nline",-1,\'＝1\r\n'.encode()
    )


def test_a_long_table_comes_in_pieces() -> None:
    pieces = list(csv_pieces(["x"], ([str(number)] for number in range(40_000))))
    assert len(pieces) > 3
    assert b"".join(pieces).count(b"\r\n") == 40_001


def test_the_workbook_keeps_texts_as_texts_and_numbers_as_numbers() -> None:
    texts = [*HOSTILE[:5], "https://example.org", "00123", "测试·孙丁"]
    workbook = b"".join(xlsx_pieces(["=heading"], [[text] for text in texts] + [[3.5], [None], ["x" * 40_000]]))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).active
    cells = [row[0] for row in sheet.iter_rows()]
    assert [cell.value for cell in cells[:9]] == ["=heading", *texts]
    assert {cell.data_type for cell in cells[:9]} == {"s"}
    assert (cells[9].value, cells[9].data_type, cells[10].value) == (3.5, "n", None)
    assert len(cells[11].value) == 32_767
    with ZipFile(io.BytesIO(workbook)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert not any("hyperlink" in name.lower() for name in parts.namelist())


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("测试·孙丁", "测试孙丁-7K3M"),
        ("../../etc/passwd", "etcpasswd-7K3M"),
        ("Test Zhu\x00\n/", "TestZhu-7K3M"),
        ("…", "7K3M"),
        ("名" * 100, "名" * 40 + "-7K3M"),
    ],
)
def test_a_folder_is_called_by_letters_alone(name: str, folder: str) -> None:
    assert folder_name(name, "7K3M") == folder
