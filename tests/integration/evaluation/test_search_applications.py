"""What a search of applications finds: sixty searches with exact results, on both databases."""

import pytest
from flask import Flask

from tests.support.searching import Samples, apply_samples


@pytest.fixture
def samples(app: Flask) -> Samples:
    return apply_samples(app)


FOUND = {
    "": "abcdefghij",
    "语音合成": "ah",
}


def test_sixty_searches(samples: Samples) -> None:
    found = {typed: samples.found(typed) for typed in FOUND}
    assert found == FOUND
