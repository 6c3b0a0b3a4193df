"""Runs the migrations on the app's own engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from s2group.core.database import make_sqlite_file
from s2group.extensions import Base, db


def plain_type(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what the database sees, so that a migration needs none of today's code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


@contextmanager
def references_unchecked(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by rebuilding it: to drop the old one would delete what refers to it, or be refused.

    Nor may the new one be given its name while a trigger speaks of the table that is gone, but for the legacy way.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    sqlite: Any = connection.connection.driver_connection
    sqlite.execute("PRAGMA foreign_keys = OFF")
    sqlite.execute("PRAGMA legacy_alter_table = ON")
    try:
        yield
        if broken := sqlite.execute("PRAGMA foreign_key_check").fetchone():
            raise RuntimeError(f"a migration left rows of {broken[0]} that refer to nothing")
    finally:
        connection.rollback()  # within a transaction SQLite would not listen, and where nothing was to do one is open
        sqlite.execute("PRAGMA legacy_alter_table = OFF")
        sqlite.execute("PRAGMA foreign_keys = ON")


def run() -> None:
    """Run in one transaction, so that a migration that fails leaves nothing behind."""
    make_sqlite_file()
    with db.engine.connect() as connection, references_unchecked(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=plain_type,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
