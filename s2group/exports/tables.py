"""Writes a table as CSV or XLSX, in pieces, in constant memory."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter import Workbook

from s2group.exports.rules import Cell, harmless

# Without it Excel reads UTF-8 as the code page of the machine.
BOM = "\ufeff"
CHUNK = 64 * 1024
# In this much no text leaves its place, and each number stays one.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST_CELL = 32_767


def csv_pieces(headings: Sequence[str], lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table in UTF-8 with a byte order mark; a cell that could be a formula has an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([harmless(each) for each in headings])
    for line in lines:
        writer.writerow([harmless(cell) for cell in line])
        if buffer.tell() > CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def xlsx_pieces(headings: Sequence[str], lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as a workbook: texts stay texts, whatever they begin with. It is written to a file first."""
    with TemporaryDirectory(prefix="s2-export-") as folder:
        path = Path(folder) / "table.xlsx"
        _write_workbook(path, headings, lines)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _write_workbook(path: Path, headings: Sequence[str], lines: Iterable[Sequence[Cell]]) -> None:
    with Workbook(path, {**OPTIONS, "tmpdir": str(path.parent)}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for number, heading in enumerate(headings):
            sheet.write_string(0, number, heading, bold)
        for place, line in enumerate(lines, start=1):
            for number, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(place, number, cell[:LONGEST_CELL])
                elif cell is not None:
                    sheet.write_number(place, number, cell)
