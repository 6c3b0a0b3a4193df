"""The operator's commands for what arrives from elsewhere.

What reads it is imported by the command that needs it: every start of the portal would pay for it.
"""

from collections.abc import Callable
from pathlib import Path

import click

from s2group.content.records.errors import ContentError
from s2group.core.i18n import in_language


@click.command("import-homepage")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--member", required=True, help="Whose page it is: the last part of the address of their profile.")
@click.option("--dry-run", is_flag=True, help="Only tell what would become of each line.")
def import_homepage(file: Path, member: str, dry_run: bool) -> None:
    """Make a home page in Markdown part of a member's record, and tell what became of each of its lines."""
    from s2group.content.importer.services import read_file, take_over

    try:
        with in_language("en"):
            report = take_over(read_file(file), file.name, slug=member, dry_run=dry_run)
            sentences = list(report.sentences)
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    for line in sentences:
        click.echo(line)
    if not report.changed:
        click.echo("Nothing to change.")
    elif dry_run:
        click.echo("Nothing was written: this was a trial run.")


@click.command("import-bibtex")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--merge", "merge_known", is_flag=True, help="Complete the papers that are known already.")
@click.option("--dry-run", is_flag=True, help="Only tell what would become of each entry.")
def import_bibtex(file: Path, merge_known: bool, dry_run: bool) -> None:
    """Add the papers of a BibTeX file that are not known yet, and tell what became of each entry."""
    from s2group.content.publications import bibtex_import

    try:
        text, encoding = bibtex_import.read_anybodys(file)
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    if encoding != "UTF-8":
        click.echo(f"The file is not UTF-8 and was read as {encoding}: look whether its names are right.")
    report = bibtex_import.import_bibtex(text, merge_known=merge_known, dry_run=dry_run)
    for sentence in report.sentences():
        click.echo(sentence)
    if dry_run:
        click.echo("Nothing was written: this was a trial run.")


def export_command(also: Callable[[Path], list[str]]) -> click.Command:
    """The command that writes the record as files, and by `also` what other rooms keep."""

    @click.command("export")
    @click.argument("folder", type=click.Path(path_type=Path))
    def content_export(folder: Path) -> None:
        """Write record and calls as content files into a new folder; loaded again they change nothing."""
        from s2group.content.exporting import FolderInUseError, export_content

        try:
            remarks = export_content(folder, also)
        except FolderInUseError as error:
            raise click.ClickException(f"{folder} holds something: name a new folder") from error
        except OSError as error:
            raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from error
        for remark in remarks:
            click.echo(remark)
        click.echo(f"Written into {folder}")

    return content_export


@click.command("gaps")
def content_gaps() -> None:
    """Tell what is said in one language only."""
    from s2group.content.gaps import gaps

    for gap in gaps():
        click.echo(gap)
