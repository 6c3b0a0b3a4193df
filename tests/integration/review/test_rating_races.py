"""Two who rate one application at the same moment, and one who does so in two tabs: nothing is lost or overwritten."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from s2group.admissions.models import Application
from s2group.evaluation.reviews.models import ApplicationScore, Review
from s2group.extensions import db
from tests.support.applying import hidden_fields
from tests.support.rating import add_reviewer, sign_in_as, some_applications

MARKS = {"ada": "1", "ben": "5"}


@pytest.fixture
def application(app: Flask) -> Application:
    for name in MARKS:
        add_reviewer(name)
    [application] = some_applications(app, 1)
    return application


def opened(app: Flask, application: Application, name: str) -> Callable[..., int]:
    """A tab of theirs with the rating form as it stands now: called, it submits the form; the status of the answer."""
    browser, address = app.test_client(), f"/en/review/{application.reference}/rating/"
    sign_in_as(browser, name)
    page = browser.get(address).text
    form = hidden_fields(page[page.index("data-rating") :])
    return lambda **fields: browser.post(address, data={**form, "do": "submit", **fields}).status_code


def at_once(app: Flask, *acts: Callable[[], int]) -> list[int]:
    """What each answers, all begun at one moment."""
    start, answers = threading.Barrier(len(acts)), list[int]()

    def run(act: Callable[[], int]) -> None:
        with app.app_context():
            start.wait(20)
            answers.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(answers)


def test_two_reviewers_at_once_both_count(app: Flask, application: Application) -> None:
    tabs = {mark: opened(app, application, name) for name, mark in MARKS.items()}
    db.session.remove()
    assert at_once(app, *[partial(tab, **{"mark-overall": mark}) for mark, tab in tabs.items()]) == [303, 303]
    assert sorted(review.marks["overall"] for review in db.session.scalars(select(Review))) == [1, 5]
    score = db.session.scalars(select(ApplicationScore)).one()
    assert (score.count, score.mean, score.low, score.high) == (2, 3.0, 1.0, 5.0)


def test_of_two_tabs_at_once_one_is_told_that_the_other_was_faster(app: Flask, application: Application) -> None:
    tabs = {note: opened(app, application, "ada") for note in ("One tab", "The other")}
    db.session.remove()
    answers = at_once(app, *[partial(tab, **{"mark-overall": "3", "shared_note": note}) for note, tab in tabs.items()])
    [review] = db.session.scalars(select(Review)).all()
    assert (answers, review.saves, review.shared_note in tabs) == ([303, 409], 1, True)
