"""The group of tests/content, a day in its life, and what its pages say of it to search engines."""

from datetime import UTC, datetime
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "content"
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
ORGANIZATION = {
    "@type": "ResearchOrganization",
    "@id": "http://127.0.0.1:8000/en/#group",
    "name": "Sample Research Group",
    "url": "http://127.0.0.1:8000/en/",
}
