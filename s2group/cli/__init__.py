"""The operator's commands: `flask --app app …`."""

import logging
import sys
from collections.abc import Iterable

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup

from s2group.accounts.services import issue_first_admin_link
from s2group.admissions.commands import requirements_group
from s2group.admissions.decision_words import read_decisions
from s2group.admissions.facts.commands import facts_group
from s2group.admissions.queries import has_calls
from s2group.admissions.services.call_export import export_calls
from s2group.admissions.services.call_files import load_calls, read_calls
from s2group.admissions.upkeep import bring_up_to_date
from s2group.backup.commands import backup_group
from s2group.cli.accounts import accounts_group
from s2group.cli.doctor import doctor
from s2group.cli.worker import LOOPS, warn_of_missing_protections
from s2group.content.commands import content_gaps, export_command, import_bibtex, import_homepage
from s2group.content.differences import differences, what_was_left
from s2group.content.folder import copy_starter, is_written_in_the_portal
from s2group.content.group.queries import group_profile
from s2group.content.loading import load_content, load_venues
from s2group.content.metrics.commands import refresh_metrics
from s2group.content.outgoing_links.commands import check_links_command
from s2group.content.records.errors import ContentError
from s2group.content.search.services import index_everything
from s2group.content.stored_files.services import bring_files_over
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.i18n import public_url
from s2group.custody.reconciliation import check as check_everything
from s2group.demo import DemoRefusedError, make_demo
from s2group.documents.store import read_bytes
from s2group.evaluation.messages.jobs import files_kept_for_nothing
from s2group.jobs.services import running
from s2group.mail import delivery
from s2group.mail.commands import mail_test
from s2group.mail.queries import unsent_mails, written_mails
from s2group.privacy.commands import applications_group, retention_group

content_group = AppGroup("content", help="The group's public record.")
content_group.add_command(export_command(export_calls))
content_group.add_command(check_links_command)
content_group.add_command(content_gaps)
content_group.add_command(import_bibtex)
content_group.add_command(import_homepage)
content_group.add_command(refresh_metrics)
mail_group = AppGroup("mail", help="The outbox.")
mail_group.add_command(mail_test)


def init_app(app: Flask) -> None:
    """Add the commands."""
    of_content = (content_group, requirements_group)
    groups = (
        *of_content, accounts_group, mail_group, applications_group, facts_group, backup_group, retention_group,
    )  # fmt: skip
    for command in (prepare, demo, check, doctor, *groups):
        app.cli.add_command(command)


@click.command()
@click.option(
    "--empty", is_flag=True, help="At the first start: begin without a group, which then writes all of it here."
)
def prepare(empty: bool) -> None:
    """Migrate the database, load the group's content when there is none, greet the first administrator.

    What lists, counts and searches read is then as this version of the portal makes it.
    """
    flask_migrate.upgrade()
    bring_up_to_date()
    _copy_starter(empty=empty)
    if group_profile() is not None and has_calls():
        _bring_files_over()
    elif is_written_in_the_portal(folder := current_app.config["CONTENT_DIR"]):
        load_venues(folder, now=clock.now())
    else:
        _load()
    with transaction() as session:
        index_everything(session)  # as this version of the portal reads texts
    click.echo(f"The portal: {current_app.config['PUBLIC_URL']}/")
    token = issue_first_admin_link(now=clock.now())
    if token:
        link = public_url("editor.setup", locale="zh", token=token)
        click.echo(f"Create the first administrator (works once, within 24 hours): {link}")


def _copy_starter(*, empty: bool = False) -> bool:
    """Whether they were copied now."""
    try:
        copied = copy_starter(empty=empty)
    except OSError as error:
        folder = current_app.config["CONTENT_DIR"]
        raise click.ClickException(
            f"The content files of the checkout cannot be copied to {folder}: {error}"
        ) from error
    if copied and empty:
        click.echo("Begun empty: who the group is, and all else, is written in the portal.")
    elif copied:
        click.echo(f"Copied the content files of the checkout to {current_app.config['CONTENT_DIR']}: edit them there.")
    return copied


def _bring_files_over() -> None:
    try:
        count = bring_files_over(current_app.config["CONTENT_DIR"], now=clock.now())
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    if count:
        click.echo(f"Brought {count} pictures and papers into the store.")


def _load(*, take_files: bool = False, dry_run: bool = False) -> None:
    if _copy_starter() and group_profile() is not None:
        # The group's own files may be lost: loading the starter would take out what they brought.
        click.echo("Nothing was loaded. Look at these files first, then load again.")
        return
    folder, now = current_app.config["CONTENT_DIR"], clock.now()
    try:
        read_decisions(folder)
        read_calls(folder / "calls")  # nothing is loaded while any file is wrong
        report = load_content(folder, now=now, take_files=take_files, dry_run=dry_run)
        calls = load_calls(folder / "calls", now=now, take_files=take_files, dry_run=dry_run)
    except (ContentError, ValueError) as error:  # ValueError: the words of decisions
        raise click.ClickException(str(error)) from error
    changes = [*report.changes, *calls.changes]
    if dry_run:
        _echo_each([*differences(changes), *calls.ended.changes()], otherwise="Nothing to change.")
        return
    click.echo("Loaded " + ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in report.counts.items()))
    _echo_each([*what_was_left(changes), *calls.ended.sentences()])


def _echo_each(lines: Iterable[str], *, otherwise: str = "") -> None:
    told = list(lines) or list(filter(None, [otherwise]))
    for line in told:
        click.echo(line)


@content_group.command("load")
@click.option("--take-files", is_flag=True, help="Also where a person has edited the record since.")
@click.option("--dry-run", is_flag=True, help="Only tell what files and portal say differently.")
def content_load(take_files: bool, dry_run: bool) -> None:
    """Read the content files into the database; a second run changes nothing.

    What a person has edited in the portal since is left, and named.
    """
    _load(take_files=take_files, dry_run=dry_run)


@mail_group.command("deliver")
@click.option("--once", is_flag=True, help="Send what is due and stop.")
@click.option("--parent", type=int, help="Stop when the process with this id, which started this one, is gone.")
def mail_deliver(once: bool, parent: int | None) -> None:
    """Send what is due, for ever, and do the portal's jobs besides; or --once, and nothing else."""
    if once:
        click.echo(delivery.deliver_due(now=clock.now(), read_attachment=read_bytes))
        return
    warn_of_missing_protections()
    with running(current_app._get_current_object(), LOOPS):  # type: ignore[attr-defined]
        delivery.run_worker(read_attachment=read_bytes, parent=parent)


@mail_group.command("list")
def mail_list() -> None:
    """What waits, was given up or came back, oldest first."""
    for mail in unsent_mails():
        click.echo(
            f"{mail.created_at:%Y-%m-%d %H:%M}  {mail.state:8} {mail.attempts:3}  {mail.recipient}  {mail.message}"
        )


@click.command()
def check() -> None:
    """Compare rows, files, hashes and mail both ways; tell what differs, and exit with 1 if anything does.

    It reads every stored byte. A file that no row has named for a day is told, and moved into orphans/.
    """
    now = clock.now()
    differences = [*check_everything(now=now), *files_kept_for_nothing(now)]
    for difference in differences:
        click.echo(difference)
    click.echo(f"{len(differences)} differences" if differences else "Nothing differs.")
    if written := written_mails():
        click.echo(f"{written} mails were written to files, for want of a mail server, and reached nobody.")
    sys.exit(bool(differences))


@click.command()
def demo() -> None:
    """Add fictional applicants and staff accounts, and print the passwords; a second run only renews the passwords."""
    current_app.logger.setLevel(logging.WARNING)  # a hundred mails would hide the passwords
    try:
        click.echo(str(make_demo(now=clock.now())))
    except DemoRefusedError as error:
        raise click.ClickException(str(error)) from error
