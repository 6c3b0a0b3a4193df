"""The operator's command for the facts about applications."""

import click
from flask.cli import AppGroup

from s2group.admissions.facts.services import rebuild_facts
from s2group.admissions.fulltext.services import rebuild_words

facts_group = AppGroup("facts", help="What lists and counts read about the applications.")


@facts_group.command("rebuild")
def facts_rebuild() -> None:
    """Write the facts of every application anew, as its answers and outcomes say; for when `check` finds others."""
    click.echo(f"Facts that were missing or said something else: {rebuild_facts()}")


@facts_group.command("index")
def facts_index() -> None:
    """Cut the words of every application anew, for the search; its documents are read again by the worker."""
    click.echo(f"Words that were missing or others: {rebuild_words()}")
