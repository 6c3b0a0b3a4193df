"""What the fictional colleagues note and say to each other: tags, and a discussion."""

from datetime import datetime, timedelta

from sqlalchemy import select

from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.accounts.rules import Notify
from s2group.admissions.models import Application
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.demo.people import account
from s2group.evaluation.discussion.services import add_comment
from s2group.evaluation.search import Expression, read
from s2group.evaluation.search.services import save_search
from s2group.evaluation.tags.models import Tag
from s2group.evaluation.tags.rules import Colour
from s2group.evaluation.tags.services import add_to, make_tag
from s2group.extensions import db

# What each is called, looks like and finds by itself; who alone sees it; and every how many-th application has it.
TAGS = (
    ("会蒙古语", Colour.GREY, None, None, 7),
    ("强", Colour.GREEN, None, None, 5),
    ("待补材料", Colour.AMBER, None, None, 9),
    ("英语好", Colour.BLUE, "cet6:>=520", None, 0),
    ("留意", Colour.RED, None, Role.REVIEWER, 11),
)
SAID = (
    (Role.REVIEWER, "@测试·刘老师 四级在表上和简历上不一样，要不要问本人？"),
    (Role.PI, "先让本人补一张成绩单。@测试·小林 收到后再评。"),
    (Role.REVIEWER, "好。"),
)
# Searches that everybody finds beside the list: what they are called, and what they ask.
SEARCHES = (("六级 520 以上", "cet6:>=520"), ("等着面试", "status:interview"))


def note_and_discuss(*, now: datetime) -> None:
    """Put the tags on applications and hold the discussion, unless there are tags already.

    The PI and the reviewer hear of it once a day, so that nothing is mailed here.
    """
    staff = {role: user_by_email(account(role)) for role in (Role.PI, Role.REVIEWER)}
    pi, reviewer = staff[Role.PI], staff[Role.REVIEWER]
    if pi is None or reviewer is None or db.session.scalar(select(Tag.id).limit(1)):
        return
    with transaction():
        pi.notify = reviewer.notify = Notify.DAILY.value
    ids = db.session.scalars(select(Application.id).order_by(Application.id)).all()
    for name, colour, query, owner, every in TAGS:
        actor = reviewer if owner else pi
        tag = make_tag(name=name, colour=colour, shared=owner is None, query=query, actor=actor, now=now)
        if every:
            _put_on(tag, list(ids[::every]), actor, now)
    _discuss({Role.PI: pi, Role.REVIEWER: reviewer}, now)
    for name, query in SEARCHES:
        _keep(name, query, pi, now)


def _keep(name: str, query: str, owner: User, now: datetime) -> None:
    expression = read(query, owner, now)
    if isinstance(expression, Expression):
        save_search(name=name, expression=expression, shared=True, owner=owner, now=now)


def _put_on(tag: Tag, ids: list[int], actor: User, now: datetime) -> None:
    with transaction() as session:
        add_to(session, tag, ids, actor=actor, now=now)


def _discuss(staff: dict[Role, User], now: datetime) -> None:
    newest = db.session.scalars(select(Application).order_by(Application.submitted_at.desc()).limit(1)).one()
    for number, (role, text) in enumerate(SAID):
        at = now - timedelta(hours=len(SAID) - number)
        add_comment(application=newest, text=text, actor=staff[role], now=at)
