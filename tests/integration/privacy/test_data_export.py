"""What an applicant's data export says of their interviews: what they were asked and have chosen, and no note."""

import pytest
from flask import Flask

from s2group.admissions.interviews.services import choose
from s2group.admissions.models import Application
from s2group.evaluation.interviews.services import write_note
from s2group.privacy.data_export import contents
from tests.support.applying import load_fictional_content
from tests.support.interviewing import NOW, a_round, applicant, colleague, invited, slots


@pytest.fixture
def application(app: Flask) -> Application:
    load_fictional_content(app)
    return applicant()


def test_the_interviews_are_in_it_and_what_was_noted_of_them_is_not(application: Application) -> None:
    assert contents(application, None, [], NOW)["interviews"] == []
    pi, interview_round = colleague(), a_round()
    slot = slots(interview_round, pi)[0]
    interview = invited(interview_round, application, pi)
    assert [each["starts_at"] for each in contents(application, None, [], NOW)["interviews"]] == [None]
    choose(interview=interview, slot_id=slot.id, timezone="America/New_York", now=NOW)
    write_note(interview=interview, text="A secret note", seen="", actor=pi, now=NOW)
    data = contents(application, None, [], NOW)
    [told] = data["interviews"]
    assert (told["title"], told["invited_at"], told["starts_at"], told["timezone"], told["none_fits"]) == (
        interview_round.title, NOW, slot.starts_at, "America/New_York", interview.none_fits,
    )  # fmt: skip
    assert "A secret note" not in str(data)
