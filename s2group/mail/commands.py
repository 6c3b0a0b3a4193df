"""The operator's commands for mail that leave the outbox alone."""

import sys

import click

from s2group.core import clock
from s2group.mail.headers import UnfitForHeaderError
from s2group.mail.trial import ADVICE, send_trial


@click.command("test")
@click.argument("address")
def mail_test(address: str) -> None:
    """Send ADDRESS one message that says it is a test; tell what the mail server answers to each step.

    Exits with 1 where it was not accepted.
    """
    try:
        for answer in send_trial(address, now=clock.now()):
            click.echo(f"{answer.step:9}  {answer.outcome:8}  {answer.said}")
    except UnfitForHeaderError as error:
        raise click.ClickException(f"{address}: {error}") from error
    if answer.step == "file":
        click.echo("A trial run, MAIL_SERVER is not set: the message lies in the data folder, and nobody got it.")
    elif answer.outcome != "accepted":
        click.echo(f"Nothing was sent. What to do: {ADVICE[answer.step]}.")
        sys.exit(1)
