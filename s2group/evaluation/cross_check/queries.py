"""Reads of what résumés say otherwise than the form."""

from sqlalchemy import Select, func

from s2group.accounts.models import User
from s2group.admissions.models import Application, ApplicationFacts
from s2group.evaluation.access import facts_visible_to, rows_of
from s2group.evaluation.cross_check.models import CrossCheck
from s2group.extensions import db


def cross_check_of(application: Application) -> CrossCheck | None:
    """What was found in the newest version; None where nothing has looked yet."""
    statement = rows_of(application, CrossCheck).where(CrossCheck.version == application.version)
    return db.session.scalar(statement)


def with_differences(user: User) -> Select[ApplicationFacts]:
    """The facts of what `user` sees whose résumé says something else that nobody has checked."""
    return facts_visible_to(user).join(
        CrossCheck, (CrossCheck.application_id == ApplicationFacts.application_id) & (CrossCheck.unchecked > 0)
    )


def count_with_differences(user: User) -> int:
    """How many those are."""
    statement = with_differences(user).with_only_columns(func.count())
    return db.session.scalar(statement) or 0
