"""The operator's command for numbers that are counted elsewhere."""

import sys

import click
from flask import current_app

from s2group.content.metrics.refreshing import configured, refresh
from s2group.core import clock


@click.command("refresh-metrics")
def refresh_metrics() -> None:
    """Ask how often papers are cited and how many stars repositories have; exits with 1 where a service failed wholly.

    Asks nobody unless S2_CITATIONS_SOURCE or S2_STARS says so. Where no number comes the last one stays.
    """
    counters = configured(current_app.config)
    if not counters:
        click.echo("Nobody is asked: S2_CITATIONS_SOURCE and S2_STARS are off.")
    outcomes = refresh(counters, now=clock.now()) if counters else []
    for outcome in outcomes:
        for line in outcome.lines:
            click.echo(line, err=True)
        click.echo(str(outcome))
    sys.exit(any(outcome.wholly_failed for outcome in outcomes))
