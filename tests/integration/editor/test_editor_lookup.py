"""Papers by their numbers: asked of Crossref, arXiv and ORCID, looked at first, imported then."""

import re
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.loading import load_content
from s2group.content.publications.lookup import asking, identifier_in, look_up
from s2group.content.publications.models import Publication
from s2group.core.permissions import Role
from s2group.extensions import db
from tests.support.answering import Answer
from tests.support.forms import as_shown, send
from tests.support.libraries import CHAPTER, JOURNAL_PAPER, POSTED, Libraries, Preprint, libraries, shown
from tests.support.sample import SAMPLE
from tests.support.staff import MORNING, sign_in

PAGE = "/en/editor/publications/import/"
SOMEBODY, NOBODY = "0000-0000-0000-1231", "0000-0000-0000-001X"


@pytest.fixture
def service(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Libraries]:
    """What the portal is allowed to ask."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with libraries() as service:
        app.config.update(service.settings)
        yield service


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A client signed in as an editor of the sample content."""
    load_content(SAMPLE, now=MORNING)
    client = app.test_client()
    sign_in(client, Role.EDITOR)
    return client


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def keys() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Publication.key)))


def asked(app: Flask, *lines: str, room: int = 100_000) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The keys of the entries that came, and what did not: what, why, what to ask by again."""
    identifiers = [found for found in map(identifier_in, lines) if found]
    assert len(identifiers) == len(lines)
    found = look_up(identifiers, app.config, room=room)
    missed = [(each.what, " ".join(filter(None, [each.why, each.service])), each.again) for each in found.missed]
    return [re.findall(r"\{(\w+),", entry)[0] for entry in found.entries], missed


def test_papers_by_number_are_looked_at_and_imported(app: Flask, editor: FlaskClient, service: Libraries) -> None:
    service.works = [JOURNAL_PAPER, CHAPTER, POSTED]
    service.preprints = {"2105.02446": Preprint(), "2105.02447": Preprint(doi="10.5555/lib.2, 10.5555/other")}
    service.people = {
        SOMEBODY: [
            shown("The journal paper", doi="https://doi.org/10.5555/LIB.1"),
            shown("With both", doi="10.48550/arXiv.2105.02446", arxiv="arXiv:2105.02446v1"),
            shown("Never given a number", isbn="9780000000000"),
            shown("Data", doi="10.5555/data"),
        ]
    }
    before, in_use, pool = keys(), [], db.engine.pool
    service.look = lambda: in_use.append(pool.checkedout())  # type: ignore[attr-defined]
    mine = "@misc{mine, title={Typed}, author={Yi, Test}, howpublished={Here}, year=2026}"
    lines = (
        f"https://orcid.org/{SOMEBODY}\n10.5555/lib,3\n\narXiv:2105.02447v1\n10.5555/lib.1\n{NOBODY}\n10.5555/nothing"
    )
    looked = send(editor, PAGE, text=mine, identifiers=lines, action="preview")
    said = plain(looked.text)
    assert looked.status_code == 200
    assert "5 new · 0 known · 0 completed · 0 broken" in said
    assert "Crossref does not know: Data (10.5555/data); 10.5555/nothing" in said
    assert "ORCID has no DOI and no arXiv number for: Never given a number" in said
    assert f"ORCID does not know: {NOBODY}" in said
    assert "Hearing Rooms &amp; Halls: {50%} at $5 3 New paper members: Test Jia, Test Yi" in said
    assert keys() == before
    assert set(in_use) == {0}
    assert [(question.path, question.query) for question in service.questions] == [
        (f"/v3.0/{SOMEBODY}/works", {}),
        (f"/v3.0/{NOBODY}/works", {}),
        ("/api/query", {"id_list": "2105.02446,2105.02447", "max_results": "2"}),
        ("/works", {
            "filter": "doi:10.5555/lib.1,doi:10.5555/data,doi:10.5555/lib.2,doi:10.5555/nothing", "rows": "4",
            "select": "DOI,type,title,subtitle,author,editor,container-title,issued,published-print,volume,issue,page,"
            "article-number,publisher,abstract",
        }),
        ("/works/10.5555/lib,3", {}),
    ]  # fmt: skip
    assert {question.headers["user-agent"] for question in service.questions} == {
        "s2group-portal (+http://127.0.0.1:8000)"
    }
    assert as_shown(looked.text)["identifiers"] == [""]

    done = send(editor, PAGE, looked.text, action="import")
    assert "Imported. Visitors see the new papers already." in done.text
    assert keys() - before == {"mine", "jia2025hearing", "jia2025tones", "jia2026posted", "yi2023a"}
    assert len(service.questions) == 5
    journal, tones, posted, chapter = (
        db.session.scalars(select(Publication).where(Publication.key == key)).one()
        for key in ("jia2025hearing", "jia2025tones", "jia2026posted", "yi2023a")
    )
    assert [author.name for author in journal.authors] == [
        "Test Jia", "Ada Maria Schröder Jr.", "Consortium for Tests and Trials", "测试乙",
    ]  # fmt: skip
    assert (journal.kind, journal.title, journal.venue, journal.year, journal.volume, journal.pages) == (
        "article", "Hearing Rooms & Halls: {50%} at $5", "Journal of Fictional Sound", 2025, "12", "101-118",
    )  # fmt: skip
    assert (journal.doi, journal.abstract) == ("10.5555/lib.1", "We hear rooms.")
    assert (tones.kind, tones.title, tones.arxiv, tones.year) == (
        "preprint", "Tones of Été: O(n) & more", "2105.02446", 2025,
    )  # fmt: skip
    assert (posted.kind, posted.venue) == ("preprint", "Preprint, Fictional Laboratory")
    assert (chapter.kind, chapter.title, chapter.venue, chapter.doi, chapter.arxiv, chapter.abstract) == (
        "book", "A Chapter: With More", "Fictional Vision 2023", "10.5555/lib.2", "2105.02447", "We hear 5% more.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=404), "silent Crossref"),
        (Answer(status=500), "silent Crossref"),
        (Answer(status=429), "silent Crossref"),
        (Answer(status=429, headers={"Retry-After": "5"}), "silent Crossref"),
        (Answer(status=302, headers={"Location": "http://localhost:9/"}), "silent Crossref"),
        (Answer(raw=b"<html>Sign in</html>"), "silent Crossref"),
        (Answer(raw=b"[" * 200_000), "silent Crossref"),
        (Answer(raw=b" " * 5_000_000), "silent Crossref"),
        (Answer(["10.5555/lib.1"]), "silent Crossref"),
        (Answer({"message": {"items": None}}), "silent Crossref"),
        (Answer({"message": {"items": [5, {"DOI": "10.5555/lib.1"}, {"DOI": ["10.5555/lib.1"]}]}}), "unknown Crossref"),
        (Answer({"message": {"items": [JOURNAL_PAPER | {"DOI": "10.5555/another"}]}}), "unknown Crossref"),
        (Answer({"message": {"items": [JOURNAL_PAPER | {"title": ["x" * 2001]}]}}), "unknown Crossref"),
    ],
)
def test_an_answer_of_crossref_without_use(app: Flask, service: Libraries, answer: Answer, why: str) -> None:
    service.answers = [answer]
    assert asked(app, "10.5555/lib.1") == ([], [("10.5555/lib.1", why, "10.5555/lib.1" if "silent" in why else "")])
    assert len(service.questions) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=503), "silent arXiv"),
        (Answer(raw=b"<html><br></html>"), "silent arXiv"),
        (Answer(raw=b"\xff\xfe"), "silent arXiv"),
        (Answer(raw=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "silent arXiv"),
        (Answer(raw=b"<a>" * 700_000), "silent arXiv"),
        (Answer({}), "silent arXiv"),
        (Answer(raw=b"<feed/>"), "unknown arXiv"),
        (
            Answer(raw=b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>error</id></entry></feed>'),
            "unknown arXiv",
        ),
    ],
)
def test_an_answer_of_arxiv_without_use(app: Flask, service: Libraries, answer: Answer, why: str) -> None:
    service.answers = [answer]
    assert asked(app, "math.GT/0309136") == (
        [], [("math.GT/0309136", why, "math.GT/0309136" if "silent" in why else "")],
    )  # fmt: skip
    assert service.questions[0].query["id_list"] == "math/0309136"


@pytest.mark.parametrize(
    ("answer", "missed"),
    [
        (Answer(status=500), (SOMEBODY, "silent ORCID", SOMEBODY)),
        (Answer(status=409), (SOMEBODY, "silent ORCID", SOMEBODY)),
        (Answer([]), (SOMEBODY, "silent ORCID", SOMEBODY)),
        (Answer({"group": [5]}), (SOMEBODY, "silent ORCID", SOMEBODY)),
        (Answer({"group": [{"external-ids": None, "work-summary": []}]}), (SOMEBODY, "silent ORCID", SOMEBODY)),
        (Answer(raw=b"x" * 8_000_001), (SOMEBODY, "silent ORCID", SOMEBODY)),
        (Answer({"group": []}), (SOMEBODY, "empty ORCID", "")),
        (Answer(status=404), (SOMEBODY, "unknown ORCID", "")),
        (Answer({"group": [{"external-ids": None, "work-summary": [{"title": None}]}]}), ("", "nameless ORCID", "")),
    ],
)
def test_an_answer_of_orcid_without_use(
    app: Flask, service: Libraries, answer: Answer, missed: tuple[str, str, str]
) -> None:
    service.answers = [answer]
    assert asked(app, SOMEBODY) == ([], [missed])
    assert len(service.questions) == 1


def test_what_is_hostile_stays_within_its_entry(app: Flask, editor: FlaskClient, service: Libraries) -> None:
    evil = "}\n@article{evil, title={B}, author={C}, year=2020}"
    service.works = [JOURNAL_PAPER | {"title": [f"A{evil}<script>alert(1)</script>"], "publisher": [1], "page": {}}]
    service.preprints = {
        "2105.02446": Preprint(title=f"{{A}} @article{{evil, title={{B}}}}{evil}", summary="\\input{/etc/passwd}" * 999)
    }
    looked = send(editor, PAGE, identifiers="10.5555/lib.1\n2105.02446", action="preview")
    assert "2 new · 0 known · 0 completed · 0 broken" in plain(looked.text)
    assert "<script>alert" not in looked.text
    send(editor, PAGE, looked.text, action="import")
    titles = db.session.scalars(select(Publication.title).where(Publication.key.startswith("jia2025"))).all()
    assert sorted(titles) == [
        "A articleevil, title=B articleevil, title=B, author=C, year=2020",
        "A article{evil, title={B}, author={C}, year=2020}alert(1)",
    ]


def test_too_many_at_a_time_wait_for_the_next(app: Flask, service: Libraries) -> None:
    service.works = [JOURNAL_PAPER | {"DOI": f"10.5555/{number}"} for number in range(60)]
    service.people = {SOMEBODY: [shown(f"Paper {number}", doi=f"10.5555/{number}") for number in range(52)]}
    entries, missed = asked(app, SOMEBODY)
    assert len(entries) == 50
    assert missed == [(f"Paper {number} (10.5555/{number})", "beyond", f"10.5555/{number}") for number in (50, 51)]
    assert [len(question.query["filter"].split(",")) for question in service.questions[1:]] == [25, 25]
    assert asked(app, "10.5555/1", "10.5555/2", room=500) == (
        ["jia2025hearing"], [("10.5555/2", "beyond", "10.5555/2")],
    )  # fmt: skip


def test_whoever_is_busy_is_not_asked_on(app: Flask, service: Libraries) -> None:
    service.answers = [Answer(status=429)]
    numbers = [f"10.5555/{number}" for number in range(30)]
    assert asked(app, *numbers) == ([], [(number, "silent Crossref", number) for number in numbers])
    assert len(service.questions) == 1


def test_all_of_it_ends_within_its_time(app: Flask, service: Libraries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.3)
    service.answers = [Answer(raw=b'{"group": [', hangs=True)]
    started = time.monotonic()
    assert asked(app, SOMEBODY, "10.5555/lib.1", "2105.02446") == ([], [
        (SOMEBODY, "silent ORCID", SOMEBODY),
        ("10.5555/lib.1", "silent Crossref", "10.5555/lib.1"),
        ("2105.02446", "silent arXiv", "2105.02446"),
    ])  # fmt: skip
    assert time.monotonic() - started < 2
    assert len(service.questions) == 1


def test_one_asks_at_a_time_and_what_was_not_answered_stays_in_its_field(
    app: Flask, editor: FlaskClient, service: Libraries
) -> None:
    with asking.turn:
        looked = send(editor, PAGE, identifiers="10.5555/LIB.1", action="preview")
    assert "Somebody else is looking papers up at this moment." in looked.text
    assert as_shown(looked.text)["identifiers"] == ["10.5555/lib.1"]
    assert service.questions == []
    service.answers = [Answer(status=500)]
    looked = send(editor, PAGE, looked.text, action="preview")
    assert "Crossref did not answer. Try again later; these still stand in the field: 10.5555/lib.1" in plain(
        looked.text
    )
    service.works = [JOURNAL_PAPER]
    assert "1 new" in send(editor, PAGE, looked.text, action="preview").text


def test_nobody_is_asked_unless_that_is_allowed(app: Flask, editor: FlaskClient, service: Libraries) -> None:
    wrong = send(editor, PAGE, text="kept", identifiers="10.5555/lib.1\n0000-0000-0000-1232\n<b>", action="preview")
    assert wrong.status_code == 422
    assert "No DOI, arXiv number or ORCID iD, or mistyped: 0000-0000-0000-1232 · &lt;b&gt;" in wrong.text
    assert as_shown(wrong.text)["text"] == ["kept"]
    app.config["PAPER_LOOKUP"] = False
    shown_then = send(editor, PAGE, wrong.text, identifiers="10.5555/lib.1", action="preview")
    assert "identifiers" not in as_shown(shown_then.text)
    assert send(editor, PAGE, text="", identifiers="10.5555/lib.1", action="preview").status_code == 422
    assert service.questions == []
