"""The operator's commands for backups and deletions."""

from pathlib import Path
from typing import cast

import click
from flask.cli import AppGroup

from s2group.admissions.queries import application_by_reference
from s2group.backup.archive import ArchiveError, Manifest, read_archive
from s2group.backup.restore import NotEmptyError, restore_backup
from s2group.backup.services import create_backup
from s2group.core import clock
from s2group.privacy import retention
from s2group.privacy.deletion import Reason, delete_application
from s2group.privacy.deletion_log import JournalError

backup_group = AppGroup("backup", help="One archive of database and files.")
applications_group = AppGroup("applications", help="Applications.")
retention_group = AppGroup("retention", help="What was kept long enough.")

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
passphrase_file = click.option(
    "--passphrase-file", type=EXISTING, help="The archive is sealed under the first line of this file."
)


@backup_group.command("create")
@click.argument("file", type=click.Path(path_type=Path))
@passphrase_file
def backup_create(file: Path, passphrase_file: Path | None) -> None:
    """Write everything that must not be lost into FILE, while the service runs."""
    try:
        manifest = create_backup(target=file, passphrase=_passphrase(passphrase_file), now=clock.now())
    except (ArchiveError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {_contents(manifest)}")
    if manifest.unreadable:
        raise click.ClickException("The archive is kept, but these files are not whole and not in it:\n" + "\n".join(
            manifest.unreadable))  # fmt: skip


@backup_group.command("verify")
@click.argument("file", type=EXISTING)
@passphrase_file
def backup_verify(file: Path, passphrase_file: Path | None) -> None:
    """Read FILE to its end and prove that it is whole; nothing is changed."""
    try:
        manifest = read_archive(file, passphrase=_passphrase(passphrase_file))
    except (ArchiveError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {_contents(manifest)}")


@backup_group.command("restore")
@click.argument("file", type=EXISTING)
@passphrase_file
@click.option(
    "--deletions",
    type=EXISTING,
    help="The journal of deletions to replay; otherwise deletions.jsonl of the data folder.",
)
def backup_restore(file: Path, passphrase_file: Path | None, deletions: Path | None) -> None:
    """Restore FILE into an empty database and an empty store, then delete again what was deleted since."""
    try:
        restored = restore_backup(archive=file, passphrase=_passphrase(passphrase_file), deletions=deletions)
    except (ArchiveError, JournalError, NotEmptyError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored {_contents(restored.manifest)}")
    click.echo(f"Deleted again: {restored.deleted_again}")


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


@retention_group.command("run")
@click.option("--dry-run", is_flag=True, help="Tell what a run would do, and change nothing.")
def retention_run(dry_run: bool) -> None:
    """Let go of what each call says was kept long enough: files of rejected applicants, applications, drafts, links."""
    now = clock.now()
    if dry_run:
        click.echo(f"{retention.due(now=now)}\nNothing was changed.")
        return
    try:
        click.echo(f"{retention.run(now=now)}\nDone.")
    except OSError as error:
        raise click.ClickException(f"{error}. Run it again: it goes on where it stopped.") from error


def _passphrase(file: Path | None) -> str | None:
    """The first line. Never an argument: every user of the machine can read those."""
    if file is None:
        return None
    passphrase = file.read_text().split("\n", 1)[0].strip()
    if not passphrase:
        raise click.ClickException(f"{file} holds no passphrase.")
    return passphrase


def _contents(manifest: Manifest) -> str:
    return (
        f"{manifest.rows.get('application', 0)} applications, {manifest.files} files, "
        f"{sum(manifest.rows.values())} rows, made {manifest.made_at}"
    )
