"""Counting what a piece of code asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from s2group.extensions import db


@contextmanager
def recorded_statements() -> Iterator[list[str]]:
    """The SQL statements that run inside, in their order, with a session that remembers nothing from before."""
    statements: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    db.session.remove()
    event.listen(db.engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", record)
