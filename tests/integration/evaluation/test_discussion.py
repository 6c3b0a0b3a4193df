"""The discussion of an application, whom it mentions, and how they hear of it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.accounts.rules import Notify
from s2group.accounts.services import revoke_role
from s2group.admissions.models import Application
from s2group.audit.models import Event
from s2group.audit.rules import CommentChanged, Commented, CommentRemoved
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.evaluation.discussion import queries, services
from s2group.evaluation.discussion.models import Comment, Mention
from s2group.evaluation.reviews.queries import shows_ratings
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.privacy.deletion import delete_application
from tests.support.applying import MORNING
from tests.support.changing import mails
from tests.support.colleagues import Team, make_team, signed_in
from tests.support.queries import recorded_statements
from tests.support.staff import form_token, submit

LATER = MORNING + timedelta(hours=1)


def comments_of(user: User, application: Application) -> list[Comment]:
    is_open = shows_ratings(user, application)
    return list(queries.discussion_of(user, application, is_open=is_open)[0])


def hidden_comments(user: User, application: Application) -> int:
    return queries.discussion_of(user, application, is_open=shows_ratings(user, application))[1]


@pytest.fixture
def team(app: Flask) -> Team:
    return make_team(app)


def say(team: Team, text: str, *chosen: User, at: datetime = MORNING) -> Comment:
    return services.add_comment(application=team.here, text=text, chosen=chosen, actor=team.pi, now=at)


def wants(user: User, notify: Notify, address: str | None = None) -> None:
    with transaction():
        user.notify, user.notify_email = notify.value, address


def told() -> list[tuple[str, str]]:
    return [(mail.message, mail.recipient) for mail in mails("mention") + mails("mention_digest")]


def test_all_who_read_the_application_read_what_is_said(team: Team) -> None:
    comment = say(team, "四级 539 还是 593？")
    for reader, here in ((team.pi, [comment]), (team.reviewer, [comment]), (team.of_here, [comment])):
        assert comments_of(reader, team.here) == here
        assert comments_of(reader, team.elsewhere) == []
    other = services.add_comment(application=team.elsewhere, text="…", actor=team.pi, now=MORNING)
    assert comments_of(team.of_here, team.elsewhere) == []
    assert queries.comment_by_key(team.of_here, team.elsewhere.reference, other.key) is None
    assert [each.shown_name for each in queries.colleagues_of(team.pi, team.elsewhere)] == ["测试·小林"]
    assert [each.shown_name for each in queries.colleagues_of(team.pi, team.here)] == ["测试·小林", "测试·小郑"]


def test_what_others_say_is_hidden_as_long_as_their_ratings_are(team: Team) -> None:
    own = services.add_comment(application=team.here, text="我的话", actor=team.reviewer, now=MORNING)
    say(team, "别人的话")
    with transaction():
        team.here.route.call.hide_ratings = True
    assert comments_of(team.reviewer, team.here) == [own]
    assert [hidden_comments(user, team.here) for user in (team.reviewer, team.pi)] == [1, 1]
    with transaction():
        team.here.route.call.hide_ratings = False
    assert len(comments_of(team.reviewer, team.here)) == 2
    assert hidden_comments(team.reviewer, team.here) == 0


def test_each_hears_of_a_mention_as_they_have_chosen(team: Team) -> None:
    wants(team.reviewer, Notify.AT_ONCE, "other@example.org")
    say(team, "@测试·小林 看一下", team.of_here)
    assert told() == [("mention", "other@example.org"), ("mention", team.of_here.email)]
    wants(team.reviewer, Notify.DAILY)
    wants(team.of_here, Notify.NONE)
    say(team, "@测试·小林 @测试·小郑 再看一下")
    assert len(told()) == 2
    assert [services.send_digests(now=LATER) for _ in range(2)] == [1, 0]
    assert told()[2:] == [("mention_digest", team.reviewer.email)]
    assert [queries.mentions_waiting(user) for user in (team.reviewer, team.of_here, team.pi)] == [2, 2, 0]


def test_the_mail_tells_nothing_of_the_applicant_but_the_reference(team: Team) -> None:
    wants(team.of_here, Notify.DAILY)
    say(team, f"@测试·小林 {team.here.name} 的绩点是 3.9", team.of_here)
    services.send_digests(now=LATER)
    [mention], [digest] = mails("mention"), mails("mention_digest")
    for mail in (mention, digest):
        for secret in (team.here.name, team.here.email, "3.9"):
            assert secret not in mail.subject + mail.text + mail.html
    assert mention.subject == f"测试·陈老师提到你：{team.here.reference}"
    assert f"/review/{team.here.reference}/discussion/" in mention.text
    assert (digest.subject, "/review/mentions/" in digest.text) == ("1 条评论提到你", True)


def test_whoever_may_not_read_the_application_is_not_told(team: Team) -> None:
    services.add_comment(application=team.elsewhere, text="@测试·小郑", actor=team.pi, now=MORNING)
    assert told() == []
    wants(team.of_here, Notify.DAILY)
    say(team, "@测试·小郑")
    revoke_role(email=team.of_here.email, role=Role.REVIEWER, route_id=team.here.route_id, now=MORNING)
    assert (queries.mentions_waiting(team.of_here), services.send_digests(now=LATER)) == (0, 0)


def test_a_mention_waits_until_its_reader_has_the_discussion_before_them(app: Flask, team: Team) -> None:
    say(team, "@测试·小林 看一下")
    browser = signed_in(app, team.reviewer)
    assert "Testalpha" in browser.get("/en/review/mentions/").text
    assert "看一下" in browser.get(f"/en/review/{team.here.reference}/discussion/").text
    assert queries.mentions_waiting(team.reviewer) == 0
    assert "Nothing waits for you" in browser.get("/en/review/mentions/").text


def test_the_author_changes_a_comment_for_half_an_hour_and_its_events_keep_what_it_said(team: Team) -> None:
    comment = say(team, "四级 539")
    services.change_comment(
        comment=comment, text="四级 593 @测试·小林", actor=team.pi, now=LATER - timedelta(minutes=31)
    )
    assert (comment.text, [mention.user_id for mention in comment.mentions]) == (
        "四级 593 @测试·小林",
        [team.reviewer.id],
    )
    assert len(told()) == 1
    for actor, now in ((team.reviewer, MORNING), (team.pi, MORNING + timedelta(minutes=30))):
        with pytest.raises(services.TooLateError):
            services.change_comment(comment=comment, text="别的", actor=actor, now=now)
        with pytest.raises(services.TooLateError):
            services.remove_comment(comment=comment, actor=actor, now=now)
    services.remove_comment(comment=comment, actor=team.pi, now=MORNING)
    assert db.session.scalars(select(Mention)).all() == []
    events = db.session.scalars(select(Event).where(Event.kind.contains("comment")).order_by(Event.id)).all()
    assert [event.details for event in events] == [
        Commented(),
        CommentChanged("四级 539"),
        CommentRemoved("四级 593 @测试·小林"),
    ]
    assert {event.application_id for event in events} == {team.here.id}


def test_a_discussion_goes_with_its_application_and_so_does_the_mail_about_it(team: Team) -> None:
    say(team, "@测试·小林 看一下")
    reference = team.here.reference
    delete_application(reference=reference, reason="request", actor=None, now=MORNING)
    assert db.session.scalars(select(Comment)).all() == []
    assert "mention" not in set(db.session.scalars(select(OutboxMail.message)))


def test_a_discussion_is_read_with_a_constant_number_of_statements(team: Team) -> None:
    counts, application_id, author_id = [], team.here.id, team.pi.id
    for _ in range(2):
        application, author = db.session.get_one(Application, application_id), db.session.get_one(User, author_id)
        services.add_comment(application=application, text="@测试·小林 @测试·小郑", actor=author, now=LATER)
        with recorded_statements() as statements:
            user, application = db.session.get_one(User, author_id), db.session.get_one(Application, application_id)
            for comment in comments_of(user, application):
                assert comment.author.shown_name + "".join(each.user.shown_name for each in comment.mentions)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_comment_is_said_changed_and_taken_back_on_the_page(app: Flask, team: Team) -> None:
    browser, address = signed_in(app, team.pi), f"/en/review/{team.here.reference}/discussion/"
    empty = submit(browser, address, text="  ")
    assert (empty.status_code, "Write what you want to say" in empty.text) == (422, True)
    assert submit(browser, address, text="<b>四级</b>\n593", colleagues=str(team.reviewer.id)).status_code == 303
    page = browser.get(address).text
    assert "&lt;b&gt;四级&lt;/b&gt;<br>593" in page
    assert "to 测试·小林" in page
    key = db.session.scalars(select(Comment.key)).one()
    assert submit(browser, f"{address}{key}/", text="四级 593").status_code == 303
    other = signed_in(app, team.reviewer)
    assert f"{key}/remove" not in other.get(address).text
    token = form_token(browser.get(address).text)
    with time_machine.travel(datetime.now().astimezone() + timedelta(minutes=31)):
        browser.post(f"{address}{key}/remove/", data={"csrf_token": token})
        assert "for 30 minutes only" in browser.get(address).text
    browser.post(f"{address}{key}/remove/", data={"csrf_token": token})
    assert "四级 593" not in browser.get(address).text
    limited = signed_in(app, team.of_here)
    assert limited.get(f"/en/review/{team.elsewhere.reference}/discussion/").status_code == 404


def test_what_others_will_see_and_who_is_mailed_is_shown_before(app: Flask, team: Team) -> None:
    wants(team.of_here, Notify.DAILY)
    client, path = signed_in(app, team.pi), f"/en/review/{team.here.reference}/discussion/"
    seen = submit(client, path, text="@测试·小林 <b>看一下</b>\n第二行", colleagues=str(team.of_here.id), do="preview")
    shown = " ".join(seen.text.partition("What colleagues will see")[2].partition("</section>")[0].split())
    assert (seen.status_code, told(), comments_of(team.reviewer, team.here)) == (200, [], [])
    for words in (
        "<b>测试·陈老师</b>", "to 测试·小林, 测试·小郑", "@测试·小林 &lt;b&gt;看一下&lt;/b&gt;<br>第二行",
        "测试·小林: mailed at once", "测试·小郑: mailed with the mail of the day",
    ):  # fmt: skip
        assert words in shown
    assert "once their own rating is in" not in shown
    assert "第二行</textarea>" in seen.text and "checked" in seen.text
    with transaction():
        team.here.route.call.hide_ratings = True
    alone = submit(client, path, text="Nobody.", do="preview").text
    assert "It mentions nobody, so nobody is mailed." in alone
    assert "once their own rating is in" in alone
    assert "What colleagues will see" not in submit(client, path, text="", do="preview").text
    with time_machine.travel(MORNING, tick=False):
        comment = say(team, "@测试·小林 看一下")
        client = signed_in(app, team.pi)
        changed = submit(client, f"{path}{comment.key}/", text="@测试·小林 @测试·小郑 好", do="preview").text
    assert "测试·小林: mentioned before, not mailed again" in changed
    assert "测试·小郑: mailed with the mail of the day" in changed
    db.session.expire_all()
    assert (comment.text, len(told())) == ("@测试·小林 看一下", 1)
