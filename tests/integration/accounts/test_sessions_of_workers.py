"""Whatever one of gunicorn's processes ends is over in every other."""

from collections.abc import Iterator
from http.cookiejar import Cookie, CookieJar

import pytest
from flask import Flask
from sqlalchemy import delete

from s2group import create_app
from s2group.accounts.models import RoleGrant
from s2group.accounts.services import add_account, set_active, set_role
from s2group.core.clock import now
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.extensions import db
from s2group.links.rules import Purpose
from s2group.links.services import issue
from tests.support.applying import REQUIRED, RESUME, the_application
from tests.support.changing import change
from tests.support.databases import SqliteDatabases, settings
from tests.support.server import Portal, running_portal
from tests.support.staff import PASSWORD, add_staff
from tests.support.visitor import Visitor

LINK = "A link to your e-mail address"


@pytest.fixture(scope="module")
def portal(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal") / "data"
    with running_portal(settings(folder, sqlite_databases.fresh(folder))) as portal:
        yield portal


@pytest.fixture
def custody(portal: Portal) -> Iterator[Flask]:
    """The same portal's data, seen from the test."""
    app = create_app(portal.environ)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def asked_of_each(portal: Portal, visitor: Visitor, path: str) -> list[str]:
    """Where each worker leads who asks for the page: its address without what follows a question mark."""
    found = []
    for worker in portal.web_workers():
        with portal.only(worker):
            found.append(visitor.get(path).url.removeprefix(portal.url).partition("?")[0])
    assert len(found) == 2
    return found


def copied(visitor: Visitor) -> Visitor:
    """Another browser with the same cookies."""
    jar = CookieJar()
    for cookie in visitor.cookies:
        assert isinstance(cookie, Cookie)
        jar.set_cookie(cookie)
    return Visitor(visitor.url, cookies=jar)


def signed_in(portal: Portal, role: Role) -> Visitor:
    visitor = Visitor(portal.url)
    page = visitor.post("/en/account/login", email=add_staff(role), password=PASSWORD)
    assert page.status == 200, page.text
    return visitor


NEWS, SIGN_IN = "/en/editor/news/", "/en/account/login"


@pytest.mark.usefixtures("custody")
def test_a_copied_cookie_is_worth_nothing_after_the_sign_out(portal: Portal) -> None:
    visitor = signed_in(portal, Role.PI)
    thief = copied(visitor)
    assert asked_of_each(portal, thief, NEWS) == [NEWS, NEWS]
    assert visitor.post("/en/account/logout", on=NEWS).url == portal.url + "/en/"
    assert asked_of_each(portal, thief, NEWS) == [SIGN_IN, SIGN_IN]
    assert thief.get("/en/review/").url.startswith(portal.url + SIGN_IN)


@pytest.mark.usefixtures("custody")
def test_a_closed_account_and_a_changed_role_are_out_at_once(portal: Portal) -> None:
    editor, reviewer = signed_in(portal, Role.EDITOR), signed_in(portal, Role.REVIEWER)
    assert asked_of_each(portal, editor, NEWS) == [NEWS, NEWS]
    assert asked_of_each(portal, reviewer, "/en/review/") == ["/en/review/"] * 2
    set_active(email="editor@example.org", active=False, now=now())
    set_role(email="reviewer@example.org", role=Role.EDITOR, now=now())
    assert asked_of_each(portal, editor, NEWS) == [SIGN_IN, SIGN_IN]
    assert asked_of_each(portal, reviewer, "/en/review/") == [SIGN_IN, SIGN_IN]


@pytest.mark.usefixtures("custody")
def test_the_reader_of_a_former_mailbox_is_out_and_a_used_link_stays_used(portal: Portal) -> None:
    applicant, reader = Visitor(portal.url), Visitor(portal.url)
    form = applicant.opened_form("/en/apply/form/")
    receipt = applicant.send("/en/apply/", {**form, **REQUIRED}, RESUME)
    assert "/en/apply/received/" in receipt.url, receipt.text
    application = the_application()
    with transaction() as session:
        token = issue(session, purpose=Purpose.MANAGE, subject=application.reference, now=now())
    status = f"/en/apply/status/{application.reference}/"
    assert reader.post(f"/en/apply/continue/{token}/").url == portal.url + status
    assert "Change the application" in reader.get(status).text
    change(application, {"email": "new@example.org"}, now=now())
    for worker in portal.web_workers():
        with portal.only(worker):
            for path in ("data.zip", "delete/", ""):
                assert LINK in reader.get(status + path).text
    assert Visitor(portal.url).get(f"/en/apply/continue/{token}/").status == 410


@pytest.mark.usefixtures("custody")
def test_a_link_that_was_used_in_one_worker_is_used_in_all(portal: Portal) -> None:
    user = add_account(email="mailed@example.org", role=Role.EDITOR, password=PASSWORD, now=now())
    with transaction() as session:
        first, second = (
            issue(session, purpose=Purpose.SIGN_IN, subject=user.fs_uniquifier, now=now()) for _ in range(2)
        )
    link = f"/en/account/sign-in-link/{first}/"
    owner, late = Visitor(portal.url), Visitor(portal.url)
    assert late.get(link).status == 200
    one, other = portal.web_workers()
    with portal.only(one):
        assert owner.post(link).url == f"{portal.url}/en/editor/"
    for worker in (one, other):
        with portal.only(worker):
            assert owner.get(NEWS).url == portal.url + NEWS
            assert [late.get(f"/en/account/sign-in-link/{token}/").status for token in (first, second)] == [410, 410]
    assert late.get(NEWS).url.startswith(portal.url + SIGN_IN)


@pytest.mark.usefixtures("custody")
def test_a_grant_that_is_taken_back_is_gone_at_once_without_a_new_session(portal: Portal) -> None:
    """Rights are read for each request, also where nothing has ended the session."""
    admin = signed_in(portal, Role.ADMIN)
    assert asked_of_each(portal, admin, NEWS) == [NEWS, NEWS]
    with transaction() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.role == Role.ADMIN.value))
    for worker in portal.web_workers():
        with portal.only(worker):
            assert admin.get(NEWS).status == 404
