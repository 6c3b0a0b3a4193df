"""The group of tests/content, a day in its life, and what its pages say of it to search engines."""

from datetime import UTC, datetime
from pathlib import Path

from s2group.content.loading import load_content
from tests.support.snapshots import loaded_once

SAMPLE = Path(__file__).parent.parent / "content"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
ORGANIZATION = {
    "@type": "ResearchOrganization",
    "@id": "http://127.0.0.1:8000/en/#group",
    "name": "Sample Research Group",
    "url": "http://127.0.0.1:8000/en/",
}


def load_sample() -> None:
    """Load the sample's content, as on its day."""
    loaded_once("the sample", _load)


def _load() -> None:
    load_content(SAMPLE, now=NOW)
