"""What pages and mails say of how long a link works is how long it works."""

from datetime import timedelta
from pathlib import Path

import pytest

from s2group.links.rules import LIFETIMES, Purpose

WORDS = {
    timedelta(days=30): "30 days",
    timedelta(days=7): "7 days",
    timedelta(hours=24): "24 hours",
    timedelta(hours=1): "within an hour",
    timedelta(minutes=10): "within 10 minutes",
}


@pytest.mark.parametrize(
    ("purpose", "places"),
    [
        (Purpose.CONTINUE, ["mail/draft_continue/body.html", "mail/draft_continue/body.txt", "apply/link_sent.html"]),
        (Purpose.HANDOFF, ["apply/elsewhere.html"]),
        (
            Purpose.MANAGE,
            [
                "mail/documents_asked/body.html", "mail/documents_asked/body.txt", "mail/manage_link/body.html",
                "mail/manage_link/body.txt", "apply/_ask_for_link.html",
            ],
        ),
        (Purpose.SIGN_IN, ["security/ask_for_link.html", "security/link_sent.html"]),
        (
            Purpose.CONTRIBUTE,
            ["mail/profile_asked/body.html", "mail/profile_asked/body.txt", "editor/ask_member.html"],
        ),
        (Purpose.FIRST_ADMIN, ["../s2group/cli/__init__.py"]),
    ],
)  # fmt: skip
def test_a_link_works_as_long_as_the_words_say(purpose: Purpose, places: list[str]) -> None:
    for place in places:
        assert WORDS[LIFETIMES[purpose]] in (Path("templates") / place).read_text(), place
