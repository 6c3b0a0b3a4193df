"""`flask --app app doctor`: looks at everything that a portal needs around it, and says what to do."""

import sys
from collections.abc import Iterator
from datetime import datetime

import click

from s2group.cli.doctor import machine, network, records
from s2group.cli.doctor.findings import Finding
from s2group.core import clock
from s2group.mail.trial import try_server


@click.command()
def doctor() -> None:
    """Look at settings, folders, fonts, clock, HTTPS, mail, database, backups and jobs, and say what to do.

    It changes nothing, sends no mail, and asks only the mail server, the database, the name servers of this machine and
    the portal's own address. Exits with 1 where it finds a fault.
    """
    found = {"ok": 0, "warning": 0, "fault": 0}
    for finding in examine(clock.now()):
        click.echo(str(finding))
        found[finding.level] += 1
    click.echo(f"Faults: {found['fault']}, warnings: {found['warning']}")
    sys.exit(bool(found["fault"]))


def examine(now: datetime) -> Iterator[Finding]:
    """Everything, one after the other."""
    yield from machine.settings()
    yield from machine.folders()
    yield machine.fonts()
    yield machine.confinement()
    yield from network.own_address(now)
    answers = try_server()
    yield from network.relay(answers)
    yield from network.mail_records()
    clocks = {"the mail server": network.told_time(answers)}
    yield from records.database(clocks)
    yield machine.time(clocks)
    yield from records.backups(now)
