"""Putting a tag on many applications, and taking it off."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.admissions.models import Application
from s2group.evaluation.bulk.protocol import (
    Argument,
    Change,
    Plan,
    Skip,
    Snapshot,
    UnfitArgumentError,
)
from s2group.evaluation.tags import models
from s2group.evaluation.tags.queries import tag_by_key, tags_of
from s2group.evaluation.tags.services import add_to, take_from


class _OfTags:
    """What both have in common: `tag` is the id of one that the user sees."""

    key: str
    adds: bool

    def read(self, user: User, argument: Argument) -> Argument:
        """Only a tag that the user sees."""
        return {"tag": _tag(user, argument).key}

    def snapshots(self, user: User, applications: Sequence[Application], argument: Argument) -> dict[int, Snapshot]:
        """Whether each has it."""
        having = _having(user, applications, argument)
        return {each.id: {"has": each.id in having} for each in applications}

    def plan(self, user: User, applications: Sequence[Application], argument: Argument) -> Plan:
        """Whoever has it already, or has it not, is skipped."""
        having = _having(user, applications, argument)
        name = _tag(user, argument).name
        before, after = ("—", name) if self.adds else (name, "—")
        why = str(gettext("Has the tag already") if self.adds else gettext("Does not have the tag"))
        return Plan(
            changes=[Change(each, before, after) for each in applications if (each.id in having) is not self.adds],
            skips=[Skip(each, why) for each in applications if (each.id in having) is self.adds],
            effects=[str(gettext("Applicants never see tags."))],
        )

    def apply(
        self,
        session: Session,
        user: User,
        applications: Sequence[Application],
        argument: Argument,
        answer: str,
        now: datetime,
    ) -> None:
        """As the tags' own service does it."""
        change = add_to if self.adds else take_from
        change(session, _tag(user, argument), [each.id for each in applications], actor=user, now=now)

    def undo(
        self,
        session: Session,
        user: User,
        applications: Sequence[Application],
        argument: Argument,
        before: Mapping[int, Snapshot],
        now: datetime,
    ) -> None:
        """The opposite of what was done."""
        change = take_from if self.adds else add_to
        change(session, _tag(user, argument), [each.id for each in applications], actor=user, now=now)


class Tag(_OfTags):
    """Put it on."""

    key = "tag"
    adds = True

    def title(self, user: User, argument: Argument) -> str:
        """'Add the tag “strong”'."""
        return str(gettext("Add the tag “%(name)s”", name=_tag(user, argument).name))


class Untag(_OfTags):
    """Take it off."""

    key = "untag"
    adds = False

    def title(self, user: User, argument: Argument) -> str:
        """'Take off the tag “strong”'."""
        return str(gettext("Take off the tag “%(name)s”", name=_tag(user, argument).name))


def _tag(user: User, argument: Argument) -> models.Tag:
    """Raises UnfitArgumentError where the user sees no such tag that people put on."""
    tag = tag_by_key(user, argument.get("tag", ""))
    if tag is None or tag.removed_at or tag.is_automatic:
        raise UnfitArgumentError(argument.get("tag"))
    return tag


def _having(user: User, applications: Sequence[Application], argument: Argument) -> set[int]:
    key = _tag(user, argument).key
    tags = tags_of(user, [each.id for each in applications])
    return {application_id for application_id, found in tags.items() if any(tag.key == key for tag in found)}
