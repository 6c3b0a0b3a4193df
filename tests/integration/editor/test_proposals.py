"""Members keep their own profiles by a mailed link, and an editor decides on what they propose."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from s2group.audit.models import Event
from s2group.content.editing import record_at
from s2group.content.loading import load_content
from s2group.content.news.models import NewsItem
from s2group.content.people.files import MEMBER
from s2group.content.people.models import Member
from s2group.content.proposals.models import Proposal
from s2group.content.proposals.rules import MOST_WAITING, OF_ITS_OWNER, changes, overtaken
from s2group.content.publications.models import Publication
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.links.rules import LIFETIMES, Purpose
from tests.support import pictures
from tests.support.changing import mails
from tests.support.forms import as_shown, send
from tests.support.full_content import write_full_content
from tests.support.headings import text_of
from tests.support.staff import MORNING, sign_in, submit

ASK = "/en/editor/member/test-yi/ask/"
LINK = re.compile(r"http://[^/]+(/en/contribute/[\w-]{32}/)")
PAPER = "@article{new2026, title={A Paper That Nobody Knew}, author={Test, Yi}, journal={Test Journal}, year={2026}}"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def editor(app: Flask, tmp_path: Path) -> FlaskClient:
    """A client signed in as an editor, of a portal with a record in full."""
    load_content(write_full_content(tmp_path / "content"), now=MORNING)
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client


@pytest.fixture
def profile(editor: FlaskClient) -> str:
    """The path behind the link that a member was mailed."""
    answer = submit(editor, ASK, email="yi@example.org", locale="en")
    assert answer.status_code == 303
    mail = mails("profile_asked")[-1]
    assert (mail.recipient, mail.reply_to) == ("yi@example.org", "editor@example.org")
    found = LINK.search(mail.text)
    assert found
    return found[1]


def yi() -> Member:
    db.session.rollback()
    found = record_at(MEMBER, "test-yi")
    assert isinstance(found, Member)
    return found


def waiting() -> list[Proposal]:
    db.session.rollback()
    return list(db.session.scalars(select(Proposal).order_by(Proposal.id)))


def decide(editor: FlaskClient, action: str, **typed: str) -> TestResponse:
    path = f"/en/editor/proposals/{waiting()[0].id}/"
    return send(editor, path, action=action, **typed)


def events() -> list[str]:
    """What happened, but for signing in."""
    db.session.rollback()
    kinds = db.session.scalars(select(Event.kind).order_by(Event.id))
    return [kind for kind in kinds if kind not in ("account_made", "signed_in", "role_granted")]


def test_a_change_of_a_profile_is_seen_by_visitors_once_an_editor_accepts_it(
    app: Flask, editor: FlaskClient, profile: str
) -> None:
    visitor, before = app.test_client(), MEMBER.of(yi())
    assert send(visitor, profile, focus_en="Whales that sing at night").status_code == 303
    assert MEMBER.of(yi()) == before
    [proposal] = waiting()
    assert proposal.said == {"focus": {"zh": before["focus"].zh, "en": "Whales that sing at night"}}
    page = visitor.get(profile).text
    assert "The form shows what you proposed on" in page and 'value="Whales that sing at night"' in page
    [told] = mails("proposal_made")
    assert (told.recipient, f"/editor/proposals/{proposal.id}/" in told.text) == ("editor@example.org", True)
    assert "1 waits for you" in text_of(editor.get("/en/editor/").text)
    shown = text_of(editor.get(f"/en/editor/proposals/{proposal.id}/").text)
    assert "Whales that sing at night" in shown and before["focus"].en in shown
    assert decide(editor, "accept", note="Thank you").headers["Location"] == "/en/editor/proposals/"
    assert MEMBER.of(yi()) == {**before, "focus": LocalizedText(before["focus"].zh, "Whales that sing at night")}
    assert "Whales that sing at night" in visitor.get("/en/members/test-yi/").text
    [mail] = mails("proposal_accepted")
    assert "your changes are on your profile now." in mail.text and "Thank you" in mail.text
    assert waiting() == []
    assert events() == ["profile_asked", "proposal_made", "record_changed", "proposal_accepted"]


def test_a_photo_that_a_member_sends_takes_the_place_of_theirs(app: Flask, editor: FlaskClient, profile: str) -> None:
    visitor, before = app.test_client(), MEMBER.of(yi())["photo"]
    data = as_shown(visitor.get(profile).text)
    broken = visitor.post(profile, data={**data, "photo_upload": (BytesIO(b"no picture"), "me.jpg")})
    unknown = visitor.post(profile, data={**data, "photo": "people/nobody.png"})
    assert (broken.status_code, unknown.status_code, waiting()) == (422, 422, [])
    sent = visitor.post(profile, data={**data, "photo_upload": (BytesIO(pictures.make_jpeg()), "me.jpg")})
    assert (sent.status_code, MEMBER.of(yi())["photo"]) == (303, before)
    assert decide(editor, "accept").status_code == 303
    photo = MEMBER.of(yi())["photo"]
    assert photo != before and visitor.get("/members/test-yi/").status_code == 200


def test_what_is_declined_changes_nothing_and_is_told_with_the_reason(
    app: Flask, editor: FlaskClient, profile: str
) -> None:
    before = MEMBER.of(yi())
    send(app.test_client(), profile, focus_en="Whales")
    assert decide(editor, "decline", note="Whales are another group's").status_code == 303
    assert (MEMBER.of(yi()), waiting()) == (before, [])
    [mail] = mails("proposal_declined")
    assert "your changes were not put on your profile." in mail.text and "Whales are another group's" in mail.text
    assert editor.get("/en/editor/proposals/").status_code == 200


def test_the_second_proposal_takes_the_place_of_the_first_and_an_undone_one_goes(
    app: Flask, editor: FlaskClient, profile: str
) -> None:
    visitor, before = app.test_client(), yi().focus.en
    send(visitor, profile, focus_en="Whales")
    send(visitor, profile, focus_en="Seals")
    assert [each.said["focus"]["en"] for each in waiting()] == ["Seals"]
    answer = send(visitor, profile, focus_en=before)
    assert (answer.status_code, waiting()) == (303, [])
    assert "Nothing of your profile is proposed to change." in visitor.get(profile).text


def test_what_an_editor_changed_since_is_told_and_other_fields_stay(
    app: Flask, editor: FlaskClient, profile: str
) -> None:
    send(app.test_client(), profile, focus_en="Whales")
    page = editor.get(path := f"/en/editor/proposals/{waiting()[0].id}/").text
    assert send(editor, "/en/editor/member/test-yi/", focus_en="Seals", email="yi@example.com").status_code == 303
    late = editor.post(path, data={**as_shown(page), "action": "accept"})
    assert late.status_code == 409
    assert "Somebody else saved this profile in the meantime." in late.text
    assert "Changed by somebody since this was proposed: Focus." in text_of(late.text)
    again = editor.post(path, data={**as_shown(late.text), "action": "accept"})
    assert (again.status_code, yi().focus.en, yi().email) == (303, "Whales", "yi@example.com")


def test_two_editors_decide_once(app: Flask, editor: FlaskClient, profile: str) -> None:
    send(app.test_client(), profile, focus_en="Whales")
    page = editor.get(path := f"/en/editor/proposals/{waiting()[0].id}/").text
    assert decide(editor, "decline").status_code == 303
    late = editor.post(path, data={**as_shown(page), "action": "accept"})
    assert (late.status_code, yi().focus.en == "Whales", len(mails("proposal_declined"))) == (410, False, 1)


def test_an_accepted_news_item_becomes_a_draft(app: Flask, editor: FlaskClient, profile: str) -> None:
    visitor = app.test_client()
    assert send(visitor, f"{profile}news/").status_code == 422
    sent = send(visitor, f"{profile}news/", day="2026-08-31", title_en="We met whales", body_en="**Twice**")
    assert sent.status_code == 303
    assert "1 news item or paper of yours waits" in visitor.get(profile).text
    accepted = decide(editor, "accept")
    item = db.session.scalars(select(NewsItem).where(NewsItem.form_key.startswith("proposal-"))).one()
    assert accepted.headers["Location"] == f"/en/editor/news/{item.slug}/"
    assert (item.title.en, item.body.en, item.published_at) == ("We met whales", "**Twice**", None)
    assert "an editor puts it into shape and publishes it" in mails("proposal_accepted")[0].text


def test_an_accepted_paper_stands_among_those_of_the_group(app: Flask, editor: FlaskClient, profile: str) -> None:
    visitor = app.test_client()
    refused = send(visitor, f"{profile}paper/", bibtex="A Paper That Nobody Knew, 2026")
    assert refused.status_code == 422 and "No entry can be read from this" in refused.text
    assert send(visitor, f"{profile}paper/", bibtex=PAPER).status_code == 303
    page = editor.get(f"/en/editor/proposals/{waiting()[0].id}/").text
    assert "Accepting it adds the paper to those of the group at once." in page
    assert decide(editor, "accept").status_code == 303
    stored = select(func.count()).select_from(Publication).where(Publication.title == "A Paper That Nobody Knew")
    assert db.session.scalar(stored) == 1
    send(visitor, f"{profile}paper/", bibtex=PAPER)
    assert "The group has this paper already" in editor.get(f"/en/editor/proposals/{waiting()[0].id}/").text


def test_no_more_waits_than_an_editor_can_read(app: Flask, editor: FlaskClient, profile: str) -> None:
    visitor = app.test_client()
    data = {**as_shown(visitor.get(f"{profile}news/").text), "title_en": "We met whales"}
    answers = [visitor.post(f"{profile}news/", data=data).status_code for _ in range(MOST_WAITING + 1)]
    assert (answers, len(waiting())) == ([303] * MOST_WAITING + [422], MOST_WAITING)
    last = visitor.post(f"{profile}news/", data=data).text
    assert "no more is taken now" in last and 'value="We met whales"' in last


def test_a_link_ends_with_the_next_one_its_time_and_its_member(
    app: Flask, editor: FlaskClient, profile: str, clock: time_machine.Traveller
) -> None:
    visitor = app.test_client()
    assert visitor.get(profile).headers["Cache-Control"] == "no-store"
    submit(editor, ASK, email="yi@example.org", locale="en")
    assert visitor.get(profile).status_code == 410
    found = LINK.search(mails("profile_asked")[-1].text)
    assert found
    assert visitor.get(found[1]).status_code == 200
    with time_machine.travel(MORNING + LIFETIMES[Purpose.CONTRIBUTE] + timedelta(minutes=1)):
        assert visitor.get(found[1]).status_code == 410
    db.session.delete(yi())
    db.session.commit()
    assert visitor.get(found[1]).status_code == 410


def test_a_member_says_nothing_of_what_is_the_groups(app: Flask, editor: FlaskClient, profile: str) -> None:
    sent = send(app.test_client(), profile, role="pi", slug="test-jia", focus_en="Whales")
    assert (sent.status_code, [set(each.said) for each in waiting()]) == (303, [{"focus"}])


def test_changes_are_those_of_fields_that_are_their_owners() -> None:
    now = dict.fromkeys(OF_ITS_OWNER, "") | {"role": "phd"}
    assert changes(now, {**now, "email": "yi@example.org", "role": "pi"}) == {"email": "yi@example.org"}
    assert overtaken({"email": "a", "focus": "b"}, {"email": "a", "focus": "c"}) == ["focus"]
