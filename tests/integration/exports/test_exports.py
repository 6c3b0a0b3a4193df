"""An export holds what the search shows and its maker may take along, and nothing else; an event says so."""

import csv
import io
from collections.abc import Iterable
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from s2group.accounts.models import RoleGrant, User
from s2group.admissions.replies.models import Reply
from s2group.admissions.replies.words import mend_replies, read_files
from s2group.audit.models import Event
from s2group.audit.rules import DossierMade, Exported, Kind
from s2group.content.group.queries import group_zone
from s2group.core.database import transaction
from s2group.core.permissions import Role
from s2group.documents.store import store
from s2group.evaluation.replies.services import add_reply
from s2group.evaluation.search import Expression
from s2group.evaluation.search.asking import asked
from s2group.evaluation.search.queries import counted
from s2group.evaluation.search.rules.expressions import All
from s2group.evaluation.tags.rules import Colour
from s2group.evaluation.tags.services import make_tag, set_tags
from s2group.exports import queries
from s2group.extensions import db
from s2group.mail.incoming import read_mail
from tests.support.applying import MORNING
from tests.support.colleagues import Team, colleague, make_team, signed_in
from tests.support.pdf import make_pdf, texts_of
from tests.support.replying import saved_mail
from tests.support.staff import form_token

PAGE = "/en/review/export/"


@pytest.fixture
def team(app: Flask) -> Team:
    return make_team(app)


def export(browser: FlaskClient, format: str, q: str = "") -> TestResponse:
    token = form_token(browser.get("/en/account/settings/").text)
    return browser.post(PAGE, data={"csrf_token": token, "q": q, "format": format})


def everything() -> Expression:
    return Expression(All(), MORNING, group_zone())


def events() -> list[tuple[object, int | None, int | None]]:
    kinds = (Kind.EXPORTED, Kind.DOSSIER_MADE)
    found = db.session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id))
    return [(event.details, event.actor_id, event.application_id) for event in found]


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_table_holds_what_the_search_shows(app: Flask, team: Team) -> None:
    tag = make_tag(name="=强", colour=Colour.GREY, shared=True, actor=team.pi, now=MORNING)
    own = make_tag(name="留意", colour=Colour.GREY, shared=False, actor=team.reviewer, now=MORNING)
    set_tags(application=team.here, chosen=[tag, own], actor=team.reviewer, now=MORNING)
    browser = signed_in(app, team.pi)
    answer = export(browser, "csv")
    headings, *lines = table(answer.data)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=applications-")
    assert "no-store" in answer.headers["Cache-Control"]
    rows = {row["Full name"]: row for row in (dict(zip(headings, line, strict=True)) for line in lines)}
    assert set(rows) == {"Testalpha", "Testbeta"}
    assert (rows["Testalpha"]["Tags"], rows["Testbeta"]["Tags"]) == ("'=强", "")
    assert rows["Testalpha"]["Reference"] == team.here.reference
    found = export(browser, "xlsx", "name:Testbeta")
    sheet = openpyxl.load_workbook(io.BytesIO(found.data)).active
    assert [row[4] for row in sheet.iter_rows(values_only=True)] == ["Full name", "Testbeta"]
    assert events() == [(Exported("csv", 2, ""), team.pi.id, None), (Exported("xlsx", 1, "name:…"), team.pi.id, None)]


def test_the_page_says_what_an_export_would_hold(app: Flask, team: Team) -> None:
    browser = signed_in(app, team.pi)
    page = browser.get(PAGE).text
    for words in ("Export 2 applications", "4 files of the applicants", "Download the dossiers", "Requirements met"):
        assert words in page
    assert "Nothing to export" in browser.get(f"{PAGE}?q=name:Nobody").text
    mistake = browser.get(f"{PAGE}?q=nofield:x")
    assert (mistake.status_code, "This search is not understood" in mistake.text) == (422, True)
    assert [export(browser, "pdf").status_code, export(browser, "csv", "name:Nobody").status_code] == [422, 422]
    assert events() == []


def test_files_lie_in_a_folder_for_each_and_what_is_lost_is_told(app: Flask, team: Team) -> None:
    lost = team.here.documents[0].document.sha256
    store.delete(lost)
    with ZipFile(io.BytesIO(export(signed_in(app, team.pi), "files").data)) as archive:
        here, elsewhere = team.here.reference, team.elsewhere.reference
        assert set(archive.namelist()) == {
            f"Testalpha-{here}/transcript-{here}.pdf",
            f"Testbeta-{elsewhere}/resume-{elsewhere}.pdf",
            f"Testbeta-{elsewhere}/transcript-{elsewhere}.pdf",
            "missing-files.txt",
        }
        assert archive.read("missing-files.txt").decode() == f"Testalpha-{here}/resume-{here}.pdf\n"
        assert archive.read(f"Testalpha-{here}/transcript-{here}.pdf").startswith(b"%PDF")


def test_a_dossier_has_the_answers_and_the_documents_behind_them(app: Flask, team: Team) -> None:
    browser, reference = signed_in(app, team.pi), team.here.reference
    token = form_token(browser.get("/en/account/settings/").text)
    answer = browser.post(f"/en/review/{reference}/dossier/", data={"csrf_token": token})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    front, *rest = texts_of(answer.data)
    for words in ("Testalpha", reference, "Test University", "Behind these pages"):
        assert words in front
    behind = " ".join(rest)
    assert "resume key-Testalpha" in behind
    assert "transcript key-Testalpha" in behind
    assert events() == [(DossierMade(), team.pi.id, team.here.id)]
    with ZipFile(io.BytesIO(export(browser, "dossiers", f"name:{team.elsewhere.name}").data)) as archive:
        assert archive.namelist() == [f"Testbeta-{team.elsewhere.reference}.pdf"]


def test_replies_go_along_and_are_found_by_whoever_deals_with_mail_and_by_nobody_else(app: Flask, team: Team) -> None:
    words = "我想推迟面试 because of an exam"
    raw = saved_mail(text=f"{words}\n", files={"certificate.pdf": make_pdf("Certificate of attendance")})
    for application, is_confirmed in ((team.here, True), (team.elsewhere, False)):
        add_reply(application=application, incoming=read_mail(raw), confirmed=is_confirmed, actor=team.pi, now=MORNING)
    browser, reference = signed_in(app, team.pi), team.here.reference
    with ZipFile(io.BytesIO(export(browser, "files").data)) as archive:
        said = [name for name in archive.namelist() if "replies" in name]
        assert said == [f"Testalpha-{reference}/replies/1.txt", f"Testalpha-{reference}/replies/1-1.pdf"]
        assert archive.read(said[0]).decode() == (
            f"applicant@example.org\n{MORNING.isoformat()}\nRe: your mail\n\n{words}\n"
        )
        assert "Certificate" in texts_of(archive.read(said[1]))[0]
    token = form_token(browser.get("/en/account/settings/").text)
    made = browser.post(f"/en/review/{reference}/dossier/", data={"csrf_token": token}).data
    pages = " ".join(texts_of(made))
    for part in ("Re: your mail", "because of an exam", "With the reply of 2 September 2026", "Certificate of"):
        assert part in pages
    other = colleague("测试·老王", Role.PI, route_id=team.elsewhere.route_id)
    with transaction() as session:
        session.add(RoleGrant(user_id=other.id, role=Role.REVIEWER, route_id=team.here.route_id))
    assert counted(team.pi, {"": wanted(team.pi, "attendance")}) == {"": 0}
    assert (read_files(), read_files()) == (2, 0)
    for query in ("推迟面", '"of an exam"', "certificate", "推迟面 Testalpha", '"of attendance"'):
        found = {user.id: counted(user, {"": wanted(user, query)})[""] for user in (team.pi, team.reviewer, other)}
        assert found == {team.pi.id: 1, team.reviewer.id: 0, other.id: 0}, query
    assert counted(team.pi, {"": wanted(team.pi, '"exam of"')}) == {"": 0}
    with transaction() as session:
        session.execute(update(Reply).values(words=None))
    mend_replies()
    assert counted(team.pi, {"": wanted(team.pi, "推迟面")}) == {"": 1}
    assert read_files() == 2


def wanted(user: User, query: str) -> Expression:
    expression = asked(query, "", user, MORNING).expression
    assert isinstance(expression, Expression)
    return expression


def test_a_document_that_cannot_be_bound_in_is_named(app: Flask, team: Team) -> None:
    store.delete(team.here.documents[0].document.sha256)
    browser = signed_in(app, team.pi)
    token = form_token(browser.get("/en/account/settings/").text)
    answer = browser.post(f"/en/review/{team.here.reference}/dossier/", data={"csrf_token": token})
    pages = texts_of(answer.data)
    assert "Not bound in: open the file itself" in pages[0]
    assert not any("resume key-Testalpha" in page for page in pages)


def test_who_reads_but_does_not_decide_exports_nothing(app: Flask, team: Team) -> None:
    for user in (team.reviewer, team.of_here):
        browser = signed_in(app, user)
        assert browser.get(PAGE).status_code == 404
        assert export(browser, "csv").status_code == 404
        token = form_token(browser.get("/en/account/settings/").text)
        address = f"/en/review/{team.here.reference}/dossier/"
        assert browser.post(address, data={"csrf_token": token}).status_code == 404
    assert events() == []


def test_a_grant_of_one_route_exports_that_route_alone(app: Flask, team: Team) -> None:
    user = colleague("测试·老王", Role.PI, route_id=team.here.route_id)
    with transaction() as session:
        session.add(RoleGrant(user_id=user.id, role=Role.REVIEWER, route_id=team.elsewhere.route_id))
    browser = signed_in(app, user)
    assert "Export 1 application" in browser.get(PAGE).text
    assert [line[4] for line in table(export(browser, "csv").data)] == ["Full name", "Testalpha"]
    token = form_token(browser.get("/en/account/settings/").text)
    address = f"/en/review/{team.elsewhere.reference}/dossier/"
    assert browser.post(address, data={"csrf_token": token}).status_code == 404


def test_whatever_was_granted_an_export_holds_nothing_else(app: Flask, team: Team) -> None:
    by_route = {team.here.route_id: "Testalpha", team.elsewhere.route_id: "Testbeta"}
    places = st.sampled_from([None, *by_route])
    user_id = team.of_here.id
    reviewing = st.tuples(st.sampled_from([Role.PI, Role.REVIEWER]), places)
    anything = st.one_of(reviewing, st.sampled_from([(Role.ADMIN, None), (Role.EDITOR, None)]))

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sets(anything, max_size=3))
    def explore(grants: Iterable[tuple[Role, int | None]]) -> None:
        with transaction() as session:
            session.execute(delete(RoleGrant).where(RoleGrant.user_id == user_id))
            session.add_all(RoleGrant(user_id=user_id, role=role, route_id=place) for role, place in grants)
        deciding = {place for role, place in grants if role in (Role.PI, Role.ADMIN)}
        expected = {name for route_id, name in by_route.items() if deciding & {None, route_id}}
        user = db.session.get_one(User, user_id)
        assert queries.count(user, everything()) == len(expected)
        assert {row.application.name for row in queries.rows(user_id, everything())} == expected

    explore()


def test_batches_follow_on_each_other(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", 1)
    names = [row.application.name for row in queries.rows(team.pi.id, everything())]
    assert names == ["Testbeta", "Testalpha"]
