"""The admissions pages: all calls, one call, the privacy notice, and what is said while nothing is open."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from s2group.admissions.models import AdmissionRoute, Call
from s2group.content.loading import load_content
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.applying import (
    MORNING,
    REQUIRED,
    applications,
    apply,
    load_fictional_content,
    opened_form,
    send,
    the_application,
)
from tests.support.calls import DAY, add_call
from tests.support.headings import headings, text_of
from tests.support.moving import move_all
from tests.support.queries import recorded_statements
from tests.support.smtp import free_port

AUTUMN = datetime.fromisoformat("2099-09-30T23:59:00+08:00")
EXEMPTION = "Master's by recommended exemption"


@pytest.fixture
def call(app: Flask) -> Call:
    load_fictional_content(app)
    return db.session.scalars(select(Call)).one()


def change(model: type[Call] | type[AdmissionRoute], key: str, **values: object) -> None:
    with transaction() as session:
        session.execute(update(model).where(model.key == key).values(**values))


def close(**values: object) -> None:
    change(Call, "fictional-call", closes_at=clock.now(), **values)


def test_the_list_says_what_is_asked_and_offered(client: FlaskClient, call: Call) -> None:
    page = client.get("/en/admissions/").text
    words = text_of(page)
    for part in (
        "Open all year",
        "What we ask for: 8 requirements Holds the quota Required",
        "CET-4 of 425 or more Preferred CET-6 425 of 710, IELTS 6 of 9, TOEFL 80 of 120 or TOEFL 4 of 6 would count",
        "PhD by application and assessment 2 places left",
        "A fictional desk.",
        "Write to pi@example.org.",
        "The group answers an application within 14 days.",
    ):
        assert part in words
    assert headings(page, "h1") == ["Admissions"]
    assert headings(page, "h2") == [
        EXEMPTION, "Master's by national entrance exam", "PhD by application and assessment 2 places left",
        "Undergraduate research assistant", "Postdoctoral researcher", "How to apply", "What you get",
        "What happens with your data", "Have you begun or applied already?", "Whom to ask",
    ]  # fmt: skip


def test_a_way_in_says_what_to_fill_in_and_to_upload(client: FlaskClient, call: Call) -> None:
    words = text_of(client.get("/en/admissions/").text)
    for part in (
        f"{EXEMPTION} To fill in University, College, Major, Recommended-exemption quota "
        "To upload CV; if you like also Transcript What we ask for",
        "To fill in University, College, Major, Research plan, 2 referees "
        "To upload CV, Transcript; if you like also Another document What",
        "To fill in University, Major, Hours a week, Which team? To upload CV; if you like also A sample of your work",
        "To upload CV What we ask for: 2 requirements Has a doctorate",
    ):
        assert part in words
    change(AdmissionRoute, "postdoc", form={"required": [], "optional": []})
    assert "Postdoctoral researcher To upload CV What we ask for" in text_of(client.get("/en/admissions/").text)


def test_what_all_calls_share_is_said_once(client: FlaskClient, call: Call) -> None:
    add_call("next", opens_at=clock.now() - DAY)
    change(Call, "next", contact=call.contact, answer_days=21, benefits=[LocalizedText("座位", "A desk.")])
    page = client.get("/en/admissions/").text
    assert text_of(page).count("Write to pi@example.org.") == 1
    assert "The group answers an application within 21 days." in text_of(page)
    assert {"What you get: Fictional admissions", "What you get: Fictional next"} <= set(headings(page, "h2"))


def test_only_what_blocks_is_said_to_stop_anybody(client: FlaskClient, call: Call) -> None:
    words = text_of(client.get("/en/admissions/").text)
    assert words.count("A requirement you do not meet does not stop you from applying") == 4
    assert words.count("Only what is needed to apply can stop an application.") == 1
    assert "Has a doctorate Needed to apply" in words


def test_a_single_route_shows_its_requirements_unfolded(app: Flask, client: FlaskClient) -> None:
    add_call("only-one", opens_at=clock.now() - DAY)
    page = client.get("/en/admissions/").text
    assert "No requirements are stated." in text_of(page)
    assert "<details>" not in page
    assert "Which route suits me?" not in page


def test_a_deadline_has_its_zone(client: FlaskClient, call: Call) -> None:
    change(Call, call.key, closes_at=AUTUMN)
    for path in ("/admissions/", "/admissions/fictional-call/"):
        assert "Open until 30 September 2099, 23:59 (UTC+8)" in text_of(client.get(f"/en{path}").text)
        assert "2099 年 9 月 30 日 23:59（UTC+8）" in text_of(client.get(path).text)


def test_the_pages_are_in_the_readers_language(client: FlaskClient, call: Call) -> None:
    for path in ("/admissions/", "/admissions/fictional-call/"):
        words = text_of(client.get(path).text)
        assert "四级不低于 425 分" in words
        assert "虚构课题组招生" in words
    assert "优先审阅截止" in words
    assert "可以以后再交。" in words


def test_a_call_has_a_page_of_its_own(client: FlaskClient, call: Call) -> None:
    page = client.get("/en/admissions/fictional-call/").text
    assert headings(page, "h1") == ["Fictional admissions"]
    for part in (
        "30 September 2026, 23:59 (UTC+8) First round of reading",
        "Is a transcript needed? It can follow later.",
        "Write to pi@example.org.",
    ):
        assert part in text_of(page)
    assert "There is <strong>no</strong> such group." in page
    assert "Holds the quota Required" in text_of(page)
    assert page.count("/en/apply/?route=") == 5
    assert client.get("/en/admissions/no-such-call/").status_code == 404


@pytest.mark.parametrize("values", [{"filled": True}, {"places": 1}], ids=["by hand", "by offers"])
def test_a_filled_route_says_so_and_takes_nobody(client: FlaskClient, call: Call, values: dict[str, object]) -> None:
    form = opened_form(client)
    apply(client)
    move_all("offer")
    change(AdmissionRoute, "recommended-exemption-master", **values)
    for path in ("/en/admissions/", "/en/admissions/fictional-call/"):
        page = client.get(path).text
        assert f"{EXEMPTION} Filled" in text_of(page)
        assert "All places are taken, so nobody can apply here any more." in text_of(page)
        assert page.count("/en/apply/?route=") == 4
    assert EXEMPTION not in text_of(client.get("/en/apply/").text)
    refused = text_of(client.get("/en/apply/?route=recommended-exemption-master").text)
    assert f"{EXEMPTION}: all places are taken. These are the other ways." in refused
    response = send(client, form, route="recommended-exemption-master", name="Test Second")
    assert response.status_code == 409
    words = text_of(response.text)
    assert "Your application was not sent: all places were taken before it arrived." in words
    assert "Name Test Second" in words
    assert "Other ways are open." in words
    assert applications() == 1


def test_when_all_routes_are_filled_every_page_says_so(client: FlaskClient, call: Call) -> None:
    with transaction() as session:
        session.execute(update(AdmissionRoute).values(filled=True))
    admissions = client.get("/en/admissions/").text
    assert headings(admissions, "h2") == ["All places taken"]
    assert "Fictional admissions All places are taken." in text_of(admissions)
    page = client.get("/en/admissions/fictional-call/").text
    assert text_of(page).count("Filled") == 5
    assert "This call takes no applications any more: all of its places are taken." in text_of(page)
    for promise in ("Open until", "Open all year", "JobPosting", "poster.", "answers an application within"):
        assert promise not in page
    for path in ("/en/admissions/check/", "/en/apply/", "/en/apply/form/"):
        response = client.get(path)
        assert response.status_code == 200
        assert "All places are taken, so the form is closed." in response.text
        assert "<form" not in response.text.partition("<footer")[0]


def test_a_closed_call_keeps_its_page_and_tells_who_comes_late_what_to_do(client: FlaskClient, call: Call) -> None:
    close(grace_minutes=30)
    page = client.get("/en/admissions/fictional-call/").text
    words = text_of(page)
    for part in (
        "Closed on",
        "This call takes no applications any more.",
        "If you began a draft before the end, you can still submit it until",
        "See which calls are open or coming",
        "Read the news: the next call is announced there",
        "your receipt stays valid",
        "Write to pi@example.org.",
        "A fictional desk.",
    ):
        assert part in words
    assert "/en/apply/?route=" not in page
    change(Call, call.key, closes_at=clock.now() - timedelta(minutes=30))
    assert "If you began a draft" not in client.get("/en/admissions/fictional-call/").text


def test_coming_and_closed_calls_are_listed_below(client: FlaskClient, call: Call) -> None:
    add_call("next", opens_at=AUTUMN)
    add_call("last", opens_at=clock.now() - 99 * DAY, closes_at=clock.now() - DAY)
    page = client.get("/en/admissions/").text
    assert headings(page, "h2")[-2:] == ["Coming calls", "Recently closed"]
    assert "Fictional next Opens on 30 September 2099, 23:59 (UTC+8)" in text_of(page)
    assert "Fictional last Closed on" in text_of(page)
    assert "You can apply here from 30 September 2099, 23:59 (UTC+8)." in text_of(
        client.get("/en/admissions/next/").text
    )


@pytest.mark.parametrize("path", ["/en/admissions/", "/en/admissions/check/", "/en/apply/", "/en/apply/form/"])
def test_without_an_open_call_every_page_says_so(client: FlaskClient, call: Call, path: str) -> None:
    close()
    response = client.get(path)
    assert response.status_code == 200
    assert "No call is open at the moment, so the form is closed." in response.text
    assert "The next call appears on the admissions page and in the news." in response.text
    assert "<form" not in response.text.partition("<footer")[0]
    add_call("next", opens_at=AUTUMN)
    words = text_of(client.get(path).text)
    assert "The next call, Fictional next, opens on 30 September 2099, 23:59 (UTC+8)." in words


def test_pages_stand_before_any_content_is_loaded(client: FlaskClient) -> None:
    paths = ("/admissions/", "/admissions/check/", "/admissions/privacy/", "/apply/", "/apply/form/")
    assert [client.get(path).status_code for path in paths] == [200] * 5


def test_a_form_that_comes_too_late_is_refused_and_its_text_given_back(client: FlaskClient, call: Call) -> None:
    form = opened_form(client)
    close()
    response = send(client, form, statement="What I typed <b>.", cet4="441", **{"papers-0-title": "On waves"})
    assert response.status_code == 409
    assert "the call closed before it arrived" in response.text
    words = text_of(response.text)
    for typed in (REQUIRED["name"], REQUIRED["email"], REQUIRED["university"], "441", "What I typed <b>.", "On waves"):
        assert typed in words
    assert applications() == 0


def test_a_replay_after_the_end_still_gives_the_receipt(client: FlaskClient, call: Call) -> None:
    form = opened_form(client)
    location = send(client, form).location
    close()
    assert send(client, form).location == location


def test_the_privacy_notice_says_what_holds_for_each_call(client: FlaskClient, call: Call) -> None:
    add_call("like-it", purpose=call.purpose)
    page = client.get("/en/admissions/privacy/").text
    assert (headings(page, "h3"), text_of(page).count("For these admissions alone.")) == ([], 1)
    add_call("next", opens_at=AUTUMN, retention_days=30, files_retention_days=1)
    page = client.get("/en/admissions/privacy/").text
    words = text_of(page)
    assert headings(page, "h3") == ["Fictional like-it, Fictional admissions", "Fictional next"]
    for part in (
        "Version 3, since 30 November 2026",
        "For these admissions alone.",
        "An application is kept for 730 days after the call has closed or its state last changed",
        "The files of an application that was declined or withdrawn, or whose offer was not taken up, go earlier: "
        "after 180 days.",
        "An application is kept for 30 days",
        "go earlier: after 1 day.",
        "A draft that you do not submit goes 60 days after you last saved it",
    ):
        assert part in words
    apply(client)
    assert the_application().consent_version == "3"


def test_the_pages_take_the_same_queries_however_many_calls_there_are(client: FlaskClient, call: Call) -> None:
    paths = ("/en/admissions/", "/en/admissions/fictional-call/", "/en/admissions/check/", "/en/apply/")
    counts = []
    client.get(paths[2])  # whoever comes again with a cookie is looked up
    for number in range(3):
        with recorded_statements() as statements:
            assert [client.get(path).status_code for path in paths] == [200] * 4
        counts.append(len([statement for statement in statements if statement.startswith("SELECT")]))
        add_call(f"another-{number}", opens_at=clock.now() - DAY, places=number + 1)
        assert apply(client).status_code == 303
    assert len(set(counts)) == 1, counts


@pytest.mark.parametrize("redis", [False, True])
def test_posts_are_limited_also_while_redis_is_away(
    environ: dict[str, str], request: pytest.FixtureRequest, redis: bool
) -> None:
    environ["S2_RATE_LIMITS"] = "on"
    if redis:
        environ["S2_REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    app = request.getfixturevalue("app")
    load_content(app.config["CONTENT_DIR"], now=MORNING)
    client = app.test_client()
    statuses = [client.post("/en/admissions/check/").status_code for _ in range(61)]
    assert statuses == [409] * 60 + [429]
    assert client.get("/en/admissions/check/").status_code == 200
