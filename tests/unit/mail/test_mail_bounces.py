"""What a notice that came back by mail tells, whoever wrote it."""

import re
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.mail.bounces import LONGEST_NOTICE, LONGEST_TEXT, MOST_IDS, read_bounce
from tests.support import bounces

ID = "<0123456789abcdef0123456789abcdef@portal.example.org>"
OTHER = "<fedcba9876543210fedcba9876543210@portal.example.org>"
EXCHANGE = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient pi@example.org not found by SMTP address lookup"
Notice = Callable[[str], bytes]
FAILURES: dict[Notice, tuple[str, str]] = {
    bounces.postfix: ("5.1.1", "550 5.1.1 <pi@example.org>: Recipient address rejected"),
    bounces.exim: ("5.0.0", "552 5.2.2 Mailbox full"),
    bounces.old_exim: ("5.1.1", "host mail.example.org [192.0.2.7]: 550 5.1.1 No such user here"),
    bounces.netease: ("5.7.1", "550 RP:DVF rejected by recipient"),
    bounces.microsoft: ("5.1.10", EXCHANGE),
}
EVERY = [*FAILURES, bounces.qq, bounces.exim_warning]


@pytest.mark.parametrize("notice", FAILURES, ids=lambda notice: notice.__name__)
def test_a_failure_names_the_mail_the_recipient_and_the_reason(notice: Notice) -> None:
    bounce = read_bounce(notice(ID))
    assert (bounce.verdict, bounce.message_ids, bounce.recipient) == ("failed", [ID], "pi@example.org")
    assert (bounce.status, bounce.diagnostic) == FAILURES[notice]


def test_a_page_in_chinese_without_a_report_is_read_too() -> None:
    bounce = read_bounce(bounces.qq(ID))
    assert (bounce.verdict, bounce.message_ids, bounce.status) == ("failed", [ID], "")
    assert bounce.diagnostic == (
        "host mail.example.org[192.0.2.7] said: 550 Mailbox not found. http://service.example.org/?id=31"
    )
    assert " ".join(bounce.text.split()).startswith(
        "抱歉，你的邮件被退回来了…… 收件人邮件地址： <pi@example.org> 退信原因： 收件人地址不存在"
    )


def test_what_is_kept_begins_with_the_facts() -> None:
    facts, text = read_bounce(bounces.postfix(ID)).record.split("\n\n", 1)
    assert facts.splitlines() == [
        "Final-Recipient: pi@example.org",
        "Status: 5.1.1",
        "Diagnostic-Code: 550 5.1.1 <pi@example.org>: Recipient address rejected",
    ]
    assert text.startswith("This is the mail system at host mx.example.net.\n")


@pytest.mark.parametrize("notice", [bounces.exim_warning(ID), bounces.postfix(ID, action="delayed")])
def test_a_warning_that_the_mail_is_late_is_no_failure(notice: bytes) -> None:
    bounce = read_bounce(notice)
    assert (bounce.verdict, bounce.message_ids) == ("delayed", [ID])


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_notice_of_success_is_no_failure(action: str) -> None:
    assert read_bounce(bounces.postfix(ID, action=action)).verdict == "delivered"


def test_one_failure_among_several_reports_is_a_failure() -> None:
    failed = b"Final-Recipient: rfc822; b@example.org\nAction: failed\nStatus: 5.2.1\n\n"
    late = bounces.postfix(ID, action="delayed")
    bounce = read_bounce(late.replace(b"--4F3D21C0.1788329401/mx.example.net\nContent-Description: Und", failed + b"--4F3D21C0.1788329401/mx.example.net\nContent-Description: Und"))  # fmt: skip # noqa: E501
    assert (bounce.verdict, bounce.recipient, bounce.status) == ("failed", "b@example.org", "5.2.1")


def test_the_mail_that_came_back_counts_before_others_that_are_mentioned() -> None:
    notice = bounces.postfix(ID).replace(b"This is the mail system", f"In answer to {OTHER}\n".encode())
    assert read_bounce(notice).message_ids == [ID, OTHER]


@pytest.mark.parametrize(
    "pasted",
    [
        f"Message-ID: {ID}",
        f"\n\n   message-id: {ID}.\n",
        f"<p>{ID.replace('<', '&lt;').replace('>', '&gt;')}</p>",
        "The mail " + ID.strip("<>") + " came back",
        ID.replace("@", "=40"),
    ],
)
def test_the_name_of_a_mail_is_found_anywhere_in_what_was_pasted(pasted: str) -> None:
    assert read_bounce(pasted.encode()).message_ids == [ID]


def test_a_name_that_was_broken_over_two_lines_is_found() -> None:
    assert ID in read_bounce(ID.replace("portal", "por=\ntal").encode()).message_ids


@pytest.mark.parametrize(
    "foreign", ["<20260902061001.9A1B2C3D4E@mx.example.net>", "<ABCDEF@h>", "0" * 33 + "@h", "0" * 32, ""]
)
def test_other_names_are_not_ours(foreign: str) -> None:
    assert read_bounce(f"Message-ID: {foreign}\n\n{foreign}".encode()).message_ids == []


def test_a_report_that_was_copied_without_its_mail_is_read() -> None:
    pasted = f"Delivery failed.\n\nFinal-Recipient: rfc822; a@example.org\nAction: delayed\nStatus: 4.4.1\n\nID {ID}\n"
    bounce = read_bounce(pasted.encode())
    assert (bounce.verdict, bounce.recipient, bounce.status, bounce.message_ids) == (
        "delayed", "a@example.org", "4.4.1", [ID],
    )  # fmt: skip


def test_no_address_is_taken_for_a_status() -> None:
    assert read_bounce(b"host 192.5.1.1 and 5.10.20.30 said no").status == ""


def _assert_fit_to_keep(raw: bytes) -> None:
    bounce = read_bounce(raw)
    assert len(bounce.message_ids) <= MOST_IDS
    assert len(bounce.record) < LONGEST_TEXT + 2000
    strange = {character for character in bounce.record if unicodedata.category(character) in ("Cc", "Cs")} - {
        "\n",
        "\t",
    }
    assert strange == set()


@pytest.mark.parametrize("notice", EVERY, ids=lambda notice: notice.__name__)
def test_half_a_notice_is_read_as_far_as_it_goes(notice: Notice) -> None:
    whole = notice(ID)
    for end in range(0, len(whole), 37):
        _assert_fit_to_keep(whole[:end])


@given(st.sampled_from(EVERY), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=8))
def test_a_damaged_notice_is_never_an_error(notice: Notice, damage: list[tuple[float, bytes]]) -> None:
    raw = notice(ID)
    for place, junk in damage:
        at = int(place * len(raw))
        raw = raw[:at] + junk + raw[at + len(junk) :]
    _assert_fit_to_keep(raw)


@given(st.binary())
def test_anything_else_is_never_an_error(raw: bytes) -> None:
    _assert_fit_to_keep(raw)


HOSTILE = {
    "parts within parts": b"".join(b"Content-Type: multipart/x; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(9999)),
    "mails within mails": b"Content-Type: message/rfc822\n\n" * 30_000,
    "reports": b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 60_000,
    "headers": b"".join(b"A%d: b\n" % n for n in range(90_000)),
    "parameters": b"Content-Type: text/plain" + b"; a=b" * 50_000,
    "tags": b"Content-Type: text/html\n\n" + b"<" * LONGEST_NOTICE,
    "blank lines": b"Content-Type: text/html\n\n" + b"\n \t" * 330_000,
    "names": b" ".join(b"%032x@h.example" % n for n in range(20_000)),
    "an endless host": b"0123456789abcdef" * 2 + b"@" + b"a-" * 500_000,
    "an endless status": b"5.1" * 330_000,
    "an endless line": b"A" * LONGEST_NOTICE,
    "more than is taken": b"x" * (3 * LONGEST_NOTICE) + ID.encode(),
    "an unknown charset": b"Content-Type: text/plain; charset=base64\n\n\xff",
    "letters that are none": b"Content-Type: \xff\xfe; charset=\xe4\nSubject: \xe4\nX-Failed-Recipients: \xff\n\n",
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_notice_costs_seconds_at_most(what: str) -> None:
    started = time.process_time()
    _assert_fit_to_keep(HOSTILE[what])
    assert time.process_time() - started < 5


def test_the_record_of_a_hostile_notice_is_only_text() -> None:
    notice = bounces.postfix(ID).replace(
        b"Diagnostic-Code: smtp; ", b"Diagnostic-Code: smtp; \x1b[31m\xe2\x80\xae=?utf-8?q?x?="
    )
    assert re.search("\x1b|\u202e|=\\?", read_bounce(notice).record.split("\n\n")[0]) is None
