"""Long lists of the editor come a page at a time, and cost the same however long they are."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.accounts.models import User
from s2group.content.people.models import Member
from s2group.content.proposals.models import Contributor, Proposal
from s2group.content.records.models import Revision
from s2group.content.trash.models import RemovedRecord
from s2group.extensions import db
from tests.support.queries import recorded_statements
from tests.support.staff import MORNING

NEXT = re.compile(r'rel="next" href="([^"]+)"')


def removed(number: int, user_id: int) -> None:
    named = {"title": {"zh": "", "en": f"No. {number}."}}
    db.session.add(
        RemovedRecord(
            kind="page", key=f"page-{number}", record_id=number, values=named, rest={}, former_keys=[], named_by=[],
            removed_at=MORNING, actor_id=user_id,
        )
    )  # fmt: skip


def proposed(number: int, user_id: int) -> None:
    contributor = db.session.scalar(select(Contributor))
    if contributor is None:
        member = db.session.scalars(select(Member)).first()
        assert member
        contributor = Contributor(
            key="k" * 32, member=member, email="member@example.org", locale="en", asked_by_id=user_id
        )
    said = {"title": {"zh": "", "en": f"No. {number}."}, "body": {"zh": "", "en": ""}, "day": "2026-09-01"}
    made = MORNING + timedelta(minutes=number)
    db.session.add(Proposal(contributor=contributor, kind="news", said=said, before={}, made_at=made))


def revised(number: int, user_id: int) -> None:
    profile = {"claim": {"zh": "", "en": f"No. {number}."}}
    newest = db.session.scalars(select(Revision).where(Revision.kind == "profile")).first()
    assert newest
    db.session.add(
        Revision(
            kind="profile", record_id=newest.record_id, number=1 + number, values={**(newest.values or {}), **profile},
            at=MORNING, actor_id=user_id, in_files=False,
        )
    )  # fmt: skip


# By name: the address, what adds a row, how many a page has, the pattern of a row, and whether the newest comes first.
LISTS = {
    "trash": ("/en/editor/trash/", removed, 50, r'name="id" value="(\d+)"', True),
    "proposals": ("/en/editor/proposals/", proposed, 50, r"/editor/proposals/(\d+)/", False),
    "versions": ("/en/editor/profile/profile/revisions/", revised, 20, r"<h2>Version (\d+)</h2>", True),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_row_is_on_one_of_the_pages(editor: FlaskClient, name: str) -> None:
    address, add, size, row, is_newest_first = LISTS[name]
    user_id, costs = db.session.scalars(select(User.id)).one(), list[int]()
    for many in (range(1, 4), range(4, size + 4)):
        for number in many:
            add(number, user_id)
        db.session.commit()
        with recorded_statements() as statements:
            page = editor.get(address).text
        costs.append(len(statements))
    assert costs[0] == costs[1]
    found = [int(number) for number in re.findall(row, page)]
    assert len(found) == size
    following = NEXT.search(page)
    assert following
    rest = editor.get(following[1]).text
    seen = found + [int(number) for number in re.findall(row, rest)]
    assert seen == sorted(set(seen), reverse=is_newest_first)
    assert len(seen) == size + 3 + (name == "versions")
    assert NEXT.search(rest) is None
    assert editor.get(f"{address}?after=x").status_code == 404
