"""What is kept of an event comes back from the database as it was."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2group.audit.rules import DETAILS, Details, Kind, VerdictChange, read_details
from s2group.audit.wording import KINDS
from tests.support.events import ONE_OF_EACH

st.register_type_strategy(
    VerdictChange, st.builds(VerdictChange, st.text(), st.none() | st.text(), st.none() | st.text())
)


@given(st.sampled_from(Kind).flatmap(lambda kind: st.from_type(DETAILS[kind])))
def test_details_survive_the_way_through_json(details: Details) -> None:
    assert read_details(details.kind.value, json.loads(json.dumps(details.to_dict()))) == details


def test_every_kind_has_its_own_class_its_words_and_an_example() -> None:
    assert set(DETAILS) == set(KINDS) == set(ONE_OF_EACH) == set(Kind)
    assert [each.kind for each in DETAILS.values()] == list(DETAILS)
    assert len(Details.__subclasses__()) == len(Kind)


def test_a_kind_that_nobody_knows_is_no_event() -> None:
    with pytest.raises(ValueError, match="'vanished' is not a valid Kind"):
        read_details("vanished", {})
