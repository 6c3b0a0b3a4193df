"""The pages of searches: how to search, what completes one, and the ones that are kept."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from s2group.accounts.queries import user_by_email
from s2group.core.permissions import Role
from s2group.evaluation import search
from s2group.evaluation.search.rules.expressions import Expression
from tests.support.applying import load_fictional_content
from tests.support.queries import recorded_statements
from tests.support.searching import NOW
from tests.support.staff import PASSWORD, add_staff, form_token, sign_in, submit


@pytest.fixture
def staff(app: Flask, client: FlaskClient) -> FlaskClient:
    load_fictional_content(app)
    sign_in(client, Role.PI)
    return client


def test_the_help_page_names_every_field_in_both_languages(staff: FlaskClient) -> None:
    for path, words in (("/review/search/help/", "四级成绩"), ("/en/review/search/help/", "CET-4 score")):
        page = staff.get(path)
        assert page.status_code == 200
        assert words in page.text
        assert "<code>university:</code>" in page.text


def test_requirements_are_listed_in_words_of_either_language(staff: FlaskClient) -> None:
    """By their keys only where two of them are called alike."""
    listed, pi = {}, user_by_email("pi@example.org")
    assert pi
    for path, between in (("/review/search/help/", "、"), ("/en/review/search/help/", ", ")):
        row = unescape(staff.get(path).text).partition("<code>met:</code>")[2].partition("</tr>")[0]
        words = re.findall(r'<td class="s">[^<：:]+[：:] ?([^<]+)[.。]</td>', row)[0]
        listed[between] = words.split(between)[:-1]
    assert listed["、"][:5] == ["必备", "优先", "推免资格", "身心健康", "数理与专业课扎实"]
    assert listed[", "][2:4] == ['"Recommended-exemption quota"', '"Healthy in body and mind"']
    assert [word for word in listed["、"] if word in listed[", "]] == ["cet4", "neural-network", "exam-cet4"]
    for zh, en in zip(*listed.values(), strict=True):
        one, other = (search.read(f"met:{typed}", pi, NOW) for typed in (zh, en))
        assert isinstance(one, Expression) and one == other


@pytest.mark.parametrize(
    ("typed", "at", "texts"),
    [
        ("route:推免 un", 11, ["unmet:", "unknown:", "university:", "un"]),
        ("cet", 3, ["cet4:", "cet6:", "cet"]),
        ("四", 1, ["cet4:", "四"]),
        ("-status:面", 9, ["status:面试"]),
        ("status:new) has:tr", 18, ["has:成绩单"]),
        ("route:统考 a", 8, ["route:统考硕士"]),
        ("due:", 4, ["due:<3d", "due:<0d"]),
        ("a ", 2, []),
    ],
)
def test_what_may_follow(staff: FlaskClient, typed: str, at: int, texts: list[str]) -> None:
    found = staff.get("/review/search/completion/", query_string={"q": typed, "at": at}).json
    assert found is not None
    assert [option["text"] for option in found] == texts
    assert all(typed[option["start"] : option["end"]] in typed for option in found)


def test_a_search_is_kept_changed_moved_shared_and_removed(app: Flask, staff: FlaskClient) -> None:
    address = "/en/review/searches/"
    for name in ("First", "Second"):
        assert submit(staff, address, name=name, q="route:推免 cet4:>=500").status_code == 303
    page = staff.get(address).text
    assert page.index("First") < page.index("Second")
    assert "route:&#34;Recommended exemption (master&#39;s)&#34; cet4:&gt;=500" in page
    assert submit(staff, address, name="First", q="").status_code == 422
    mistaken = submit(staff, address, name="Third", q="cet:5")
    assert mistaken.status_code == 422
    assert "From character 1 on: there is no field “cet”." in mistaken.text
    [first] = [line for line in page.split('href="') if line.startswith("/en/review/searches/") and "First" in line]
    key = first.split("/")[4]
    token = form_token(page)
    staff.post(f"{address}{key}/move/", data={"csrf_token": token, "to": "down"})
    page = staff.get(address).text
    assert page.index("Second") < page.index("First")
    assert submit(staff, f"{address}{key}/", name="Shared", q="status:new", shared="y").status_code == 303
    other = app.test_client()
    submit(other, "/en/account/login", email=add_staff(Role.REVIEWER), password=PASSWORD)
    theirs = other.get(address).text
    assert "Shared" in theirs
    assert "Second" not in theirs
    assert other.get(f"{address}{key}/").headers["Location"] == "/en/review/applications/?q=status:%22To+screen%22"
    assert other.post(f"{address}{key}/remove/", data={"csrf_token": form_token(theirs)}).status_code == 404
    assert staff.post(f"{address}{key}/remove/", data={"csrf_token": token}).status_code == 303
    assert "Shared" not in other.get(address).text


def test_what_is_typed_in_either_language_is_one_search(app: Flask) -> None:
    load_fictional_content(app)
    from s2group.accounts.services import add_account

    user = add_account(email="pi@example.org", role=Role.PI, password=PASSWORD, now=NOW)
    same = ["route:推免", "ROUTE：exemption", "招生方式:recommended-exemption-master", 'route:"推免硕士"']
    assert len({search.read(typed, user, NOW) for typed in same}) == 1


def test_a_page_of_many_kept_searches_takes_as_many_statements(staff: FlaskClient) -> None:
    address, counts = "/en/review/searches/", []
    for more in (range(1), range(1, 9)):
        for number in more:
            assert submit(staff, address, name=f"Search {number}", q=f"route:推免 cet4:>={number}").status_code == 303
        with recorded_statements() as statements:
            staff.get(address)
        counts.append(len(statements))
    assert counts[0] == counts[1]
