"""What another version of the portal made of the applications is made anew once, and looked at no more after that."""

import pytest
from flask import Flask
from sqlalchemy import delete, update

from bench.season import write_season
from s2group.admissions import upkeep
from s2group.admissions.facts.queries import wrong_facts
from s2group.admissions.fulltext.models import ApplicationText
from s2group.admissions.fulltext.queries import wrong_words
from s2group.admissions.models import ApplicationFacts, Upkeep
from s2group.core.database import transaction
from tests.support.applying import load_fictional_content
from tests.support.queries import recorded_statements

COUNT = 3


def spoil(made_by: str | None) -> None:
    """As another version left it: without words, with facts by other rules, and perhaps without a word about itself."""
    with transaction() as session:
        session.execute(delete(ApplicationText))
        session.execute(update(ApplicationFacts).values(met=99))
        session.execute(update(Upkeep).values(made_by=made_by) if made_by else delete(Upkeep))


def wrong() -> tuple[int, int]:
    return wrong_facts()["met"], len(wrong_words())


@pytest.mark.parametrize("made_by", [None, "an older version"])
def test_prepare_makes_anew_what_another_version_made(app: Flask, made_by: str | None) -> None:
    load_fictional_content(app)
    write_season(COUNT)
    assert upkeep.bring_up_to_date()
    spoil(made_by)
    assert wrong() == (COUNT, COUNT)
    assert app.test_cli_runner().invoke(args=["prepare"]).exit_code == 0
    assert wrong() == (0, 0)


def test_what_this_version_made_is_not_looked_at(app: Flask) -> None:
    load_fictional_content(app)
    write_season(COUNT)
    assert upkeep.bring_up_to_date()
    spoil(upkeep.rules_version())
    with recorded_statements() as statements:
        assert not upkeep.bring_up_to_date()
    [only] = [statement for statement in statements if statement != "BEGIN"]
    assert "FROM upkeep" in only
    assert wrong() == (COUNT, COUNT)


def test_a_change_of_the_rules_makes_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    now = upkeep.rules_version.__wrapped__()
    monkeypatch.setattr(upkeep, "RULES", upkeep.RULES[:-1])
    assert upkeep.rules_version.__wrapped__() != now
