"""What can be done to many applications at once: each concept says it of its own things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application

Argument = Mapping[str, str]
# What an action changes of an application, fit for JSON: two that are equal mean that nobody came between.
Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What would become of an application, in words; `look_at` says why somebody should look at it first."""

    application: Application
    before: str
    after: str
    look_at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Skip:
    """An application that stays as it is, and why."""

    application: Application
    why: str


@dataclass(frozen=True)
class Plan:
    """What an action would do; where `question` asks something, it is applied only with an answer."""

    changes: Sequence[Change] = ()
    skips: Sequence[Skip] = ()
    question: str = ""
    # What happens besides, and what does not.
    effects: Sequence[str] = field(default=())


class UnfitArgumentError(ValueError):
    """The action cannot be told this."""


class BulkAction(Protocol):
    """One thing that can be done to many applications. `argument` is what it is told, as the form has it.

    All but `read` and `title` are given applications that the user sees, with facts, route and call, and `apply` and
    `undo` run within a transaction that holds them.
    """

    @property
    def key(self) -> str: ...

    def read(self, user: User, argument: Argument) -> Argument:
        """The argument as it is kept. Raises UnfitArgumentError."""
        ...

    def title(self, user: User, argument: Argument) -> str:
        """What is done, in words: 'Move to “Screening”'."""
        ...

    def plan(self, user: User, applications: Sequence[Application], argument: Argument) -> Plan:
        """What it would do. Changes nothing."""
        ...

    def snapshots(self, user: User, applications: Sequence[Application], argument: Argument) -> dict[int, Snapshot]:
        """What it changes of each application, as it is now, by id."""
        ...

    def apply(
        self,
        session: Session,
        user: User,
        applications: Sequence[Application],
        argument: Argument,
        answer: str,
        now: datetime,
    ) -> None:
        """Do it to all of them; `answer` is what was said to the plan's question. May raise CannotApplyError."""
        ...

    def undo(
        self,
        session: Session,
        user: User,
        applications: Sequence[Application],
        argument: Argument,
        before: Mapping[int, Snapshot],
        now: datetime,
    ) -> None:
        """Put them back to how they were. The caller has seen that they are as the action left them."""
        ...


class CannotApplyError(Exception):
    """Something has changed since the dry run, so nothing is done."""
