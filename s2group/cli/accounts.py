"""The operator's commands for staff accounts."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import AppGroup

from s2group.accounts import services as accounts
from s2group.accounts.queries import accounts as all_accounts
from s2group.accounts.second_factor import reset_second_factor
from s2group.admissions.models import AdmissionRoute
from s2group.admissions.queries import routes_of_all_calls
from s2group.core import clock
from s2group.core.i18n import in_language
from s2group.core.permissions import Role

accounts_group = AppGroup("accounts", help="Staff accounts.")
sessions_group = AppGroup("sessions", help="Who is signed in.")
accounts_group.add_command(sessions_group)

whose = click.option("--email", required=True, help="Whose account.")
which_role = click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
of_route = click.option("--route", metavar="KEY", help="For the applications of this route alone: ROUTE or CALL/ROUTE.")


@accounts_group.command("add")
@whose
@which_role
@of_route
@click.option("--name", default="", help="What colleagues call its owner.")
def accounts_add(email: str, role: str, route: str | None, name: str) -> None:
    """Add a staff account; the password comes from standard input."""
    route_id = _route_id(route)
    with _saying_what_is_wrong():
        user = accounts.add_account(
            email=email,
            role=Role(role),
            name=name,
            route_id=route_id,
            password=_typed_password(),
            now=clock.now(),
        )
    click.echo(f"Added {user.email} ({_in_words(role, route)})")


@accounts_group.command("name")
@whose
@click.argument("name")
def accounts_name(email: str, name: str) -> None:
    """Say what colleagues call the owner of an account."""
    with _saying_what_is_wrong():
        accounts.set_name(email=email, name=name, now=clock.now())
    click.echo("The name is changed")


@accounts_group.command("password")
@whose
def accounts_password(email: str) -> None:
    """Give an account another password, from standard input, and sign it out everywhere."""
    with _saying_what_is_wrong():
        accounts.set_password(email=email, password=_typed_password(), now=clock.now())
    click.echo("The password is changed")


@accounts_group.command("role")
@whose
@which_role
@of_route
def accounts_role(email: str, role: str, route: str | None) -> None:
    """Give an account one role in place of all that it has, and sign it out everywhere."""
    with _saying_what_is_wrong():
        accounts.set_role(email=email, role=Role(role), route_id=_route_id(route), now=clock.now())
    click.echo(f"The role is {_in_words(role, route)} now")


@accounts_group.command("grant")
@whose
@which_role
@of_route
def accounts_grant(email: str, role: str, route: str | None) -> None:
    """Give an account a further role and sign it out everywhere."""
    with _saying_what_is_wrong():
        accounts.grant_role(email=email, role=Role(role), route_id=_route_id(route), now=clock.now())
    click.echo(f"Granted: {_in_words(role, route)}")


@accounts_group.command("revoke")
@whose
@which_role
@of_route
def accounts_revoke(email: str, role: str, route: str | None) -> None:
    """Take a role back as it was granted, with its route or without, and sign the account out everywhere."""
    with _saying_what_is_wrong():
        accounts.revoke_role(email=email, role=Role(role), route_id=_route_id(route), now=clock.now())
    click.echo(f"Revoked: {_in_words(role, route)}")


@accounts_group.command("reset-second-factor")
@whose
def accounts_reset_second_factor(email: str) -> None:
    """Take away the app, the passkeys and the recovery codes of an account whose owner has lost them."""
    with _saying_what_is_wrong():
        reset_second_factor(email=email, actor=None, mailer=current_app.extensions["factor_mailer"], now=clock.now())
    click.echo("The second factor is reset: the password alone signs in until another one is set up")


@accounts_group.command("list")
def accounts_list() -> None:
    """Every account with its roles."""
    routes = {route.id: _full_key(route) for route in routes_of_all_calls()}
    for user in all_accounts():
        roles = [_in_words(grant.role, routes.get(grant.route_id or 0)) for grant in user.grants]
        name = f" ({user.name})" if user.name else ""
        click.echo(f"{user.email}{name}  {', '.join(roles) or 'no role'}{'' if user.active else '  closed'}")


@accounts_group.command("disable")
@whose
def accounts_disable(email: str) -> None:
    """Close an account and sign it out everywhere; what it did stays."""
    with _saying_what_is_wrong():
        accounts.set_active(email=email, active=False, now=clock.now())
    click.echo("The account is closed")


@accounts_group.command("enable")
@whose
def accounts_enable(email: str) -> None:
    """Open a closed account again."""
    with _saying_what_is_wrong():
        accounts.set_active(email=email, active=True, now=clock.now())
    click.echo("The account is open")


@sessions_group.command("end")
@click.option("--email", help="Whose sessions.")
@click.option("--all", "everybody", is_flag=True, help="Everybody's, those of applicants too.")
def sessions_end(email: str | None, everybody: bool) -> None:
    """Sign an account out everywhere, or everybody."""
    if bool(email) is everybody:
        raise click.UsageError("Say either --email or --all.")
    with _saying_what_is_wrong():
        count = accounts.sign_out_everywhere(email=email, now=clock.now())
    click.echo(f"Ended sessions: {count}")


def _in_words(role: str, route: str | None) -> str:
    return f"{role} for {route}" if route else role


def _full_key(route: AdmissionRoute) -> str:
    return f"{route.call.key}/{route.key}"


def _route_id(key: str | None) -> int | None:
    """The route with this key, which may begin with that of its call; None for none. Raises ClickException."""
    if key is None:
        return None
    found = [route for route in routes_of_all_calls() if key in (route.key, _full_key(route))]
    if len(found) == 1:
        return found[0].id
    if not found:
        raise click.ClickException(f"There is no route {key}.")
    raise click.ClickException(f"Several calls have this route. Say one of {', '.join(map(_full_key, found))}.")


def _typed_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@contextmanager
def _saying_what_is_wrong() -> Iterator[None]:
    try:
        yield
    except accounts.AccountError as error:
        with in_language("en"):
            raise click.ClickException(str(error)) from error
