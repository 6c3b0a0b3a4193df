"""Fictional applicants and staff, to try the portal with. Never for a portal that real people use."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from s2group.accounts import services as accounts
from s2group.accounts.queries import user_by_email
from s2group.admissions.openings import admissions_at
from s2group.admissions.queries import application_by_form_key, open_calls
from s2group.core.permissions import Role
from s2group.demo.colleagues import note_and_discuss
from s2group.demo.people import REVIEWER_OF_A_ROUTE, REVIEWERS, STAFF, account, applicants, form_key


class DemoRefusedError(RuntimeError):
    """This portal is not one to put fictional people into; the text says why."""


@dataclass(frozen=True)
class DemoReport:
    """How many applicants were added, and the new password of every demo account, by its address."""

    added: int
    passwords: dict[str, str]

    def __str__(self) -> str:
        added = (
            f"Added {self.added} fictional applicants." if self.added else "The fictional applicants are there already."
        )
        accounts = [f"  {email}  {password}" for email, password in self.passwords.items()]
        return "\n".join([added, "Staff accounts, with new passwords:", *accounts])


def make_demo(*, now: datetime) -> DemoReport:
    """Add whichever of the fictional applicants are missing, and give the demo accounts new passwords.

    They apply as anybody does, over the five months before `now`, to every route that takes applications, and to a
    fictional call. All mail that this makes goes to invented addresses and is written to files before it returns, but
    for a few that play a mail server's refusals. One stored file is damaged on purpose. Raises DemoRefusedError in
    production, where a mail server is set, and where no call is open.
    """
    _refuse(now)
    from s2group.demo.season import play_season  # reportlab is there in development only

    passwords = {account(role): _renew_account(account(role), role, now) for role in Role}
    passwords |= {address: _renew_account(address, Role.REVIEWER, now) for address in REVIEWERS}
    missing = [each for each in applicants() if application_by_form_key(form_key(each)) is None]
    play_season(missing, now=now)
    note_and_discuss(now=now)
    route = admissions_at(now).open_routes[0].route
    passwords[REVIEWER_OF_A_ROUTE] = _renew_account(REVIEWER_OF_A_ROUTE, Role.REVIEWER, now, route.id)
    return DemoReport(len(missing), passwords)


def _refuse(now: datetime) -> None:
    """Raise where a trial run could harm somebody, or has nothing to apply to."""
    if current_app.config["ENV_NAME"] == "production":
        raise DemoRefusedError("this is a portal in production")
    if current_app.config["MAIL_SERVER"]:
        raise DemoRefusedError("MAIL_SERVER is set, and the group would be mailed about people who do not exist")
    if not open_calls(now):
        raise DemoRefusedError("no call is open; `flask --app app content load` reads the calls")


def _renew_account(email: str, role: Role, now: datetime, route_id: int | None = None) -> str:
    """The new password of this account, which is made with the role where it is missing."""
    password = secrets.token_urlsafe(12)
    if user_by_email(email):
        accounts.set_password(email=email, password=password, now=now)
    else:
        accounts.add_account(email=email, role=role, name=STAFF[email], route_id=route_id, password=password, now=now)
    return password
