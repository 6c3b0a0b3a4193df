"""The mails with a link to a draft: they open it, and repeat nothing that was typed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select, update

from s2group.admissions.models import AdmissionRoute, Call, Draft
from s2group.admissions.services import drafts
from s2group.admissions.services.submissions import submit_draft
from s2group.apply.views.links import SECONDS
from s2group.core import timing
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.extensions import db
from s2group.links.queries import find
from s2group.links.rules import Purpose
from s2group.mail.models import OutboxMail
from tests.support.applying import MORNING, hidden_fields, load_fictional_content
from tests.support.changing import mails, upload
from tests.support.drafting import ROUTE
from tests.support.pdf import make_pdf
from tests.support.refereeing import apply_with_referees

CLOSES_AT = datetime(2026, 9, 20, 16, 0, tzinfo=UTC)
ANSWERS = {"name": "测试甲 http://example.org/", "email": "Somebody@example.org"}


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    load_fictional_content(app)
    return db.session.scalars(select(AdmissionRoute).where(AdmissionRoute.key == ROUTE)).one()


def draft(route: AdmissionRoute, locale: Locale) -> Draft:
    found = drafts.start_draft(route=route, key="a-draft", answers={}, locale=locale, now=MORNING)
    saved = drafts.save_topic(draft=found, topic="about", answers=ANSWERS, seen=0, now=MORNING)
    drafts.invite(draft=saved, now=MORNING)
    return saved


def opened(mail: OutboxMail, prefix: str) -> set[str]:
    """The keys of the drafts that the links of both parts of a mail open."""
    address = rf"http://127\.0\.0\.1:8000{prefix}/apply/continue/([\w-]+)/"
    links = [
        find(token, Purpose.CONTINUE, now=mail.created_at + timedelta(days=29))
        for part in (mail.text, mail.html)
        for token in re.findall(address, part)
    ]
    assert len(links) == 2
    return {link.subject for link in links if link}


@pytest.mark.parametrize(("locale", "prefix"), [("zh", ""), ("en", "/en")])
def test_the_link_to_continue_opens_the_draft_and_says_until_when(
    route: AdmissionRoute, locale: Locale, prefix: str
) -> None:
    started = draft(route, locale)
    [mail] = mails("draft_continue")
    assert (mail.recipient, mail.topic, mail.locale) == ("somebody@example.org", f"draft-{started.id}", locale)
    assert opened(mail, prefix) == {started.key}
    assert route.title[locale] in mail.text
    assert escape(route.title[locale]) in mail.html
    until = {"zh": "2026 年 11 月 1 日 14:06（UTC+8）", "en": "1 November 2026, 14:06 (UTC+8)"}
    for part in (mail.text, mail.html):
        assert until[locale] in part
        for typed in ANSWERS.values():
            assert typed not in part


def test_the_time_of_the_answer_tells_nobody_who_has_a_draft(
    client: FlaskClient, route: AdmissionRoute, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(route, "en")
    pauses = list[float]()
    monkeypatch.setattr(timing, "perf_counter", lambda: 0.0)
    monkeypatch.setattr(timing, "sleep", pauses.append)
    hidden = hidden_fields(client.get("/en/apply/continue/").text)
    for email in ("somebody@example.org", "nobody@example.org"):
        assert client.post("/en/apply/continue/", data=hidden | {"email": email}).status_code == 200
    assert (pauses, len(mails("draft_continue"))) == ([SECONDS, SECONDS], 2)


def test_what_is_said_of_the_links_of_a_day_is_the_same_for_everybody(
    client: FlaskClient, route: AdmissionRoute
) -> None:
    draft(route, "en")
    pages = []
    hidden = hidden_fields(client.get("/en/apply/continue/").text)
    for email in ["somebody@example.org"] * 6 + ["nobody@example.org"]:
        pages.append(client.post("/en/apply/continue/", data=hidden | {"email": email}).text.replace(email, "…"))
    assert [page == pages[0] for page in pages] == [True] * 7
    assert "An address gets at most 5 links within 24 hours" in pages[0]
    # The first went out on another day.
    assert len(mails("draft_continue")) == 1 + 5


def test_the_reminder_comes_once_three_days_before_the_end_of_the_call(route: AdmissionRoute) -> None:
    started = draft(route, "en")
    with transaction() as session:
        session.execute(update(Call).values(closes_at=CLOSES_AT))
    end = CLOSES_AT + timedelta(minutes=30)
    before = timedelta(days=3)
    assert [drafts.remind(now=end - before + timedelta(seconds=late), before=before) for late in (-1, 0, 1)] == [
        0,
        1,
        0,
    ]
    [mail] = mails("draft_reminder")
    assert mail.subject == "Your draft has not been sent yet"
    assert opened(mail, "/en") == {started.key}
    for part in (mail.text, mail.html):
        assert "21 September 2026, 00:30 (UTC+8)" in part
        for typed in ANSWERS.values():
            assert typed not in part


def another(route: AdmissionRoute, key: str, email: str, now: datetime) -> Draft:
    found = drafts.start_draft(route=route, key=key, answers={}, locale="en", now=now)
    return drafts.save_topic(draft=found, topic="about", answers={"email": email}, seen=0, now=now)


def test_all_drafts_of_one_address_are_one_reminder(route: AdmissionRoute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "AT_ONCE", 1)
    later = MORNING + timedelta(hours=1)
    mine = [another(route, key, email, now).key
            for key, email, now in (("one", "A@example.org", MORNING), ("two", "a@example.org", later))]  # fmt: skip
    another(route, "other", "b@example.org", MORNING)
    end = MORNING + drafts.LIFETIME
    assert [drafts.remind(now=end - timedelta(days=2), before=timedelta(days=3)) for _ in range(2)] == [2, 0]
    both, single = sorted(mails("draft_reminder"), key=lambda mail: mail.recipient)
    assert (both.recipient, both.subject) == ("a@example.org", "2 drafts of yours have not been sent yet")
    assert (single.recipient, single.subject) == ("b@example.org", "Your draft has not been sent yet")
    assert both.text.index("last saved on 2 September 2026, 15:06") < both.text.index(
        "last saved on 2 September 2026, 14:06"
    )
    tokens = re.findall(r"/apply/continue/([\w-]+)/", both.text)
    links = [find(token, Purpose.CONTINUE, now=end - timedelta(days=2)) for token in tokens]
    assert [link and link.subject for link in links] == mine[::-1]


def test_who_has_applied_to_the_call_is_reminded_of_no_draft_for_it(route: AdmissionRoute) -> None:
    another(route, "left", "Applicant@example.org", MORNING)
    sent = apply_with_referees([], key="sent", now=MORNING)
    assert (sent.route.call_id, sent.email) == (route.call_id, "applicant@example.org")
    end = MORNING + drafts.LIFETIME
    assert drafts.remind(now=end - timedelta(days=2), before=timedelta(days=3)) == 0
    assert mails("draft_reminder") == []


def test_a_reminder_that_still_waits_when_the_draft_is_sent_goes_to_nobody(route: AdmissionRoute) -> None:
    started = draft(route, "en")
    answers = ANSWERS | {"phone": "13800138000", "university": "Test University", "college": "Test College",
                         "major": "Test Studies", "exemption_status": "has"}  # fmt: skip
    drafts.save_topic(draft=started, topic="about", answers=answers, seen=1, now=MORNING)
    drafts.attach(draft=started, kind="resume", document=upload(make_pdf("CV")), now=MORNING)
    end = MORNING + drafts.LIFETIME
    assert drafts.remind(now=end - timedelta(days=2), before=timedelta(days=3)) == 1
    submit_draft(draft=started, consent_version="1", now=end - timedelta(days=2))
    assert (len(mails("application_confirmation")), mails("draft_reminder")) == (1, [])
