"""The delivery status: every state of every each, and what an applicant does not get to see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from s2group.custody.rules import (
    DeliveryStep,
    Facts,
    FirstLook,
    GroupMail,
    State,
    Step,
    StoredFile,
    delivery_steps,
    for_applicant,
)
from s2group.mail.rules import State as Progress

SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
READ, ACCEPTED, OPENED = (SENT + timedelta(minutes=minutes) for minutes in (1, 2, 90))
LATER = SENT + timedelta(hours=8)
DONE, UNDER_WAY, NEEDS_A_PERSON = State.DONE, State.UNDER_WAY, State.NEEDS_A_PERSON


def a_file(*, verified_at: datetime | None = None, damaged_at: datetime | None = None) -> StoredFile:
    return StoredFile("resume", "ab" * 32, verified_at, damaged_at)


def a_mail(progress: str, *, accepted_at: datetime | None = None) -> GroupMail:
    return GroupMail(progress, 1, accepted_at, LATER, recipient="pi@example.org", reply="250 2.0.0 OK: queued as 4711")


WHOLE, UNREAD, DAMAGED = a_file(verified_at=READ), a_file(), a_file(verified_at=READ, damaged_at=LATER)
DELIVERED = a_mail("accepted", accepted_at=ACCEPTED)


def the_step(
    step: Step,
    *,
    files: Sequence[StoredFile] = (WHOLE,),
    mails: Sequence[GroupMail] = (DELIVERED,),
    looks: Sequence[FirstLook] = (),
) -> DeliveryStep:
    [found] = [each for each in delivery_steps(Facts(SENT, files, mails, looks)) if each.step is step]
    return found


def test_the_rungs_stand_in_the_order_of_the_way() -> None:
    steps = delivery_steps(Facts(SENT, [WHOLE], [DELIVERED], [FirstLook(OPENED, "pi@example.org")]))
    assert [(each.step, each.state, each.at) for each in steps] == [
        (Step.RECEIVED, DONE, SENT),
        (Step.STORED, DONE, READ),
        (Step.MAILED, DONE, ACCEPTED),
        (Step.OPENED, DONE, OPENED),
    ]


def test_whatever_else_happens_it_was_received() -> None:
    received = the_step(Step.RECEIVED, files=[DAMAGED], mails=[a_mail("stuck")])
    assert (received.state, received.at, received.files) == (DONE, SENT, [DAMAGED])


@pytest.mark.parametrize(
    ("files", "state", "at"),
    [
        ([WHOLE], DONE, READ),
        ([WHOLE, a_file(verified_at=LATER)], DONE, LATER),
        ([UNREAD], UNDER_WAY, None),
        ([WHOLE, UNREAD], UNDER_WAY, None),
        ([DAMAGED], NEEDS_A_PERSON, None),
        ([a_file(damaged_at=READ)], NEEDS_A_PERSON, None),
        ([DAMAGED, WHOLE, UNREAD], NEEDS_A_PERSON, None),
        ([], NEEDS_A_PERSON, None),
    ],
)
def test_files_are_stored_once_all_were_read_again(files: list[StoredFile], state: State, at: datetime | None) -> None:
    stored = the_step(Step.STORED, files=files)
    assert (stored.state, stored.at, stored.files) == (state, at, files)


@pytest.mark.parametrize(
    ("progress", "state"),
    [
        ("accepted", DONE),
        ("written", State.WRITTEN),
        ("waiting", UNDER_WAY),
        ("sending", UNDER_WAY),
        ("stuck", NEEDS_A_PERSON),
        ("bounced", NEEDS_A_PERSON),
    ],
)
def test_each_state_of_a_mail_means_something(progress: str, state: State) -> None:
    assert a_mail(progress).state is state


def test_no_state_of_a_mail_is_forgotten() -> None:
    assert set(get_args(Progress)) == {"accepted", "written", "waiting", "sending", "stuck", "bounced", "replaced"}


@pytest.mark.parametrize(
    ("mails", "state", "at"),
    [
        ([DELIVERED, a_mail("accepted", accepted_at=LATER)], DONE, LATER),
        ([DELIVERED, a_mail("written")], State.WRITTEN, None),
        ([a_mail("written"), a_mail("waiting")], UNDER_WAY, None),
        ([DELIVERED, a_mail("waiting")], UNDER_WAY, None),
        ([a_mail("waiting", accepted_at=ACCEPTED)], UNDER_WAY, None),
        ([DELIVERED, a_mail("sending"), a_mail("bounced", accepted_at=ACCEPTED)], NEEDS_A_PERSON, None),
        ([a_mail("stuck"), DELIVERED], NEEDS_A_PERSON, None),
        ([], NEEDS_A_PERSON, None),
        ([a_mail("replaced")], NEEDS_A_PERSON, None),
    ],
)
def test_the_group_is_told_once_every_mail_was_accepted(
    mails: list[GroupMail], state: State, at: datetime | None
) -> None:
    mailed = the_step(Step.MAILED, mails=mails)
    assert (mailed.state, mailed.at) == (state, at)


def test_a_mail_that_another_one_replaced_no_longer_counts() -> None:
    mailed = the_step(Step.MAILED, mails=[a_mail("replaced"), DELIVERED])
    assert (mailed.state, mailed.at, mailed.mails) == (DONE, ACCEPTED, [DELIVERED])


def test_nobody_has_opened_it_yet() -> None:
    opened = the_step(Step.OPENED)
    assert (opened.state, opened.at, opened.looks) == (UNDER_WAY, None, ())


def test_the_first_look_counts() -> None:
    looks = [FirstLook(OPENED, "pi@example.org"), FirstLook(LATER, "reviewer@example.org")]
    opened = the_step(Step.OPENED, looks=looks)
    assert (opened.state, opened.at, opened.looks) == (DONE, OPENED, looks)


def test_an_applicant_sees_how_it_goes_but_not_with_whom() -> None:
    looks = [FirstLook(OPENED, "pi@example.org"), FirstLook(LATER, "reviewer@example.org")]
    facts = Facts(SENT, [DAMAGED], [DELIVERED, replace(DELIVERED, recipient="other@example.org"), DELIVERED], looks)
    shown = for_applicant(facts)
    assert shown.files == [DAMAGED]
    assert [(mail.progress, mail.accepted_at, mail.recipient, mail.reply) for mail in shown.mails] == [
        ("accepted", ACCEPTED, "1", ""),
        ("accepted", ACCEPTED, "2", ""),
        ("accepted", ACCEPTED, "1", ""),
    ]
    assert shown.looks == [FirstLook(OPENED)]
    assert [each.state for each in delivery_steps(shown)] == [each.state for each in delivery_steps(facts)]
    assert "example.org" not in repr(delivery_steps(shown))
