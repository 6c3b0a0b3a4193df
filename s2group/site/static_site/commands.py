"""The operator's command that writes the public site as files."""

from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import click
from flask import Flask, current_app

from config import LOOPBACK
from s2group.core import clock


@click.command("export-site")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--portal", metavar="URL", help="Where people reach this portal; without it S2_PUBLIC_URL.")
@click.option("--base", metavar="URL", help="Where the files will lie; without it S2_PUBLIC_URL.")
def export_site(folder: Path, portal: str | None, base: str | None) -> None:
    """Write the public site as plain files, for a web server that runs no program; a former export is replaced.

    Admissions, sign-in and all that needs an answer stay links to the portal.
    """
    from s2group.site.static_site import export
    from s2group.site.static_site.crawl import NotDrawnError, NotForEverybodyError

    own = current_app.config["PUBLIC_URL"]
    hosts = {"portal": _host("--portal", portal or own), "base": _host("--base", base or own)}
    try:
        report = export.export_site(folder.absolute(), **hosts, now=clock.now())
    except export.NotAnExportError as error:
        raise click.ClickException(f"{folder} holds {error}, which no export wrote: name another folder") from error
    except NotForEverybodyError as error:
        raise click.ClickException(f"{error} is not the same for everybody: nothing was written") from error
    except NotDrawnError as error:
        raise click.ClickException(f"{error} could not be drawn in time: try again; nothing was written") from error
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from error
    for address, page in sorted(report.broken.items()):
        click.echo(f"{page} links to {address}, which does not exist.")
    click.echo(f"Wrote {report.files} files into {folder}")


def init_app(app: Flask) -> None:
    """Add the command to those of the content."""
    cast("click.Group", app.cli.commands["content"]).add_command(export_site)


def _host(option: str, value: str) -> str:
    """The address without a slash at the end; one that only this machine knows is of no use to readers."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise click.BadParameter(f"{value} is no address such as https://lab.example.edu", param_hint=option)
    if parts.hostname in LOOPBACK:
        raise click.BadParameter(f"{value} is reached from this machine alone: give {option}", param_hint=option)
    return value.rstrip("/")
