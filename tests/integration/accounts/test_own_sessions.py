"""Whoever is signed in sees where, and ends what they do not know."""

from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.models import BrowserSession
from s2group.audit.models import Event
from s2group.audit.rules import SessionsEnded
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.applying import apply, load_fictional_content
from tests.support.headings import text_of
from tests.support.staff import MORNING, PASSWORD, add_staff, form_token, submit

PAGE, END, NEWS = "/en/account/sessions/", "/en/account/sessions/end/", "/en/editor/news/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1 (KHTML, like Gecko) Version/17.5 Safari/605.1"


def browser(app: Flask, email: str, user_agent: str) -> FlaskClient:
    """One in which this account is signed in."""
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = user_agent
    assert submit(client, "/en/account/login", email=email, password=PASSWORD).status_code == 302
    return client


def lines(client: FlaskClient) -> list[str]:
    return [text_of(row) for row in client.get(PAGE).text.split("<tr>")[2:]]


def sessions() -> list[BrowserSession]:
    db.session.rollback()
    return list(db.session.scalars(select(BrowserSession).order_by(BrowserSession.id)))


def end(client: FlaskClient, **fields: str) -> int:
    token = form_token(client.get(PAGE).text)
    return client.post(END, data={"csrf_token": token, **fields}).status_code


def test_the_page_lists_own_sessions_and_ends_one_or_all_others(app: Flask) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        editor, other = add_staff(Role.EDITOR), add_staff(Role.PI)
        laptop, phone, third = (browser(app, editor, each) for each in (FIREFOX, SAFARI, ""))
        colleague = browser(app, other, FIREFOX)
        clock.shift(timedelta(minutes=7))
        shown = lines(laptop)
        assert [line.partition(" minutes ago")[0] for line in shown] == [
            "Unknown browser 7", "Safari, macOS 7", "Firefox, Windows this browser 7",
        ]  # fmt: skip
        first, second, _, colleagues = sessions()
        assert [each.device for each in sessions()] == ["Firefox, Windows", "Safari, macOS", "", "Firefox, Windows"]
        # Of somebody else's nothing is ended, and of none that is over.
        assert end(laptop, session=str(colleagues.id)) == 303
        assert colleague.get(NEWS).status_code == 200
        assert end(laptop, session=str(second.id)) == 303
        assert end(laptop, session=str(second.id)) == 303
        assert [each.get(NEWS).status_code for each in (laptop, phone, third)] == [200, 302, 200]
        assert end(laptop) == 303
        assert [each.get(NEWS).status_code for each in (laptop, third, colleague)] == [200, 302, 200]
        assert (len(lines(laptop)), "End all others" in laptop.get(PAGE).text) == (1, False)
        ended = select(Event).where(Event.kind == SessionsEnded.kind).order_by(Event.id)
        told = [(each.details, each.actor_id, each.subject_key) for each in db.session.scalars(ended)]
        assert told == [(SessionsEnded(1), first.user_id, str(first.user_id))] * 2
        assert end(laptop, session="all of them") == 303
        assert laptop.get(NEWS).status_code == 200
        # One's own can be ended here, too.
        assert end(laptop, session=str(first.id)) == 303
        assert laptop.get(PAGE).status_code == 302


def test_nothing_is_kept_of_an_applicants_browser(app: Flask, client: FlaskClient) -> None:
    load_fictional_content(app)
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    apply(client)
    assert [each.device for each in sessions()] == [None]
