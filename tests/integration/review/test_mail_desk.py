"""The mail desk: what staff see of every mail, and what they do with those that did not arrive."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import Call
from s2group.admissions.services import notices
from s2group.audit.models import Event
from s2group.audit.rules import Details, MailSentAgain, MailSentElsewhere, Submitted
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents.store import read_bytes
from s2group.evaluation.mail_kinds import MAIL_KINDS
from s2group.extensions import db
from s2group.mail.delivery import deliver_due
from s2group.mail.models import MailServer, OutboxMail
from s2group.mail.queries import PAGE_SIZE, mail_by_key, staff_mails
from tests.support import applying
from tests.support.mail import add_templates, put_into_outbox
from tests.support.queries import recorded_statements
from tests.support.smtp import Mailbox
from tests.support.staff import form_token, sign_in
from tests.support.stored import path_of

DESK = "/en/review/mail/"
SENT = datetime(2026, 9, 2, 6, 6, tzinfo=UTC)
NOW = SENT + timedelta(days=3)


@pytest.fixture
def staff(app: Flask) -> Iterator[FlaskClient]:
    """The PI, signed in, three days after Test Applicant has applied."""
    applying.load_fictional_content(app)
    with time_machine.travel(SENT, tick=False):
        applying.apply(app.test_client())
    with time_machine.travel(NOW, tick=False):
        client = app.test_client()
        sign_in(client, Role.PI)
        yield client


def _set(mail_id: int, **values: Any) -> str:
    """Bring a mail into some state, as the worker would have; its key."""
    with transaction() as session:
        session.execute(update(OutboxMail).where(OutboxMail.id == mail_id).values(**values))
    return db.session.get_one(OutboxMail, mail_id).key


def _mail_to(recipient: str) -> OutboxMail:
    return db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == recipient)).one()


def _stuck() -> str:
    """The key of the mail to the PI, which was refused."""
    return _set(_mail_to("pi@example.org").id, state="stuck", attempts=26, reply_code=550, reply_text="5.1.1 no")


def _text(page: str) -> str:
    """What a reader sees of a page's main part."""
    main = page.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def _press(client: FlaskClient, key: str, **fields: str) -> tuple[int, str]:
    """Send a form of the mail's page; the status, and what the page says then."""
    path = f"{DESK}{key}/"
    data = {"csrf_token": form_token(client.get(path).text), **fields}
    response = client.post(path, data=data)
    if response.status_code == 302:
        response = client.get(response.headers["Location"])
    return response.status_code, _text(response.text)


def _events() -> list[Details]:
    return [event.details for event in applying.the_application().events]


def test_the_desk_shows_first_what_needs_somebody_then_what_waits_then_what_was_accepted(staff: FlaskClient) -> None:
    _stuck()
    waits = {"attempts": 2, "reply_code": 451, "reply_text": "4.7.1 later", "next_attempt_at": NOW}
    _set(_mail_to("co@example.org").id, **waits)
    _set(
        _mail_to("applicant@example.org").id,
        state="accepted",
        attempts=1,
        accepted_at=SENT,
        reply_code=250,
        reply_text="OK",
    )
    text = _text(staff.get(DESK).text)
    stopped, rest = text.partition("Needs somebody 1 ")[2].split("On its way 1 ")
    waiting, accepted = rest.split("Accepted 1 ")
    assert stopped == (
        "Test Applicant New application, to the group Not delivered pi@example.org "
        "Written 3 days ago · 26 attempts 550 5.1.1 no "
        "Mend the cause, such as a changed password, then send everything again. "
        "Nothing was lost, and every mail keeps its Message-ID. Send all again "
    )
    assert waiting == (
        "Test Applicant New application, to the group Waiting to be sent co@example.org Written 3 days ago "
        "· 2 attempts · next on 5 September 2026, 14:06 (UTC+8) 451 4.7.1 later "
    )
    assert accepted.startswith(
        "Test Applicant Confirmation, to the applicant Accepted by the mail server applicant@example.org"
    )


def test_one_entry_of_the_navigation_is_current(staff: FlaskClient) -> None:
    for page, label in (
        ("/en/review/", "Desk"),
        ("/en/review/applications/", "Applications"),
        ("/en/review/mail/", "Mail"),
        ("/en/review/mail/bounce/", "Mail"),
    ):
        assert re.findall(r'aria-current="(?:page|true)">([^<]+)<', staff.get(page).text.partition("</nav>")[0]) == [
            label
        ]


def test_the_words_of_a_mail_server_are_marked_as_english(staff: FlaskClient) -> None:
    _stuck()
    assert '<span lang="en">550 5.1.1 no</span>' in staff.get("/review/mail/").text


def test_empty_parts_say_what_they_are(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    sign_in(client, Role.ADMIN)
    text = _text(client.get(DESK).text)
    assert "Needs somebody No mail was given up, and none came back." in text
    assert "On its way Nothing waits to be sent." in text
    assert text.endswith("None of these mails has been accepted yet.")


def test_a_call_that_closed_hides_no_mail(staff: FlaskClient) -> None:
    _stuck()
    with transaction() as session:
        session.execute(update(Call).values(closes_at=SENT + timedelta(hours=1)))
    assert "Needs somebody 1 Test Applicant New application, to the group Not delivered pi@example.org" in _text(
        staff.get(DESK).text
    )


def test_accepted_mail_is_paged_newest_first(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    add_templates(app)
    sign_in(client, Role.ADMIN)
    ids = [
        mail_id for number in range(PAGE_SIZE + 2) for mail_id in put_into_outbox(SENT, to=[f"n{number}@example.org"])
    ]
    for mail_id in ids:
        _set(mail_id, state="accepted", accepted_at=SENT)
    page = client.get(DESK).text
    assert re.findall(r"n\d+@", page) == [f"n{number}@" for number in range(PAGE_SIZE + 1, 1, -1)]
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    page = client.get(older[1]).text
    assert re.findall(r"n\d+@", page) == ["n1@", "n0@"]
    assert "Needs somebody" not in page
    assert 'rel="next"' not in page


def test_the_number_of_queries_does_not_grow_with_the_mail(app: Flask, staff: FlaskClient) -> None:
    add_templates(app)
    with recorded_statements() as with_few:
        staff.get(DESK)
    for _ in range(5):
        put_into_outbox(SENT)
    with recorded_statements() as with_more:
        staff.get(DESK)
    assert len(with_few) == len(with_more) < 17


def test_the_page_of_a_mail_shows_what_it_says_and_runs_none_of_it(staff: FlaskClient) -> None:
    key = _stuck()
    _set(_mail_to("pi@example.org").id, html="<script>evil()</script>", text="甲 <script>evil()</script>\n乙")
    page = staff.get(f"{DESK}{key}/").text
    assert '<pre class="letter" lang="zh-CN">甲 &lt;script&gt;evil()&lt;/script&gt;\n乙</pre>' in page
    assert "<script>evil" not in page
    mail = mail_by_key(staff_mails(), key)
    assert mail
    text, size = _text(page), f"{len(applying.RESUME) / 1000:.1f} kB"
    assert "Subject 推免硕士-Test Applicant-Test University Test College Test Studies" in text
    assert "From portal@example.org To pi@example.org" in text
    assert f"Copies to co@example.org Replies to applicant@example.org Message-ID {mail.message_id}" in text.replace(
        "&lt;", "<"
    ).replace("&gt;", ">")
    assert f"Attachment 推免硕士-TestApplicant-TestUniversity-简历.pdf · {size}" in text


def test_the_page_says_when_an_attachment_is_missing(staff: FlaskClient) -> None:
    key = _stuck()
    path_of(_mail_to("pi@example.org").attachments[0]["sha256"]).unlink()
    assert ".pdf · missing from the store" in _text(staff.get(f"{DESK}{key}/").text)


def test_an_address_of_no_mail_is_not_found(staff: FlaskClient) -> None:
    assert staff.get(f"{DESK}0123456789abcdef@example.org/").status_code == 404


def test_mail_that_needs_nobody_offers_nothing_to_do(staff: FlaskClient) -> None:
    key = _mail_to("pi@example.org").key
    assert "Send this mail again" not in staff.get(f"{DESK}{key}/").text


@pytest.mark.parametrize("state", ["stuck", "bounced"])
def test_send_again_keeps_the_message_id_and_begins_anew(staff: FlaskClient, state: str) -> None:
    key = _stuck()
    _set(_mail_to("pi@example.org").id, state=state, accepted_at=SENT if state == "bounced" else None)
    status, text = _press(staff, key, action="again")
    assert (status, "It waits to be sent again, under the same Message-ID." in text) == (200, True)
    mail = _mail_to("pi@example.org")
    assert (mail.key, mail.state, mail.attempts, mail.retry_since, mail.next_attempt_at, mail.accepted_at) == (
        key, "waiting", 0, NOW, NOW, None,
    )  # fmt: skip
    assert _events() == [Submitted(), MailSentAgain("pi@example.org")]


@pytest.mark.parametrize("fields", [{"action": "again"}, {"action": "elsewhere", "recipient": "other@example.org"}])
def test_while_the_server_takes_nothing_no_page_says_that_a_mail_goes_now(
    staff: FlaskClient, fields: dict[str, str]
) -> None:
    with transaction() as session:
        down = {"state": "down", "failures": 3, "since": SENT, "next_probe_at": NOW, "reply_text": "refused"}
        session.add(MailServer(id=1, **down))
    status, text = _press(staff, _stuck(), **fields)
    assert (status, "as soon as the mail server takes mail" in text) == (200, True)
    assert "It waits to be sent" not in text


def test_what_is_sent_again_has_the_patience_of_a_new_mail(app: Flask, staff: FlaskClient) -> None:
    key = _stuck()
    long_ago = NOW - timedelta(days=400)
    _set(_mail_to("pi@example.org").id, created_at=long_ago, retry_since=long_ago)
    _press(staff, key, action="again")
    _set(_mail_to("pi@example.org").id, attempts=99)
    with Mailbox(recipient_replies={"pi@example.org": "450 4.2.2 mailbox full"}) as mailbox:
        app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=mailbox.port)
        deliver_due(now=NOW, read_attachment=read_bytes)
    db.session.remove()
    assert (_mail_to("pi@example.org").state, _mail_to("pi@example.org").attempts) == ("waiting", 100)


def test_who_comes_second_changes_nothing_and_is_told(staff: FlaskClient) -> None:
    key = _stuck()
    _press(staff, key, action="again")
    token = form_token(staff.get(f"{DESK}bounce/").text)
    for fields in ({"action": "again"}, {"action": "elsewhere", "recipient": "other@example.org"}):
        response = staff.post(f"{DESK}{key}/", data={"csrf_token": token, **fields})
        assert (
            "Nothing was done: somebody else, or the portal, was faster."
            in staff.get(response.headers["Location"]).text
        )
    assert len(_events()) == 2
    assert db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == "other@example.org")).all() == []


def test_another_address_gets_the_same_mail_as_one_of_its_own(app: Flask, staff: FlaskClient) -> None:
    key = _stuck()
    status, text = _press(staff, key, action="elsewhere", recipient=" \u202aOther\uff20EXAMPLE.org\u200b ")
    assert (status, "This is the new mail to the other address." in text) == (200, True)
    old, new = _mail_to("pi@example.org"), _mail_to("Other@example.org")
    assert (old.key, old.state, old.replaced_by_id) == (key, "replaced", new.id)
    assert (new.to, new.copies, new.state, new.attempts, new.next_attempt_at) == (
        ["Other@example.org"], [], "waiting", 0, NOW,
    )  # fmt: skip
    assert new.message_id != old.message_id
    same = ("message", "topic", "subject", "text", "html", "attachments", "reply_to", "locale")
    assert [getattr(new, name) for name in same] == [getattr(old, name) for name in same]
    assert _events() == [Submitted(), MailSentElsewhere("pi@example.org", "Other@example.org")]
    assert f'href="{DESK}{new.key}/"' in staff.get(f"{DESK}{key}/").text

    mailbox = Mailbox()
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=mailbox.port)
    with mailbox:
        deliver_due(now=NOW, read_attachment=read_bytes)
    [letter] = mailbox.letters_to("Other@example.org")
    assert (letter.message["To"], letter.message["Cc"]) == ("Other@example.org", None)
    assert letter.attachments == [("推免硕士-TestApplicant-TestUniversity-简历.pdf", applying.RESUME)]
    assert mailbox.letters_to("pi@example.org") == []


@pytest.mark.parametrize(
    ("recipient", "error"),
    [
        ("", "Write the other address"),
        ("not an address", "Write an address such as name@example.org"),
        ("a@example.org\r\nBcc: spy@example.org", "Write an address such as name@example.org"),
        ("a@example.org, b@example.org", "Write an address such as name@example.org"),
    ],
)
def test_what_is_no_address_is_refused_and_kept(staff: FlaskClient, recipient: str, error: str) -> None:
    key = _stuck()
    status, text = _press(staff, key, action="elsewhere", recipient=recipient)
    assert (status, text.count(error)) == (422, 2)
    assert _mail_to("pi@example.org").state == "stuck"


def test_the_histories_and_lists_of_applications_know_what_happens_to_mail(staff: FlaskClient) -> None:
    key, reference = _stuck(), applying.the_application().reference
    _set(_mail_to("pi@example.org").id, state="bounced", accepted_at=SENT, bounce_text="Status: 5.1.1")
    assert "Mail not delivered" in staff.get("/en/review/applications/").text
    _press(staff, key, action="elsewhere", recipient="other@example.org")
    assert "Mail not delivered" not in staff.get("/en/review/applications/").text
    page = staff.get(f"/en/review/{reference}/").text
    assert f'href="{DESK}{key}/"' in page
    assert "Mail sent to another address" in _text(page)
    kinds = select(Event.kind).where(Event.application_id.is_not(None)).order_by(Event.id)
    assert db.session.scalars(kinds).all()[1] == "mail_sent_elsewhere"


def test_a_reviewer_has_no_mail_desk(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    applying.apply(client)
    sign_in(client, Role.REVIEWER)
    assert client.get(DESK).status_code == 404
    reference = applying.the_application().reference
    for path in ("/en/review/applications/", f"/en/review/{reference}/"):
        assert "/review/mail/" not in client.get(path).text


def test_a_server_that_refuses_all_is_told_on_every_page_and_one_button_sends_all_again(staff: FlaskClient) -> None:
    refused = _stuck()
    with transaction() as session:
        session.add(
            MailServer(
                id=1, state="refusing", failures=2, since=SENT, next_probe_at=NOW, reply_code=535, reply_text="5.7.8 no"
            )
        )
    told = "The mail server refuses all mail: nothing reaches the group or the applicants."
    assert told in _text(staff.get("/en/review/applications/").text)
    desk = staff.get(DESK).text
    why = "The mail server refuses all mail. 2 mails wait; none is lost. The mail server said: 535 5.7.8 no"
    assert why in _text(desk)
    token = {"csrf_token": form_token(desk)}
    assert staff.post(DESK, data=token).status_code == 303
    assert "Everything that was given up or waits is sent again now" in _text(staff.get(DESK).text)
    assert told not in _text(staff.get("/en/review/applications/").text)
    found = mail_by_key(staff_mails(), refused)
    assert found is not None
    assert found.state == "waiting"
    assert _events()[-1] == MailSentAgain("pi@example.org")


def test_links_that_give_rights_lead_nowhere_for_the_staff(staff: FlaskClient) -> None:
    notices.mail_manage_link(application=applying.the_application(), now=NOW)
    link = db.session.scalars(select(OutboxMail).where(OutboxMail.message == "manage_link")).one()
    found = re.search(r"/apply/continue/([\w-]+)/", link.text)
    assert found is not None
    token = found[1]
    key = _set(link.id, state="bounced", accepted_at=NOW, bounce_text=f"It said:\n\n{link.text}")
    for path in (DESK, f"{DESK}{key}/", f"/en/review/{link.topic}/"):
        page = staff.get(path)
        assert page.status_code == 200
        assert token not in page.text
    text = staff.get(f"{DESK}{key}/").text
    assert text.count("/apply/continue/······/") == 2
    assert "It holds a link that is for its recipient alone" in text
    _press(staff, key, action="elsewhere", recipient="curious@example.org")
    assert db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == "curious@example.org")).all() == []


def test_mail_about_a_draft_is_shown_to_nobody(staff: FlaskClient) -> None:
    ids = [_mail_to(address).id for address in ("co@example.org", "pi@example.org", "applicant@example.org")]
    states: list[dict[str, Any]] = [{}, {"state": "stuck"}, {"state": "accepted", "accepted_at": NOW}]
    for mail_id, values in zip(ids, states, strict=True):
        key = _set(mail_id, message="draft_reminder", recipient="draft@example.org", **values)
        assert staff.get(f"{DESK}{key}/").status_code == 404
    assert "draft@example.org" not in staff.get(DESK).text


def test_every_kind_of_mail_has_a_name() -> None:
    folders = {path.name for path in Path("templates/mail").iterdir() if path.is_dir()}
    assert set(MAIL_KINDS) == folders - {"letter"}
