"""What may become of a mail, and when one that was not accepted is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

State = Literal["waiting", "sending", "accepted", "written", "stuck", "bounced", "replaced"]
Verb = Literal["claim", "accept", "write", "put off", "give up", "bounce", "send again", "replace"]
# How it goes with the mail server: it takes mail; it cannot be reached or takes none now; it refuses all mail for good.
Server = Literal["open", "down", "refusing"]


@dataclass(frozen=True)
class Move:
    """A change of state: from which states it may start, and where it ends."""

    origins: tuple[State, ...]
    target: State


MOVES: dict[Verb, Move] = {
    # A worker takes the mail. Nobody else does as long as it has it.
    "claim": Move(("waiting",), "sending"),
    # The server's consent always counts, also when it is heard after the claim was given up for dead.
    "accept": Move(("sending", "waiting", "stuck"), "accepted"),
    # There is no mail server: it lies in a file, and has reached nobody.
    "write": Move(("sending", "waiting", "stuck"), "written"),
    # Not now, or the worker is dead: it waits for another attempt.
    "put off": Move(("sending",), "waiting"),
    # Refused for good, or tried for long enough: a person must look at it.
    "give up": Move(("sending",), "stuck"),
    # It came back by mail after a server had accepted it: again a person must look at it.
    "bounce": Move(("accepted",), "bounced"),
    # What a person may do then: have it sent once more, or to another address instead.
    "send again": Move(("stuck", "bounced"), "waiting"),
    "replace": Move(("stuck", "bounced"), "replaced"),
}
# What they write of, a draft, is known to its writer alone, or they let their reader in: no list shows them, and nobody
# else reads them.
PRIVATE_MESSAGES = (
    "draft_continue", "draft_reminder", "extension", "sign_in_link", "notify_address", "invitation", "new_password",
    "profile_asked",
    "second_factor",
)  # fmt: skip
# What a visitor can have sent to an address that they typed, and how many of these one address gets within a day.
TO_A_TYPED_ADDRESS = (
    "application_confirmation", "change_confirmation", "application_withdrawn", "application_deleted",
    "draft_continue", "draft_reminder", "manage_link", "letter_asked", "letter_reminder",
    "sign_in_link", "notify_address",
)  # fmt: skip
A_DAY, MAILS_A_DAY = timedelta(days=1), 12
# In these a mail waits for a person.
FOR_A_PERSON: tuple[State, ...] = ("stuck", "bounced")
# In these no server has accepted it, and nobody is sending it at this moment.
UNSENT: tuple[State, ...] = ("waiting", "stuck")
# In these the worker still has to do with it.
UNDER_WAY: tuple[State, ...] = ("waiting", "sending")

# Short at first, for a server that restarts; then patient, for one that is down over a holiday. Together they are
# longer than GIVE_UP_AFTER, so that the last attempt comes after it.
PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    *[timedelta(hours=8)] * 18,
)
# RFC 5321, 4.5.4.1: give up after 4 to 5 days at the earliest.
GIVE_UP_AFTER = timedelta(days=6)
# Up to this share of a pause is added by chance, so that mails that failed together do not come back together.
JITTER_SHARE = 0.1


def next_attempt(*, attempts: int, retry_since: datetime, now: datetime, jitter: float) -> datetime | None:
    """When to try again after `attempts` attempts, the last of which has just failed; None: hand it to a person.

    A mail is given up only when it has been tried for long, since `retry_since`, and also often: a machine that was
    switched off for a week must not give up at its first failure, nor one that restarts every minute within the hour.
    `jitter` is a random number from 0 to 1.
    """
    if attempts > len(PAUSES) and now - retry_since > GIVE_UP_AFTER:
        return None
    pause = PAUSES[min(attempts, len(PAUSES)) - 1]
    return now + pause * (1 + JITTER_SHARE * jitter)


# While the server takes nothing, one mail at a time is tried: soon at first, for a server that restarts.
PROBES = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=3))
# So many attempts in a row that fail for now, whosever mail they were, mean that the server takes nothing.
FAILURES_IN_A_ROW = 3
# Recipients at so many domains in a row that are refused for good mean that the server refuses everything.
REFUSED_DOMAINS_IN_A_ROW = 3
# There is no such mailbox or domain, or the mailbox takes nothing (RFC 3463): what nobody says who refuses everything.
NO_SUCH_RECIPIENT = ("5.1.", "5.2.")
# What has waited for the server goes out in small groups, at a pace that no relay takes for an attack, but all within
# WAKE_SPREAD. With the last probe before it, nothing waits for ten minutes once the server is back.
WAKE_GROUP = 10
WAKE_PAUSE = timedelta(seconds=20)
WAKE_SPREAD = timedelta(minutes=5)


def next_probe(*, failures: int, now: datetime) -> datetime:
    """When to try the server again after `failures` attempts in a row that it did not take."""
    return now + PROBES[min(max(failures, 1), len(PROBES)) - 1]


def wake_times(*, mails: int, now: datetime) -> list[datetime]:
    """When each of so many mails is sent that have waited for the server."""
    groups = -(-mails // WAKE_GROUP)
    pause = min(WAKE_PAUSE, WAKE_SPREAD / max(groups, 1))
    return [now + pause * (number // WAKE_GROUP) for number in range(mails)]
