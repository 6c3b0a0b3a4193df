"""What a deed of the demo is, and who does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.admissions.models import Application
from s2group.core.permissions import Role
from s2group.demo.people import Applicant, account

Deed = Callable[[Applicant, Application, datetime], None]


@dataclass(frozen=True)
class Step:
    """Something that happens to an application so many days after it came."""

    days: float
    do: Deed


def staff(role: Role) -> User:
    """The member of the demo's staff with this role."""
    return colleague(account(role))


def colleague(address: str) -> User:
    """The member of the demo's staff with this address."""
    found = user_by_email(address)
    if found is None:
        raise RuntimeError(f"the demo account {address} is missing")
    return found
