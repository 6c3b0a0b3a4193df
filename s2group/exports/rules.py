"""The kinds of exports, what a cell may hold, and what files are called."""

import re
from enum import StrEnum

# What a spreadsheet may take for the beginning of a formula, also behind blanks and in full width (OWASP, CSV
# injection).
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
# Setting a page takes half a second: whoever wants more takes them in parts.
MOST_DOSSIERS = 300
LONGEST_NAME = 40
Cell = str | int | float | None


class Format(StrEnum):
    """What an export is."""

    CSV = "csv"
    XLSX = "xlsx"
    FILES = "files"
    DOSSIERS = "dossiers"


ENDINGS = {Format.CSV: "csv", Format.XLSX: "xlsx", Format.FILES: "zip", Format.DOSSIERS: "zip"}
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "pdf": "application/pdf",
}


def harmless(cell: Cell) -> str:
    """A cell as text that no spreadsheet calculates: what looks like a formula gets an apostrophe before it.

    A number of ours stays one, also a negative one.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if FORMULA.match(cell) else cell
    return str(cell)


def folder_name(name: str, reference: str) -> str:
    """What the files of an applicant lie under, such as 测试孙丁-7K3M-Q0ZT-9XHB-4WPD: letters, digits and hyphens."""
    letters = "".join(sign for sign in name if sign.isalnum())[:LONGEST_NAME]
    return f"{letters}-{reference}" if letters else reference
