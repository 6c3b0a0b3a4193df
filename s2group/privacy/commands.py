"""The operator's commands for deletions and retention."""

from typing import cast

import click
from flask.cli import AppGroup

from s2group.admissions.queries import application_by_reference
from s2group.core import clock
from s2group.documents.store import store
from s2group.privacy import deletion_log, retention
from s2group.privacy.deletion import Reason, delete_application

applications_group = AppGroup("applications", help="Applications.")
retention_group = AppGroup("retention", help="What was kept long enough.")


@applications_group.command("delete")
@click.option("--reference", required=True, help="Which, such as 7K3M-Q0ZT-9XHB-4WPD.")
@click.option("--reason", type=click.Choice(["request", "retention"]), default="request", show_default=True)
@click.option("--yes", is_flag=True, help="Ask nothing.")
def applications_delete(reference: str, reason: str, yes: bool) -> None:
    """Delete one application with its files and its mail, for good; after a restore it is deleted again."""
    application = application_by_reference(reference)
    if application is None:
        raise click.ClickException(f"There is no application {reference}.")
    if not yes:
        click.echo(f"{application.name} <{application.email}>, submitted {application.submitted_at:%Y-%m-%d}")
        if click.prompt("Type the reference to delete it for good") != reference:
            raise click.ClickException("Nothing was deleted.")
    delete_application(reference=reference, reason=cast("Reason", reason), actor=None, now=clock.now())
    click.echo(f"Deleted {reference}")


@applications_group.command("deletions")
def applications_deletions() -> None:
    """Print the journal of deletions, for a copy of it: a restore deletes these again."""
    click.echo(store.journal(deletion_log.NAME), nl=False)


@retention_group.command("run")
@click.option("--dry-run", is_flag=True, help="Tell what a run would do, and change nothing.")
def retention_run(dry_run: bool) -> None:
    """Let go of what each call says was kept long enough: files of rejected applicants, applications, drafts, links."""
    now = clock.now()
    if dry_run:
        click.echo(f"{retention.due(now=now, tell=click.echo)}\nNothing was changed.")
        return
    try:
        click.echo(f"{retention.run(now=now, tell=click.echo)}\nDone.")
    except OSError as error:
        raise click.ClickException(f"{error}. Run it again: it goes on where it stopped.") from error
