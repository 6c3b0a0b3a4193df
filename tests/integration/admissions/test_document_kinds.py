"""What the kinds of documents are called, which files will do for them, and what their files are named."""

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.admissions.document_kinds import accepted_types, document_label, file_name, place_of
from s2group.admissions.models import AdmissionRoute
from s2group.core.localized import Locale
from s2group.extensions import db
from s2group.mail.headers import attachment_name
from tests.support.applying import load_fictional_content

QUESTIONS = [{"key": "portfolio", "kind": "file", "label": {"zh": "作品集", "en": "Portfolio"}}]


@pytest.fixture
def route(app: Flask) -> AdmissionRoute:
    load_fictional_content(app)
    route = db.session.scalars(select(AdmissionRoute)).first()
    assert route is not None
    route.form = {"questions": QUESTIONS}
    return route


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("resume", "CV"),
        ("transcript", "Transcript"),
        ("rank_proof", "Proof of rank"),
        ("language_certificate", "Language certificate"),
        ("research_plan", "Research plan"),
        ("other", "Another document"),
        ("requested_12", "Requested document 12"),
        ("x_portfolio", "Portfolio"),
        ("x_no_longer_asked", "Another document"),
    ],
)
def test_each_kind_has_a_name(route: AdmissionRoute, kind: str, label: str) -> None:
    assert document_label(kind, route, "en") == label


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("locale", "label"), [("zh", "作品集"), ("en", "Portfolio"), (None, "作品集")])
def test_a_name_is_said_in_the_language_that_is_asked_for(
    route: AdmissionRoute, locale: Locale | None, label: str
) -> None:
    assert document_label("x_portfolio", route, locale) == label


def test_a_resume_is_a_pdf_and_everything_else_may_be_a_picture() -> None:
    pictures_too = {"application/pdf", "image/jpeg", "image/png"}
    found = {kind: accepted_types(kind) for kind in ("resume", "transcript", "requested_1", "x_portfolio")}
    assert found.pop("resume") == {"application/pdf"}
    assert found == dict.fromkeys(found, pictures_too)


@pytest.mark.parametrize(
    ("kind", "media_type", "name"),
    [
        ("resume", "application/pdf", "resume-7K3M-Q0ZT-9XHB-4WPD.pdf"),
        ("x_portfolio", "image/png", "x_portfolio-7K3M-Q0ZT-9XHB-4WPD.png"),
        ("requested_12", "image/jpeg", "requested_12-7K3M-Q0ZT-9XHB-4WPD.jpg"),
    ],
)
def test_the_name_of_a_file_may_go_by_mail(kind: str, media_type: str, name: str) -> None:
    assert attachment_name(file_name(kind, "7K3M-Q0ZT-9XHB-4WPD", media_type)) == name


def test_the_resume_comes_first_and_a_routes_own_documents_last() -> None:
    kinds = ["x_sample", "other", "requested_2", "transcript", "resume", "language_certificate"]
    assert sorted(kinds, key=place_of) == [
        "resume", "transcript", "language_certificate", "other", "requested_2", "x_sample",
    ]  # fmt: skip
