"""Whatever somebody was granted, at every address under /review/ that there is: nothing of what they may not see."""

import csv
import io
import re
from collections.abc import Iterator
from zipfile import ZipFile

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from sqlalchemy import update
from werkzeug.routing import Rule

from s2group.admissions.models import Call
from s2group.core.database import transaction
from s2group.core.permissions import Action, Role
from s2group.extensions import db
from tests.support.extent import chosen
from tests.support.pdf import texts_of
from tests.support.visibility import GRANTS, READ, Given, Reader, Seen

EXAMPLES = {"sqlite": chosen(short=1, long=10), "postgresql": chosen(short=1, long=3)}
# Asked besides, of pages that show more when they are asked for something.
ASKED = (
    "search/completion/?q=university:", "search/completion/?q=name:Test", "applications/?q=Test",
    "applications/?sort=name", "applications/?q=nosuch:x&last=Test", "board/?q=Test",
    "export/?q=Test", "bulk/?q=Test", "audit/?kind=opened",
)  # fmt: skip
FUNNEL = re.compile(r'<td class="n"><b>(\d+)</b></td>')
MENU = re.compile(r'Applications<span class="n2">(\d+)</span>')
SMALL = re.compile(r"<small>(\d+)</small>")


@pytest.fixture
def reader(app: Flask) -> Reader:
    found = Reader(app)
    with transaction() as session:
        session.execute(update(Call).values(hide_ratings=False))
    return found


def rules(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/review/") and method in (rule.methods or ()):
            yield rule


def of_one(rule: Rule, each: Seen) -> str:
    """The address of this rule about an application; whatever else it names is there for all of them."""
    values = {
        "reference": each.reference, "kind": "resume", "any(pdf, jpg, png):extension": "pdf", "int:number": "1",
        "int:position": "1", "requirement": each.requirement,
    }  # fmt: skip
    return re.sub(r"<([^>]+)>", lambda found: values.get(found[1], "1"), f"/en{rule.rule}")


def test_no_address_tells_of_what_was_not_granted(app: Flask, reader: Reader) -> None:
    name = db.engine.dialect.name

    @settings(max_examples=EXAMPLES[name], deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(GRANTS)
    @example({(Role.PI, 0), (Role.REVIEWER, 1)})
    @example({(Role.REVIEWER, 2)})
    def explore(grants: set[Given]) -> None:
        reader.grant(grants)
        nothing_of_another_is_there(app, reader)
        the_pages_of_many_tell_of_nobody_else(app, reader)
        the_counts_count_nobody_else(reader)
        the_exports_hold_nobody_else(reader)

    explore()


def nothing_of_another_is_there(app: Flask, reader: Reader) -> None:
    """Every page, file, picture and button of an application that is not seen: 404, as if it were not there."""
    for each in [each for each in reader.every if each not in reader.sees(READ)][:1]:
        for rule in [rule for rule in rules(app, "GET") if "reference" in rule.arguments]:
            address = of_one(rule, each)
            assert reader.client.get(address).status_code == 404, (reader.grants, address)
        for rule in [rule for rule in rules(app, "POST") if "reference" in rule.arguments]:
            address = of_one(rule, each)
            assert reader.post(address) == 404, (reader.grants, address)


def the_pages_of_many_tell_of_nobody_else(app: Flask, reader: Reader) -> None:
    """Home with its charts, board, compare, calibration, releases, audit log, search: all that there are."""
    everybody = "&".join(f"r={each.reference}" for each in reader.every)
    pages = [f"/en{rule.rule}" for rule in rules(app, "GET") if not rule.arguments]
    pages += [f"/en/review/{each}" for each in (*ASKED, f"compare/?{everybody}", f"bulk/?{everybody}")]
    pages += [f"/en/review/audit/?reference={each.reference}" for each in reader.every]
    hidden = [each for each in reader.every if each not in reader.sees(READ)]
    for page in pages:
        answer = reader.client.get(page, follow_redirects=True)
        assert answer.status_code in (200, 404, 400 if "nosuch" in page else 200), (
            reader.grants,
            page,
            answer.status_code,
        )
        text = answer.text.replace(page.partition("?")[2].replace("&", "&amp;"), "")
        told = [word for each in hidden for word in (each.name, *each.mail_keys) if word in text]
        assert told == [], (reader.grants, page)


def the_counts_count_nobody_else(reader: Reader) -> None:
    seen = reader.sees(READ)
    if not seen:
        return
    home, found = reader.text("/en/review/"), reader.text("/en/review/applications/")
    assert MENU.findall(home) == [str(len(seen))], reader.grants
    assert FUNNEL.findall(home)[0] == str(len(seen)), reader.grants
    assert max(map(int, SMALL.findall(found))) == len(seen), reader.grants


def the_exports_hold_nobody_else(reader: Reader) -> None:
    allowed = {each.reference for each in reader.every if each in reader.sees(Action.EXPORT_APPLICATIONS)}
    table = reader.sent("/en/review/export/", format="csv")
    if not allowed:
        assert table.status_code in (404, 422), reader.grants
        return
    text = table.data.decode("utf-8-sig")
    assert f"Export {len(allowed)} application" in reader.text("/en/review/export/"), reader.grants
    for each in reader.every:
        assert (each.name in text) == (each.reference in allowed), (reader.grants, each)
    assert len(list(csv.reader(io.StringIO(text)))) == 1 + len(allowed)
    with ZipFile(io.BytesIO(reader.sent("/en/review/export/", format="files").data)) as archive:
        folders = {name.partition("/")[0].partition("-")[2] for name in archive.namelist()}
    assert folders == allowed, reader.grants
    the_dossiers_are_of_nobody_else(reader, allowed)


def the_dossiers_are_of_nobody_else(reader: Reader, allowed: set[str]) -> None:
    """All in an archive and one by itself: the answers of whom it names, résumé and letter behind, and nobody else."""
    with ZipFile(io.BytesIO(reader.sent("/en/review/export/", format="dossiers").data)) as archive:
        made = {name.removesuffix(".pdf").partition("-")[2]: archive.read(name) for name in archive.namelist()}
    assert set(made) == allowed, reader.grants
    one, other = min(allowed), next((each.reference for each in reader.every if each.reference not in allowed), None)
    alone = reader.sent(f"/en/review/{one}/dossier/")
    assert (alone.status_code, alone.mimetype) == (200, "application/pdf"), reader.grants
    assert other is None or reader.post(f"/en/review/{other}/dossier/") == 404, reader.grants
    for reference, pdf in [*made.items(), (one, alone.data)]:
        text = " ".join(texts_of(pdf))
        for each in reader.every:
            words = (each.reference, f"newer {each.name}", f"letter {each.name}")
            assert [word in text for word in words] == [each.reference == reference] * 3, (reader.grants, each)
