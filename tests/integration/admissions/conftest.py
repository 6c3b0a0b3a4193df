"""A round of interviews by the PI, for the tests of what becomes of its slots."""

import pytest
from flask import Flask

from s2group.accounts.models import User
from s2group.admissions.interviews.models import InterviewRound
from tests.support.applying import load_fictional_content
from tests.support.interviewing import a_round, colleague, slots


@pytest.fixture
def pi(app: Flask) -> User:
    load_fictional_content(app)
    return colleague()


@pytest.fixture
def chosen_round(pi: User) -> InterviewRound:
    found = a_round()
    slots(found, pi)
    return found
