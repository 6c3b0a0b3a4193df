"""No form does anything without the token of the session it was shown in."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from s2group.core.permissions import Role
from s2group.extensions import Base, db
from tests.support import applying
from tests.support.contributing import contribution_values
from tests.support.drafting import draft_values
from tests.support.owning import own_values
from tests.support.refereeing import letter_values
from tests.support.signing_in import address_token, password_token, sign_in_token
from tests.support.staff import sign_in

# An applicant's forms answer a lost session with their own page, so that nothing typed is lost.
KEEPS_WHAT_WAS_TYPED = (
    "apply.start",
    "apply.check",
    "apply.find_status",
    "apply.topic",
    "apply.check_address",
    "apply.draft_check",
    "apply.files",
    "apply.file",
    "apply.elsewhere",
    "apply.ask_to_continue",
    "apply.use_link",
    "apply.answer",
    "apply.letter",
    "apply.choose_slot",
    "apply.withdraw",
    "apply.take_back",
    "apply.accept_offer",
    "apply.refuse_offer",
    "apply.requested",
    "apply.delete",
    "editor.ask_for_sign_in_link",
    "editor.sign_in_by_link",
    "editor.confirm_notify_address",
    "editor.choose_password",
    "editor.contribute",
    "editor.contribute_news",
    "editor.contribute_paper",
)


def _rows() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_every_post_without_a_token_is_refused_and_changes_nothing(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    sign_in(client, Role.ADMIN)
    known, of_some = draft_values(), letter_values() | own_values(client)
    of_some["editor.sign_in_by_link"] = {"token": sign_in_token()}
    of_some["review.interview_slot"] = {"slot_id": 1}
    of_some["review.end_of_extension"] = {"extension_id": 1}
    of_some["review.take_back_asked"] = {"request_id": 1}
    of_some["editor.confirm_notify_address"] = {"token": address_token()}
    of_some["editor.choose_password"] = {"token": password_token()}
    of_some |= contribution_values()
    of_some["editor.account"] = {"account_id": 1}
    before = _rows()
    refused = {}
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        every = known | of_some.get(rule.endpoint, {})
        values = {name: every.get(name, "anything") for name in rule.arguments}
        address = app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
        refused[rule.endpoint] = client.post(address, data={**applying.REQUIRED, "resume": applying.pdf()}).status_code
    assert refused == {endpoint: 422 if endpoint in KEEPS_WHAT_WAS_TYPED else 400 for endpoint in refused}
    assert len(refused) >= 6
    changed = {name for name, count in _rows().items() if count != before[name]}
    assert changed <= {"document"}, "an upload may be kept for the form that comes back; nothing else may be"
