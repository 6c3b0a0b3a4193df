"""The operator's command for the facts about applications."""

import click
from flask.cli import AppGroup

from s2group.admissions.facts.services import rebuild_facts

facts_group = AppGroup("facts", help="What lists and counts read about the applications.")


@facts_group.command("rebuild")
def facts_rebuild() -> None:
    """Write the facts of every application anew, as its answers and outcomes say; for when `check` finds others."""
    click.echo(f"Facts that were missing or said something else: {rebuild_facts()}")
