"""The delivery status: how far an application has come from its receipt to its reader. Pure: facts in, steps out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from s2group.mail.rules import FOR_A_PERSON, UNDER_WAY


class Step(StrEnum):
    """The four steps, lowest first."""

    RECEIVED = "received"
    STORED = "stored"
    MAILED = "mailed"
    OPENED = "opened"


class State(StrEnum):
    """How it stands with a step, or with a part of one; the worst comes last."""

    DONE = "done"
    # Without a mail server a mail becomes a file, and reaches nobody.
    WRITTEN = "written"
    UNDER_WAY = "under way"
    NEEDS_A_PERSON = "needs a person"


# In these a mail will not change again by itself.
FINISHED = {"accepted": State.DONE, "replaced": State.DONE, "written": State.WRITTEN}
# Another mail went out in its place and counts instead.
REPLACED = "replaced"


class Part(Protocol):
    """What a step is made of."""

    @property
    def state(self) -> State: ...

    @property
    def done_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class StoredFile:
    """A file as it came, and when it was last read again and found whole, or not."""

    kind: str
    sha256: str
    verified_at: datetime | None
    damaged_at: datetime | None

    @property
    def state(self) -> State:
        """Damaged is damaged, whatever was found before."""
        if self.damaged_at:
            return State.NEEDS_A_PERSON
        return State.DONE if self.verified_at else State.UNDER_WAY

    @property
    def done_at(self) -> datetime | None:
        """When it was read again."""
        return self.verified_at


@dataclass(frozen=True)
class GroupMail:
    """The mail to one recipient of the group; who that is and what was replied are for the staff alone."""

    progress: str
    attempts: int
    accepted_at: datetime | None
    next_attempt_at: datetime
    recipient: str = ""
    reply: str = ""
    written_at: datetime | None = None
    # The server takes no mail at all: the outbox is held as a whole, and no attempt at this one has a time.
    waits_for_server: bool = False

    @property
    def state(self) -> State:
        """What the outbox's state means for the application."""
        if self.progress in FOR_A_PERSON:
            return State.NEEDS_A_PERSON
        return State.UNDER_WAY if self.progress in UNDER_WAY else FINISHED[self.progress]

    @property
    def done_at(self) -> datetime | None:
        """When the mail server accepted it."""
        return self.accepted_at


@dataclass(frozen=True)
class FirstLook:
    """When a member of the staff first opened the application; who that was is for the staff alone."""

    at: datetime
    reader: str = ""


@dataclass(frozen=True)
class Facts:
    """All that the delivery status depends on. The looks are in the order in which they happened."""

    submitted_at: datetime
    files: Sequence[StoredFile]
    mails: Sequence[GroupMail]
    looks: Sequence[FirstLook]
    # When the files were removed because nobody needed them any more.
    files_removed_at: datetime | None = None


@dataclass(frozen=True)
class DeliveryStep:
    """One step: how it stands, when it was done, and what it is made of."""

    step: Step
    state: State
    # None until the whole step is done.
    at: datetime | None
    files: Sequence[StoredFile] = ()
    mails: Sequence[GroupMail] = ()
    looks: Sequence[FirstLook] = ()


def delivery_steps(facts: Facts) -> tuple[DeliveryStep, ...]:
    """The four steps, lowest first."""
    mails = [mail for mail in facts.mails if mail.progress != REPLACED]
    first_look = facts.looks[0].at if facts.looks else None
    return (
        DeliveryStep(Step.RECEIVED, State.DONE, facts.submitted_at, files=facts.files),
        _stored(facts),
        DeliveryStep(Step.MAILED, _worst(mails), _done_at(mails), mails=mails),
        DeliveryStep(Step.OPENED, State.DONE if first_look else State.UNDER_WAY, first_look, looks=facts.looks),
    )


def _stored(facts: Facts) -> DeliveryStep:
    if facts.files_removed_at and not facts.files:
        return DeliveryStep(Step.STORED, State.DONE, facts.files_removed_at)
    return DeliveryStep(Step.STORED, _worst(facts.files), _done_at(facts.files), files=facts.files)


def for_applicant(facts: Facts) -> Facts:
    """The same without what is the group's own affair: addresses, the mail server's words, readers and later looks.

    Numbers stand for the addresses, so that they can be counted.
    """
    addresses = list(dict.fromkeys(mail.recipient for mail in facts.mails))
    return replace(
        facts,
        mails=[replace(mail, recipient=str(addresses.index(mail.recipient) + 1), reply="") for mail in facts.mails],
        looks=[replace(look, reader="") for look in facts.looks[:1]],
    )


def _worst(parts: Iterable[Part]) -> State:
    """A step is as good as its worst part. One without parts has lost what it was about."""
    order = list(State)
    return max((part.state for part in parts), key=order.index, default=State.NEEDS_A_PERSON)


def _done_at(parts: Sequence[Part]) -> datetime | None:
    """When the last part was done, once all are."""
    moments = [part.done_at for part in parts if part.state is State.DONE and part.done_at]
    return max(moments) if moments and len(moments) == len(parts) else None
