"""The operator's commands for backups."""

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from s2group.backup.archive import ArchiveError, Manifest, read_archive
from s2group.backup.encryption import new_key
from s2group.backup.restore import NotEmptyError, restore_backup
from s2group.backup.services import create_backup
from s2group.content.folder import data_content_dir
from s2group.core import clock
from s2group.privacy.deletion_log import DeletionLogError

backup_group = AppGroup("backup", help="One archive of database and files.")

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
key_file = click.option(
    "--key-file", type=EXISTING, help="The archive is encrypted for this key; `backup key` makes one."
)
passphrase_file = click.option(
    "--passphrase-file", type=EXISTING, help="Of an archive from before there were keys: its passphrase, in a file."
)


@backup_group.command("key")
@click.argument("file", type=click.Path(path_type=Path))
def backup_key(file: Path) -> None:
    """Write a new key into FILE, for its owner alone. Keep a copy elsewhere: no archive opens without it."""
    text, public = new_key(clock.now())
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(str(error)) from error
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
    click.echo(f"{file}: public key {public}")


@backup_group.command("create")
@click.argument("file", type=click.Path(path_type=Path))
@key_file
def backup_create(file: Path, key_file: Path | None) -> None:
    """Write everything that must not be lost into FILE, while the service runs."""
    try:
        manifest = create_backup(target=file, key=key_file.read_text() if key_file else None, now=clock.now())
    except (ArchiveError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {_contents(manifest)}")
    if manifest.unreadable:
        raise click.ClickException("The archive is kept, but these files are not whole and not in it:\n" + "\n".join(
            manifest.unreadable))  # fmt: skip


@backup_group.command("verify")
@click.argument("file", type=EXISTING)
@key_file
@passphrase_file
def backup_verify(file: Path, key_file: Path | None, passphrase_file: Path | None) -> None:
    """Read FILE to its end and prove that it is whole; nothing is changed."""
    try:
        manifest = read_archive(file, secret=_secret(key_file, passphrase_file))
    except (ArchiveError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {_contents(manifest)}")


@backup_group.command("restore")
@click.argument("file", type=EXISTING)
@key_file
@passphrase_file
@click.option(
    "--deletions",
    type=EXISTING,
    help="The journal of deletions to replay; otherwise the one that lies with the files.",
)
def backup_restore(file: Path, key_file: Path | None, passphrase_file: Path | None, deletions: Path | None) -> None:
    """Restore FILE into an empty database and an empty store, then delete again what was deleted since."""
    try:
        restored = restore_backup(archive=file, secret=_secret(key_file, passphrase_file), deletions=deletions)
    except (ArchiveError, DeletionLogError, NotEmptyError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored {_contents(restored.manifest)}")
    click.echo(f"Deleted again: {restored.deleted_again}")
    if restored.set_aside:
        click.echo(f"The content files that were here are in {restored.set_aside} now.")
    if restored.manifest.content and current_app.config["CONTENT_DIR"] != data_content_dir():
        click.echo(f"The content files are in {data_content_dir()}, but S2_CONTENT_DIR names another folder.")


def _secret(key_file: Path | None, passphrase_file: Path | None) -> str | None:
    """What opens the archive. Never an argument: every user of the machine can read those."""
    if key_file is not None:
        return key_file.read_text()
    if passphrase_file is None:
        return None
    passphrase = passphrase_file.read_text().split("\n", 1)[0].strip()
    if not passphrase:
        raise click.ClickException(f"{passphrase_file} holds no passphrase.")
    return passphrase


def _contents(manifest: Manifest) -> str:
    return (
        f"{manifest.rows.get('application', 0)} applications, {manifest.files} files, "
        f"{sum(manifest.rows.values())} rows, {manifest.content} content files, made {manifest.made_at}"
    )
