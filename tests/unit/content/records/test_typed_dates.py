"""Days and months as spreadsheets rewrite them."""

import pytest

from s2group.content.records.rules import typed_date


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2024/9/1", "2024-09-01"),
        (" 2024/12/31 ", "2024-12-31"),
        ("2024/9", "2024-09"),
        ("Sep-24", "2024-09"),
        ("DEC-05", "2005-12"),
        ("2024-09-01", "2024-09-01"),
        ("9/1/2024", "9/1/2024"),
        ("Foo-24", "Foo-24"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_made_of_a_date_is_read(typed: str, kept: str) -> None:
    assert typed_date(typed) == kept
