"""While a call is blind, whoever only reviews its applications meets nothing that tells who applies."""

import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from s2group.admissions.models import Application, Call
from s2group.admissions.services.letters import receive_letter
from s2group.core import clock
from s2group.core.database import transaction
from s2group.core.permissions import RIGHTS, Action, Role
from s2group.documents.pages import draw_wanted
from s2group.evaluation.blind import shown_name
from s2group.evaluation.cross_check.jobs import check_resumes
from tests.support.applying import MORNING, load_fictional_content
from tests.support.changing import change, upload
from tests.support.colleagues import colleague, signed_in
from tests.support.drawing import draw_everything
from tests.support.pdf import make_pdf
from tests.support.pictures import make_jpeg
from tests.support.refereeing import FIRST, SECOND, apply_with_referees

TELLING = ("Qwertina", "Zyxwander", "telltale@example.org", "13912345678", "weixin-tell", "Unikornia", "Tellcollege",
           "First.Referee@example.org", "tell-repo", "resume-tell")  # fmt: skip
NAME = "Qwertina Zyxwander"
ANSWERS = {
    "name_pinyin": "Zyxwander Qwertina", "phone": "13912345678", "wechat": "weixin-tell",
    "university": "Unikornia University", "college": "Tellcollege", "major": "Test Studies",
    "research_plan": "I, Qwertina Zyxwander of Unikornia University, plan this. " * 10, "referees": [FIRST, SECOND],
    "statement": "Zyxwander Qwertina writes from telltale@example.org",
    "repositories": [{"link": "https://example.org/tell-repo"}],
}  # fmt: skip
RESUME = make_pdf("CV of Qwertina Zyxwander, resume-tell@example.org")


@pytest.fixture
def application(app: Flask) -> Application:
    """One with all that may come with an application, changed once, whose call is blind."""
    load_fictional_content(app)
    with transaction() as session:
        session.execute(update(Call).values(blind=True, hide_ratings=False))
    made = apply_with_referees(
        name=NAME, email="telltale@example.org", answers=ANSWERS,
        documents={kind: upload(RESUME, name=f"Qwertina-{kind}.pdf", now=MORNING) for kind in ("resume", "transcript")},
    )  # fmt: skip
    receive_letter(referee_id=made.referees[0].id, document=upload(make_pdf("of Qwertina")), now=clock.now())
    change(made, answers={"college": "Tellcollege Two"})
    check_resumes(now=MORNING)
    draw_wanted()
    check_resumes(now=MORNING)
    return made


def telling(response: TestResponse) -> list[str]:
    """What of the person stands in an answer of the portal, or in its headers."""
    said = f"{response.headers} {response.data.decode(errors='replace')}".lower()
    return [word for word in TELLING if word.lower() in said]


def addresses(app: Flask, application: Application) -> Iterator[str]:
    """Every page under /review/ that can be asked for, filled in with this application."""
    reference = application.reference
    values = {
        "reference": [reference], "kind": ["resume", "transcript"], "extension": ["pdf"], "number": ["1"],
        "position": ["1"], "requirement": [each["key"] for each in application.outcomes],
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/review/") and "GET" in (rule.methods or ()):
            yield from _filled(rule, values)


def _filled(rule: Rule, values: dict[str, list[str]]) -> Iterator[str]:
    found = [rule.rule]
    for name in rule.arguments:
        pattern = re.compile(rf"<(?:[^<>]*:)?{name}>")
        found = [pattern.sub(value, each) for each in found for value in values.get(name, ["none"])]
    return (f"/en{address}" for address in found)


def test_no_page_tells_a_blind_reviewer_who_applies(app: Flask, application: Application) -> None:
    reviewer, pi = colleague("测试·小林", Role.REVIEWER), colleague("测试·陈老师", Role.PI)
    client, seeing = signed_in(app, reviewer), signed_in(app, pi)
    more = [f"/en/review/compare/?r={application.reference}", "/en/review/applications/?sort=university"]
    every = [*addresses(app, application), *more]
    assert len(every) > 40
    shown = 0
    for address in every:
        response = client.get(address)
        assert telling(response) == [], address
        assert response.status_code < 500, address
        shown += bool(telling(seeing.get(address)))
    assert shown > 10


def test_a_blind_reviewer_reads_what_is_no_secret(app: Flask, application: Application) -> None:
    client = signed_in(app, colleague("测试·小林", Role.REVIEWER))
    page = client.get(f"/en/review/{application.reference}/").text
    name = f"Applicant {application.reference[-4:]}"
    assert f"<h1>{name}</h1>" in page
    assert "Test Studies" in page
    assert "I, █████ of █████, plan this." in page
    assert "reviewed blind" in page
    assert f'src="/en/review/{application.reference}/resume/1.webp"' in page
    assert "Download" not in page
    assert name in client.get("/en/review/applications/").text


def test_files_and_versions_open_to_those_who_decide_alone(app: Flask, application: Application) -> None:
    blind = signed_in(app, colleague("测试·小林", Role.REVIEWER))
    seeing = signed_in(app, colleague("测试·陈老师", Role.PI))
    for path in ("resume.pdf", "resume.txt", "letters/1.pdf", "versions/", "versions/1/resume/"):
        address = f"/en/review/{application.reference}/{path}"
        assert (path, blind.get(address).status_code, seeing.get(address).status_code) == (path, 404, 200)


def test_on_the_pages_of_files_the_person_is_black(app: Flask, application: Application) -> None:
    """Each reader gets their own picture at one address; what no machine can read is closed to the blind one."""
    blind = signed_in(app, colleague("测试·小林", Role.REVIEWER))
    seeing = signed_in(app, colleague("测试·陈老师", Role.PI))
    address = f"/en/review/{application.reference}/resume/1.webp"
    draw_everything()
    shown, plain = (Image.open(io.BytesIO(client.get(address).data)).convert("L") for client in (blind, seeing))
    assert (shown.size, dark(plain) * 3 < dark(shown)) == (plain.size, True)
    assert blind.get(address).headers["Cache-Control"] == "no-store"
    assert "rank_proof/1.webp" not in blind.get(f"/en/review/{application.reference}/").text
    names = {"name": "Another Testname", "name_pinyin": "Another Testname"}
    change(application, names, files={"transcript": make_jpeg()}, key="a-second-change")
    assert blind.get(address).status_code == 404
    draw_everything()
    again = Image.open(io.BytesIO(blind.get(address).data)).convert("L")
    assert dark(plain) < dark(again) < dark(shown)
    assert blind.get(f"/en/review/{application.reference}/transcript/1.webp").status_code == 404
    assert "Page 1 is closed until the blind phase is over" in blind.get(f"/en/review/{application.reference}/").text
    with transaction() as session:
        session.execute(update(Call).values(blind=False))
    assert Image.open(io.BytesIO(blind.get(address).data)).convert("L").tobytes() == plain.tobytes()


def dark(image: Image.Image) -> int:
    return sum(image.histogram()[:100])


def test_a_search_finds_nobody_by_words(app: Flask, application: Application) -> None:
    blind = signed_in(app, colleague("测试·小林", Role.REVIEWER))
    seeing = signed_in(app, colleague("测试·陈老师", Role.PI))
    for typed in ("Qwertina", "name:Qwertina", "university:Unikornia", "telltale", "plan"):
        path = "/en/review/applications/?q="
        listed = f"/en/review/{application.reference}/"
        assert listed in seeing.get(path + typed).text
        assert listed not in blind.get(path + typed).text
        assert listed in blind.get(f"{path}-{typed}").text


def test_who_decides_on_the_route_knows_the_person(app: Flask, application: Application) -> None:
    of_route = colleague("测试·小郑", Role.PI, route_id=application.route_id)
    assert shown_name(of_route, application) == NAME
    with transaction() as session:
        session.execute(update(Call).values(blind=False))
    assert shown_name(colleague("测试·小林", Role.REVIEWER), application) == NAME


def test_who_exports_mails_or_reads_the_log_decides_as_well() -> None:
    telling = {Action.EXPORT_APPLICATIONS, Action.MANAGE_MAIL, Action.READ_AUDIT}
    assert all(Action.DECIDE_APPLICATIONS in rights for rights in RIGHTS.values() if rights & telling)
