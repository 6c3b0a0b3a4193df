"""The operator's commands for requirements that have changed."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from s2group.admissions.models import AdmissionRoute, Application
from tests.support.applying import load_fictional_content
from tests.support.rulings import change, exemption_route, three_applicants, verdict


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    load_fictional_content(app)
    return exemption_route()


@pytest.fixture
def applicants(client: FlaskClient, route: AdmissionRoute) -> dict[str, Application]:
    return three_applicants(client)


def run(app: Flask, *arguments: str, **options: Any) -> str:
    result = app.test_cli_runner().invoke(args=["requirements", *arguments], **options)
    return f"{result.output}{result.exit_code}"


def test_the_command_says_whom_the_change_concerns(
    app: Flask, route: AdmissionRoute, applicants: dict[str, Application]
) -> None:
    nothing = "Nothing to do: the newest requirements have judged every application that is still open.\n0"
    assert run(app, "preview") == nothing
    change(route)
    shown = (
        "fictional-call recommended-exemption-master, version 2: this flips 1 application of 3:\n"
        f"  {applicants['Test 428'].reference} Test 428: cet4 met → not_met\n"
    )
    assert run(app, "preview") == shown + "0"
    assert run(app, "preview", "--route", "recommended-exemption-master") == shown + "0"
    assert run(app, "preview", "--route", "postdoc") == nothing
    assert run(app, "preview", "--route", "no-such") == "Error: There is no route no-such.\n1"
    assert run(app, "apply", input="n\n") == shown + "Judge them again? [y/N]: n\n0"
    assert verdict(applicants["Test 428"]) == "met"
    assert run(app, "apply", "--yes") == shown + "Judged again: 3\n0"
    assert verdict(applicants["Test 428"]) == "not_met"
    assert run(app, "apply", "--yes") == nothing
