"""Whatever somebody was granted: no page, file, count, mail or notice tells of an application that they may not see."""

import re

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from sqlalchemy import select, update

from s2group.core.database import transaction
from s2group.core.permissions import Action, Role
from s2group.evaluation.access import mails_visible_to, visible_to
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support import bounces
from tests.support.applying import MORNING
from tests.support.extent import chosen
from tests.support.visibility import DECIDE, GRANTS, MAY, READ, Given, Reader, Seen

LISTS = ("", "applications/", "applications/?q=status:submitted", "applications/?q=status:offer", "requirements/")
COUNT = re.compile(r'class="count">(\d+)<')
EXAMPLES = {"sqlite": chosen(short=3, long=10), "postgresql": chosen(short=1, long=3)}


@pytest.fixture
def reader(app: Flask) -> Reader:
    return Reader(app)


def test_nothing_is_reached_that_was_not_granted(reader: Reader) -> None:
    name = db.engine.dialect.name

    @settings(max_examples=EXAMPLES[name], deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(GRANTS)
    @example({(Role.ADMIN, None)})
    @example({(Role.PI, 0), (Role.REVIEWER, 1)})
    def explore(grants: set[Given]) -> None:
        reader.grant(grants)
        the_queries_give_what_was_granted(reader)
        each_page_and_file_is_there_or_not(reader)
        the_lists_tell_of_nobody_else(reader)
        the_mail_desk_tells_of_nobody_else(reader)
        a_notice_that_came_back_tells_nothing(reader)

    explore()


def the_queries_give_what_was_granted(reader: Reader) -> None:
    for action in MAY:
        found = {application.reference for application in db.session.scalars(visible_to(reader.user, action))}
        assert found == {each.reference for each in reader.sees(action)}, (reader.grants, action)


def each_page_and_file_is_there_or_not(reader: Reader) -> None:
    for each in reader.every:
        for address, action in each.pages.items():
            there = each in reader.sees(action)
            response = reader.client.get(address)
            response.close()
            assert response.status_code == (200 if there else 404), (reader.grants, address)
            if action == DECIDE and not there:
                assert reader.post(address) == 404, (reader.grants, address)
        there = each in reader.sees(DECIDE)
        status = reader.client.get(each.route_address).status_code
        assert status == (200 if there else 404), (reader.grants, each.route_address)
        assert there or reader.post(each.route_address, version="2") == 404, (reader.grants, each.route_address)


def the_lists_tell_of_nobody_else(reader: Reader) -> None:
    seen = reader.sees(READ)
    if not any(role in MAY[READ] for role, _ in reader.grants):
        assert [reader.client.get(f"/en/review/{each}").status_code for each in LISTS] == [404] * len(LISTS)
        return
    pages = {f"/en/review/{each}" for each in LISTS} | {
        f"/en/review/applications/?after={each.reference}" for each in reader.every
    }
    pages |= {f"/en/review/{each.reference}/" for each in seen}
    for page in pages:
        tells_of_nobody_else(reader, page, reader.text(page), READ)
    first = reader.text("/en/review/applications/")
    assert all(each.reference in first for each in seen)
    assert COUNT.findall(first)[:1] == [str(len(seen))] if seen else COUNT.findall(first) == []
    # Whoever names an application that they do not see is not told where it stands among theirs.
    for each in [each for each in reader.every if each not in seen]:
        assert not any(
            other.reference in reader.text(f"/en/review/applications/?after={each.reference}") for other in reader.every
        )


def tells_of_nobody_else(reader: Reader, page: str, text: str, action: Action) -> None:
    for each in [each for each in reader.every if each not in reader.sees(action)]:
        for words in (each.name, each.reference, *each.mail_keys):
            assert words not in text, (reader.grants, page, words)


def the_mail_desk_tells_of_nobody_else(reader: Reader) -> None:
    seen, action = reader.sees(Action.MANAGE_MAIL), Action.MANAGE_MAIL
    visible = {mail.key for mail in db.session.scalars(mails_visible_to(reader.user))}
    assert visible == {key for each in seen for key in each.mail_keys}
    for each in reader.every:
        for key in each.mail_keys:
            address = f"/en/review/mail/{key}/"
            assert reader.client.get(address).status_code == (200 if each in seen else 404), (reader.grants, address)
        if each not in seen:
            assert reader.post(f"/en/review/mail/{each.mail_keys[0]}/", action="again") == 404, reader.grants
    if not any(role in MAY[action] for role, _ in reader.grants):
        assert reader.client.get("/en/review/mail/").status_code == 404
        return
    desk = reader.text("/en/review/mail/")
    tells_of_nobody_else(reader, "the desk", desk, action)
    assert sum(map(int, COUNT.findall(desk))) == len(visible)
    all_sent_again(reader, seen)


def all_sent_again(reader: Reader, seen: list[Seen]) -> None:
    """'Send all again' moves the reader's own mail, and no other."""
    assert reader.post("/en/review/mail/") == 303
    stuck = set(db.session.scalars(select(OutboxMail.message_id).where(OutboxMail.state == "stuck")))
    assert stuck == {each.message_id for each in reader.every} - {each.message_id for each in seen}
    set_all(reader, state="stuck")


def a_notice_that_came_back_tells_nothing(reader: Reader) -> None:
    seen = reader.sees(Action.MANAGE_MAIL)
    if not any(role in MAY[Action.MANAGE_MAIL] for role, _ in reader.grants):
        return
    set_all(reader, state="accepted", accepted_at=MORNING)
    for each in reader.every:
        notice = bounces.postfix(each.message_id).decode()
        status = reader.post("/en/review/mail/bounce/", text=notice)
        assert status == (302 if each in seen else 422), (reader.grants, each.name)
        db.session.rollback()
        state = select(OutboxMail.state).where(OutboxMail.message_id == each.message_id)
        assert db.session.scalar(state) == ("bounced" if each in seen else "accepted")
    set_all(reader, state="stuck", accepted_at=None, bounce_text=None)


def set_all(reader: Reader, **values: object) -> None:
    with transaction() as session:
        first = OutboxMail.message_id.in_([each.message_id for each in reader.every])
        session.execute(update(OutboxMail).where(first).values(**values))
