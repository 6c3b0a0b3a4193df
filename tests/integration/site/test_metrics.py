"""/metrics: off unless configured, then for the token alone, and its figures are right."""

import re
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

import config
from s2group import create_app
from s2group.cli.worker import JOBS
from s2group.core import clock
from s2group.core.database import transaction
from s2group.documents.models import Document
from s2group.extensions import db
from s2group.jobs.services import run_due
from s2group.mail.models import OutboxMail
from tests.support import applying
from tests.support.databases import settings
from tests.support.server import running_portal
from tests.support.stored import path_of

TOKEN = "a-token-for-tests-only"
MEMORY = Path("/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir())
HEADERS = {"Authorization": f"Bearer {TOKEN}"}

only_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    return environ | {"S2_METRICS_TOKEN": TOKEN}


def figures(client: FlaskClient) -> dict[str, float]:
    text = client.get("/metrics", headers=HEADERS).text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_without_a_token_in_the_settings_there_is_no_such_page(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path))
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@only_sqlite
@pytest.mark.parametrize("shown", [None, "", TOKEN, "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer 密钥"])
def test_only_who_shows_the_token_gets_the_figures(client: FlaskClient, shown: str | None) -> None:
    headers = {} if shown is None else {"Authorization": shown.encode().decode("latin-1")}
    response = client.get("/metrics", headers=headers)
    assert (response.status_code, response.headers["WWW-Authenticate"], response.text) == (401, "Bearer", "")


def test_a_short_token_is_refused(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigurationError, match="S2_METRICS_TOKEN"):
        config.load(settings(tmp_path) | {"S2_METRICS_TOKEN": "a" * 15})


def test_every_line_is_one_that_prometheus_reads(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    applying.apply(client)
    run_due(JOBS, now=clock.now())
    response = client.get("/metrics", headers=HEADERS)
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(response.text))
    names = [family.name for family in families]
    assert sorted(set(names)) == sorted(names)  # Prometheus refuses a family that comes twice
    assert {name for name in names if not name.startswith("s2group_")} == set()
    kinds = {family.name: family.type for family in families}
    assert (kinds["s2group_requests"], kinds["s2group_applications"]) == ("counter", "gauge")


def test_the_figures_of_an_empty_portal_are_zero(client: FlaskClient) -> None:
    found = figures(client)
    assert "s2group_newest_application_age_seconds" not in found
    assert {name: value for name, value in found.items() if value} == {}
    assert (found['s2group_mails{state="stuck"}'], found['s2group_mails{state="written"}']) == (0, 0)


def test_the_figures_tell_of_applications_mail_inspections_and_jobs(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    applying.apply(client)
    now = clock.now()
    run_due(JOBS, now=now - timedelta(minutes=30))
    with transaction() as session:
        session.execute(update(Document).values(inspection="not_machine_checked", stored_at=now - timedelta(hours=2)))
        stuck = update(OutboxMail).where(OutboxMail.message == "application_confirmation")
        session.execute(stuck.values(state="stuck", created_at=now - timedelta(days=1)))
    found = figures(client)
    assert found["s2group_applications"] == 1
    assert found["s2group_newest_application_age_seconds"] < 60
    assert (found['s2group_mails{state="waiting"}'], found['s2group_mails{state="stuck"}']) == (2, 1)
    assert found["s2group_oldest_unsent_mail_age_seconds"] == pytest.approx(86400, abs=60)
    assert found['s2group_documents{inspection="not_machine_checked"}'] == 1
    assert found["s2group_oldest_uninspected_document_age_seconds"] == pytest.approx(7200, abs=60)
    assert found['s2group_chore_age_seconds{chore="check"}'] == pytest.approx(1800, abs=60)
    assert (found['s2group_chore_failed{chore="check"}'], found["s2group_check_differences"]) == (0, 0)


def test_a_check_that_finds_something_shows(app: Flask, client: FlaskClient) -> None:
    applying.load_fictional_content(app)
    applying.apply(client)
    path_of(db.session.scalars(db.select(Document.sha256)).one()).unlink()
    run_due(JOBS, now=clock.now())
    # The row of the document, and the mails with it to two people.
    assert figures(client)["s2group_check_differences"] == 3


@only_sqlite
def test_requests_are_counted_by_class(client: FlaskClient) -> None:
    for path in ("/healthz", "/healthz", "/no-such-page", "/en"):
        client.get(path)
    found = figures(client)
    counted = [found[f's2group_requests_total{{class="{number}xx"}}'] for number in range(1, 6)]
    assert counted == [0, 2, 1, 1, 0]
    assert figures(client)['s2group_requests_total{class="2xx"}'] == 3


@only_sqlite
def test_both_workers_count_together_and_leave_nothing_behind(environ: dict[str, str]) -> None:
    before = set(MEMORY.glob("s2group-metrics-*"))
    with running_portal(environ) as portal:
        (folder,) = set(MEMORY.glob("s2group-metrics-*")) - before
        while len(list(folder.glob("counter_*.db"))) < 2:  # the second worker may still be starting
            time.sleep(0.05)
        for _ in range(40):  # connections of their own, so that each worker gets some
            assert portal.get("/healthz")[0] == 200
        before_last, last = (portal.get("/metrics", HEADERS)[1] for _ in range(2))
        counted, again = (_requests(text) for text in (before_last, last))
        assert counted['{class="2xx"}'] >= 41  # 40 here, and the one that saw it ready
        assert again == counted | {'{class="2xx"}': counted['{class="2xx"}'] + 1}
    assert not folder.exists()


def _requests(text: str) -> dict[str, float]:
    found = re.findall(r"^s2group_requests_total(\S+) (\S+)$", text, re.MULTILINE)
    return {labels: float(value) for labels, value in found}
