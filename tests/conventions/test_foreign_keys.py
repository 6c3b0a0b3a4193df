"""What refers to rows that go by the thousand is found by an index: else each costs a look at a whole table."""

from typing import Any

import pytest
from sqlalchemy import ForeignKey, UniqueConstraint

from s2group.extensions import Base

# What grows with the applications, and goes with them.
GOES = (
    "application",
    "application_facts",
    "document",
    "draft",
    "event",
    "interview",
    "outbox_mail",
    "referee",
    "reply",
)
REFERRING = [
    key
    for table in Base.metadata.sorted_tables
    for key in sorted(table.foreign_keys, key=str)
    if key.column.table.name in GOES
]


@pytest.mark.parametrize("key", REFERRING, ids=lambda key: str(key.parent))
def test_an_index_begins_with_the_column(key: ForeignKey) -> None:
    table = key.parent.table
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    keys: list[Any] = [table.primary_key, *table.indexes, *unique]
    begins = [next(iter(each.columns), None) for each in keys]
    assert any(column is key.parent for column in begins)
