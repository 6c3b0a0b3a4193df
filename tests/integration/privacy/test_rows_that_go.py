"""Every table that speaks of an application loses its rows with it."""

from flask import Flask
from sqlalchemy import inspect

from s2group.extensions import db

# Those that privacy.deletion empties by name: what happens to them shall be read there.
BY_NAME = {
    "application_access",
    "application_document",
    "application_facts",
    "document_request",
    "draft",
    "former_version",
    "referee",
}


def test_what_deletion_does_not_name_the_database_takes_along(app: Flask) -> None:
    inspector = inspect(db.engine)
    by_cascade: set[str] = set()
    others: set[str] = set()
    for table in inspector.get_table_names():
        for key in inspector.get_foreign_keys(table):
            if key["referred_table"] == "application":
                (by_cascade if key["options"].get("ondelete") == "CASCADE" else others).add(table)
    assert others == BY_NAME
    assert by_cascade >= {
        "answer_reminder", "application_look", "application_text", "assignment", "comment", "cross_check", "decision",
        "dismissed_hint", "interview", "outcome_override", "release_item", "review", "sitting_place", "tagging",
    }  # fmt: skip


def test_what_hangs_on_such_rows_goes_too(app: Flask) -> None:
    inspector = inspect(db.engine)
    ruled = {
        (table, key["referred_table"]): key["options"].get("ondelete")
        for table in inspector.get_table_names()
        for key in inspector.get_foreign_keys(table)
    }
    gone = [("mention", "comment"), ("interview_note", "interview"), ("interview_change", "interview")]
    assert {ruled[each] for each in gone} == {"CASCADE"}
