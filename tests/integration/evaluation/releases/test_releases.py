"""Page and mail change together once a release was held, and never before; nothing is told twice, nothing is lost."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.admissions.decision_words import words_for
from s2group.admissions.models import Application
from s2group.admissions.rules.states import State
from s2group.admissions.services.notices import notify_applicant
from s2group.audit.models import Event
from s2group.core.database import transaction
from s2group.core.localized import Locale
from s2group.evaluation.messages.queries import KEYS
from s2group.evaluation.pipeline.services import Choice, put
from s2group.evaluation.releases import services
from s2group.evaluation.releases.models import MessageRelease, ReleaseItem
from s2group.extensions import db
from s2group.mail.delivery import deliver_due
from s2group.mail.queries import mails_of
from tests.support.applying import load_fictional_content
from tests.support.changing import mails
from tests.support.mail import Files
from tests.support.moving import move
from tests.support.releasing import HELD, NOW, applicants, decided, prepared, queued, releaser, told
from tests.support.smtp import Mailbox

THEN = NOW + HELD
MANY = 40


@pytest.fixture(autouse=True)
def _content(app: Flask) -> None:
    load_fictional_content(app)


def shown(application: Application) -> str:
    db.session.rollback()
    return application.shown_state


def kinds(application: Application) -> list[str]:
    statement = select(Event.kind).where(Event.application_id == application.id).order_by(Event.id)
    return list(db.session.scalars(statement))


def outcomes(release: MessageRelease) -> list[str | None]:
    db.session.rollback()
    return [item.outcome for item in release.items]


def test_nobody_hears_anything_before_its_time_and_then_page_and_mail_together() -> None:
    [application] = applicants(1)
    release = queued([decided(application, "offer")])
    assert services.take_effect(now=THEN - timedelta(seconds=1)) == 0
    assert (shown(application), mails("decision_told"), release.is_held) == ("submitted", [], True)
    assert services.take_effect(now=THEN) == 1
    [mail] = mails("decision_told")
    assert (shown(application), mail.recipient, mail.created_at) == ("offer", "applicant-0@example.org", THEN)
    assert kinds(application)[-4:] == ["moved", "release_queued", "shown", "message_sent"]
    assert (release.done_at, outcomes(release)) == (THEN, ["told"])
    assert services.take_effect(now=THEN + HELD) == 0
    assert len(mails("decision_told")) == 1


def test_it_can_be_taken_back_until_then_and_its_words_stay() -> None:
    [application] = applicants(1)
    release = prepared([decided(application, "offer")])
    assert services.edit(item=release.items[0], subject="Mine", text="My own words")
    assert services.queue(release=release, actor=releaser(), now=NOW)
    assert not services.queue(release=release, actor=releaser(), now=NOW), "twice"
    assert not services.edit(item=release.items[0], subject="", text=""), "it is held"
    assert services.take_back(release=release, actor=releaser(), now=THEN)
    assert not services.take_back(release=release, actor=releaser(), now=THEN)
    assert services.take_effect(now=THEN) == 0
    assert (shown(application), kinds(application)[-1]) == ("submitted", "release_taken_back")
    assert services.queue(release=release, actor=releaser(), now=THEN)
    assert services.take_effect(now=THEN + HELD) == 1
    [mail] = mails("decision_told")
    assert (mail.subject, "My own words" in mail.text) == ("Mine", True)
    assert not services.take_back(release=release, actor=releaser(), now=THEN)
    assert not services.discard(release=release)


def test_what_is_forgotten_leaves_the_decision() -> None:
    [application] = applicants(1)
    release = prepared([decided(application, "offer")])
    assert services.discard(release=release)
    assert db.session.scalars(select(ReleaseItem)).all() == []
    assert (application.state, shown(application)) == ("offer", "submitted")


def test_a_decision_that_changed_is_skipped_with_a_word() -> None:
    changed, known, withdrawn, back, fine = everybody = applicants(5)
    release = prepared([decided(each, "offer") for each in everybody])
    services.hold_back(item=release.items[3], held_back=True)
    told([known])
    services.queue(release=release, actor=releaser(), now=NOW)
    decided(changed, "declined")
    move(withdrawn, "withdrawn")
    services.take_effect(now=THEN)
    assert outcomes(release) == ["changed", "known", "withdrawn", "held_back", "told"]
    assert [shown(each) for each in everybody] == ["submitted", "offer", "withdrawn", "submitted", "offer"]
    assert Counter(mail.topic for mail in mails("decision_told")) == {known.reference: 1, fine.reference: 1}
    assert kinds(changed)[-1] == kinds(withdrawn)[-1] == "release_skipped"
    assert "release_queued" not in kinds(back)


def test_without_a_time_to_be_held_it_is_told_at_once(app: Flask) -> None:
    app.config["HOLD_MINUTES"] = 0
    [application] = applicants(1)
    queued([decided(application, "interview")])
    assert (shown(application), len(mails("decision_told"))) == ("interview", 1)


def test_nothing_to_tell_is_no_release() -> None:
    with pytest.raises(services.NothingToReleaseError):
        services.prepare(messages=[], actor=releaser(), now=NOW)
    [application] = applicants(1)
    release = prepared([decided(application, "offer")])
    services.hold_back(item=release.items[0], held_back=True)
    assert not services.queue(release=release, actor=releaser(), now=NOW)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_preview_is_the_mail_to_the_last_sign(key: str, locale: Locale) -> None:
    [application] = applicants(1, locale=locale)
    if key == "message":
        messages = services.free_messages([application], services.free_template())
    else:
        messages = services.decision_messages([decided(application, key)])
    release = services.prepare(messages=messages, actor=releaser(), now=NOW)
    preview = services.mail_of(release.items[0])
    services.queue(release=release, actor=releaser(), now=NOW)
    services.take_effect(now=THEN)
    mail = mails_of(application.reference)[-1]
    assert (mail.recipient, mail.reply_to, mail.subject, mail.text) == (
        preview.to, preview.reply_to, preview.subject, preview.text,
    )  # fmt: skip
    assert mail.locale == locale
    assert application.reference in mail.text
    assert "测试·0" in mail.text
    assert not {"{", "}"} & set(mail.subject + mail.text)


@pytest.mark.parametrize(
    ("locale", "asks"),
    [("zh", "，请在 2026 年 10 月 1 日 24:00（UTC+8）前答复"), ("en", ", answer by 1 October 2026, 24:00 (UTC+8)")],
)
def test_the_subject_of_an_offer_says_its_last_day_where_it_has_one(locale: Locale, asks: str) -> None:
    with_day, without = applicants(2, locale=locale)
    for application, due_at in ((with_day, datetime(2026, 10, 1, 16, tzinfo=UTC)), (without, None)):
        choice = Choice(State.OFFER, answer_due_at=due_at)
        with transaction() as session:
            put(session, application=application, choice=choice, actor=releaser(), now=NOW)
    first, second = services.decision_messages([with_day, without])
    title = words_for(State.OFFER, locale).subject
    assert first.subject == f"{title}: {with_day.reference}{asks}"
    assert second.subject == f"{title}: {without.reference}"


def test_a_worker_that_dies_in_between_leaves_each_told_or_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = applicants(3)
    release = queued([decided(each, "offer") for each in everybody])

    def die_at_the_second(*args: Any, **facts: Any) -> None:
        if facts["application"].name == "测试·1":
            raise SystemExit
        notify_applicant(*args, **facts)

    monkeypatch.setattr(services, "notify_applicant", die_at_the_second)
    with pytest.raises(SystemExit):
        services.take_effect(now=THEN)
    db.session.rollback()
    assert [shown(each) for each in everybody] == ["offer", "submitted", "submitted"]
    assert len(mails("decision_told")) == 1
    assert not services.take_back(release=release, actor=releaser(), now=THEN), "some have heard of it"
    monkeypatch.undo()
    assert services.take_effect(now=THEN) == 2
    assert [shown(each) for each in everybody] == ["offer"] * 3
    assert sorted(Counter(mail.topic for mail in mails("decision_told")).values()) == [1, 1, 1]


def test_one_that_fails_keeps_no_other_back(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = applicants(3)
    queued([decided(each, "offer") for each in everybody])

    def fail_at_the_first(*args: Any, **facts: Any) -> None:
        if facts["application"].name == "测试·0":
            raise ValueError
        notify_applicant(*args, **facts)

    monkeypatch.setattr(services, "notify_applicant", fail_at_the_first)
    assert services.take_effect(now=THEN) == 2
    monkeypatch.undo()
    assert services.take_effect(now=THEN) == 1


def _at_once(app: Flask, *acts: Callable[[], object]) -> None:
    """Each on a thread of its own, all beginning together."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait(20)
            act()
            db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_two_workers_tell_everybody_once(app: Flask) -> None:
    everybody = applicants(8)
    release = queued([decided(each, "offer") for each in everybody])
    told_by: list[int] = []
    _at_once(app, *[lambda: told_by.append(services.take_effect(now=THEN))] * 3)
    assert sum(told_by) == 8
    services.take_effect(now=THEN)
    assert outcomes(release) == ["told"] * 8
    assert sorted(Counter(mail.topic for mail in mails("decision_told")).values()) == [1] * 8


def test_taken_back_and_told_at_once_is_one_of_both(app: Flask) -> None:
    everybody = applicants(4)
    release = queued([decided(each, "offer") for each in everybody])
    key, taken_back = release.key, []

    def take_back() -> None:
        found = db.session.scalars(select(MessageRelease).where(MessageRelease.key == key)).one()
        taken_back.append(services.take_back(release=found, actor=releaser(), now=THEN))

    _at_once(app, take_back, lambda: services.take_effect(now=THEN))
    heard = {shown(each) for each in everybody}
    assert heard == ({"submitted"} if taken_back == [True] else {"offer"})
    assert len(mails("decision_told")) == (0 if taken_back == [True] else 4)


def test_a_mail_server_that_is_down_loses_nothing_and_sends_nothing_twice(app: Flask) -> None:
    everybody = applicants(MANY)
    with Mailbox() as mailbox:
        app.config.update(mailbox.environ, MAIL_PORT=mailbox.port)
        mailbox.stop()
        told([decided(each, "offer" if number % 2 else "declined") for number, each in enumerate(everybody)])
        files = Files()
        now = THEN
        deliver_due(now=now, read_attachment=files.read)
        assert len(mails("decision_told")) == MANY
        assert mailbox.letters == []
        mailbox.start()
        while any(mail.state != "accepted" for mail in mails("decision_told")):
            now += timedelta(minutes=1)
            deliver_due(now=now, read_attachment=lambda _: b"")
            assert now < THEN + timedelta(hours=3)
    sent = [letter for letter in mailbox.letters if letter.recipients[0].startswith("applicant-")]
    of_decisions = [letter for letter in sent if "offer" in letter.message["Subject"].lower()]
    assert len(of_decisions) == MANY
    assert len({letter.message["Message-ID"] for letter in of_decisions}) == MANY
