"""The operator's commands for requirements that have changed."""

import click
from flask.cli import AppGroup

from s2group.admissions import queries
from s2group.admissions.services.reevaluation import OutdatedPreviewError, Preview, Reevaluation, previews, reevaluate
from s2group.core import clock

requirements_group = AppGroup("requirements", help="Requirements that have changed since they judged somebody.")

chosen_route = click.option("--route", help="Only the routes with this key, such as recommended-exemption-master.")


@requirements_group.command("preview")
@chosen_route
def requirements_preview(route: str | None) -> None:
    """Say what judging the applications by the newest requirements would change; nothing is changed."""
    for preview in _previews(route):
        click.echo("\n".join(_told(preview)))


@requirements_group.command("apply")
@chosen_route
@click.option("--yes", is_flag=True, help="Ask nothing.")
def requirements_apply(route: str | None, yes: bool) -> None:
    """Judge the applications by the newest requirements, after showing what that changes."""
    for preview in _previews(route):
        click.echo("\n".join(_told(preview)))
        if not yes and not click.confirm("Judge them again?"):
            continue
        try:
            done = reevaluate(route=preview.route, version=preview.newest.version, actor=None, now=clock.now())
        except OutdatedPreviewError as error:
            raise click.ClickException(
                "The requirements have just changed again. Run the command once more."
            ) from error
        click.echo(f"Judged again: {len(done.rulings) if done else 0}")


def _previews(key: str | None) -> list[Preview]:
    """What there is to judge; says so where there is nothing."""
    routes = [route for route in queries.routes_of_all_calls() if key in (None, route.key)]
    if not routes:
        raise click.ClickException(f"There is no route {key}." if key else "There is no call.")
    found = previews(routes)
    if not found:
        click.echo("Nothing to do: the newest requirements have judged every application that is still open.")
    return found


def _told(preview: Preview) -> list[str]:
    """What would change, with a line for each applicant whom it concerns."""
    route, count = preview.route, len(preview.flipped)
    flips = f"this flips {count} application{'' if count == 1 else 's'} of {len(preview.rulings)}"
    head = f"{route.call.key} {route.key}, version {preview.newest.version}: {flips}{':' if count else '.'}"
    return [head, *map(_line, preview.flipped)]


def _line(ruling: Reevaluation) -> str:
    changes = (
        f"{flip.key} {flip.before or 'not asked'} → {flip.after or 'not asked'}" for flip in ruling.verdict_changes
    )
    return f"  {ruling.application.reference} {ruling.application.name}: {', '.join(changes)}"
