"""What lets the portal write about interviews, offers, mentions and later applications: a mail of each kind."""

import re
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.accounts.rules import Notify
from s2group.accounts.services import add_account
from s2group.admissions.interviews.services import by_the_clock, choose, none_fits
from s2group.admissions.models import Application
from s2group.admissions.offers import services as offers
from s2group.admissions.offers import terms
from s2group.admissions.rules.states import State
from s2group.admissions.services.asked_again import answer_again, ask_again
from s2group.admissions.services.extensions import extend
from s2group.content.people.models import Member
from s2group.content.proposals.models import Proposal
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.core.permissions import Role
from s2group.evaluation.discussion.services import add_comment, send_digests
from s2group.evaluation.interviews import services as interviews
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from tests.support.forms import as_shown
from tests.support.interviewing import NOW, a_round, hour, invited, slots
from tests.support.moving import move
from tests.support.staff import PASSWORD, form_token, sign_in, submit

DAY = timedelta(days=1)
LONG_TEXT = "带上身份证。" * 60 + "\nhttps://example.org/" + "b" * 300
LONG_PLACE = "https://meeting.example.org/" + "c" * 170


def tell_of_interviews(application: Application, actor: User) -> None:
    """Invite, remind and be told that no time suits; agree on one, remind of it, and call it off."""
    move(application, "interview")
    long_title = LocalizedText("样本面试" * 10, "Sample interviews " * 5)
    interview_round = a_round(title=long_title, text=LocalizedText(LONG_TEXT, LONG_TEXT), place=LONG_PLACE)
    slot = slots(interview_round)[0]
    interview = invited(interview_round, application, actor)
    interviews.remind(interview=interview, actor=actor, told_at=NOW, now=NOW)
    none_fits(interview=interview, why=LONG_TEXT, timezone="America/New_York", now=NOW)
    choose(interview=interview, slot_id=slot.id, timezone="America/New_York", now=NOW)
    by_the_clock(now=hour("08:00"))
    interviews.free(interview=interview, actor=actor, told_at=hour("08:00"), now=hour("08:00"))


def tell_of_an_offer(application: Application) -> None:
    """Offer a place, remind of it, and have it accepted."""
    with transaction() as session:
        terms.set_due(session, application, NOW + 7 * DAY)
    move(application, "offer", at=NOW)
    last_day = NOW + 6 * DAY
    offers.remind(now=last_day)
    offers.answer(application=application, to=State.ACCEPTED, now=last_day)


def mention_a_colleague(application: Application, client: FlaskClient, actor: User, now: datetime) -> None:
    """A colleague is mentioned at once and then once a day, and asks for such mail at another address."""
    email = "colleague@example.org"
    colleague = add_account(email=email, role=Role.REVIEWER, password=PASSWORD, now=now)
    add_comment(application=application, text="-", chosen=[colleague], actor=actor, now=now)
    submit(client, "/en/account/login", email=email, password=PASSWORD)
    chosen = {"locale": "zh", "notify": Notify.DAILY.value, "notify_email": "elsewhere@example.org"}
    assert submit(client, "/en/account/settings/", name="测试·" + "林" * 30, **chosen).status_code == 303
    add_comment(application=application, text="-", chosen=[colleague], actor=actor, now=now)
    assert send_digests(now=now) == 1


def let_somebody_in(client: FlaskClient) -> None:
    """An administrator invites a colleague, resets a second factor, and has a link to another password mailed."""
    admin = client.application.test_client()
    sign_in(admin, Role.ADMIN)
    invited = {"email": "invited@example.org", "role": "editor", "route": "", "locale": "zh"}
    assert submit(admin, "/en/editor/accounts/invite/", **invited).status_code == 303
    token = form_token(admin.get("/en/account/settings/").text)
    assert admin.post("/en/account/password/", data={"csrf_token": token}).status_code == 303
    invited_id = db.session.scalars(select(User.id).where(User.email == invited["email"])).one()
    data = {"csrf_token": token, "action": "reset_factor"}
    assert admin.post(f"/en/editor/accounts/{invited_id}/", data=data).status_code == 303


def let_a_member_propose(client: FlaskClient) -> None:
    """A member is asked to keep their profile, and an editor takes over the first change and not the second."""
    editor, member = client.application.test_client(), client.application.test_client()
    sign_in(editor, Role.EDITOR)
    slug = db.session.scalars(select(Member.slug)).first()
    asked = submit(editor, f"/en/editor/member/{slug}/ask/", email="member@example.org", locale="zh")
    assert asked.status_code == 303
    text = db.session.scalars(select(OutboxMail.text).where(OutboxMail.message == "profile_asked")).one()
    found = re.search(r"/contribute/[\w-]{32}/", text)
    assert found
    for number, action in enumerate(("accept", "decline")):
        data = {**as_shown(member.get(found[0]).text), "focus_en": f"Whales {number}"}
        assert member.post(found[0], data=data).status_code == 303
        path = f"/en/editor/proposals/{db.session.scalars(select(Proposal.id)).one()}/"
        decided = {**as_shown(editor.get(path).text), "action": action, "note": LONG_TEXT}
        assert editor.post(path, data=decided).status_code == 303


def ask_once_more(application: Application, actor: User, now: datetime) -> None:
    """Ask for one answer once more, and get another one."""
    asked = ask_again(
        application=application, question="name", text=LONG_TEXT, due_at=now + DAY, told_at=now, actor=actor, now=now
    )
    answer_again(asked=asked, answers={"name": f"{application.name}乙"}, now=now)


def extend_for_one(application: Application, actor: User, now: datetime) -> None:
    """Let somebody else apply later to the same route."""
    extend(
        route=application.route,
        email="later@example.org",
        until=now + 9 * DAY,
        locale="en",
        actor=actor,
        told_at=now,
        now=now,
    )


def recipients(mails: dict[str, OutboxMail]) -> set[str]:
    """To whom these mails go."""
    return {address for mail in mails.values() for address in mail.to}
