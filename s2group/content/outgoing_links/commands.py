"""The operator's command that asks where the content leads."""

import click
from flask import current_app

from s2group.content.outgoing_links.asking import Asker
from s2group.content.outgoing_links.services import check_links
from s2group.core import clock
from s2group.core.outgoing import who_asks


@click.command("check-links")
def check_links_command() -> None:
    """Ask every link of the published content, and keep those that fail for the page of the content's health.

    Asks nobody unless S2_CHECK_LINKS says so. A link is broken there once it has failed on two days.
    """
    if not current_app.config["CHECK_LINKS"]:
        click.echo("Nobody is asked: S2_CHECK_LINKS is off.")
        return
    answers = check_links(Asker(who_asks(current_app.config)), now=clock.now())
    failed = {url: failure for url, failure in answers.items() if failure}
    for url, failure in sorted(failed.items()):
        click.echo(f"{url}: {failure.status or failure.fault}", err=True)
    click.echo(f"{len(answers)} links asked, {len(failed)} failed")
