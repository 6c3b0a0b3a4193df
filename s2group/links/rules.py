"""What links there are, how long each works, and how their tokens are told from other text."""

import re
from datetime import timedelta
from enum import StrEnum

# A token of ours in an address: 192 bits or more, which is longer than any other part of one.
TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{32,}(?![A-Za-z0-9_@-])")


class Purpose(StrEnum):
    """What a link lets its holder do. Behind each: what its subject is."""

    CONTINUE = "continue"  # the key of a draft
    HANDOFF = "handoff"  # the key of a draft
    MANAGE = "manage"  # the reference of an application
    LETTER = "letter"  # the id of a referee
    ANSWER = "answer"  # the id of what the group asks an applicant
    SIGN_IN = "sign_in"  # the fs_uniquifier of an account, which changes with its password, role and state
    NOTIFY_EMAIL = "notify_email"  # the fs_uniquifier of an account
    INVITATION = "invitation"  # the fs_uniquifier of an account without a password
    NEW_PASSWORD = "new_password"  # noqa: S105 - a name; the fs_uniquifier of an account
    FIRST_ADMIN = "first_admin"  # PORTAL
    CONTRIBUTE = "contribute"  # the key of a contributor
    SHOW_DRAFT = "show_draft"  # the id of a news item
    # reference:verb:id:mark, of an application, what to do with it, and the account that does it
    ACT_FROM_MAIL = "act_from_mail"


# The subject of a link that leads to no one thing.
PORTAL = "portal"
TO_A_DRAFT = (Purpose.CONTINUE, Purpose.HANDOFF)
LIFETIMES = {
    Purpose.CONTINUE: timedelta(days=30),
    Purpose.HANDOFF: timedelta(hours=1),
    Purpose.MANAGE: timedelta(days=7),
    Purpose.LETTER: timedelta(days=120),
    # Longer than anybody is given to answer.
    Purpose.ANSWER: timedelta(days=60),
    # As long as somebody waits for a mail, and no longer.
    Purpose.SIGN_IN: timedelta(minutes=10),
    Purpose.NOTIFY_EMAIL: timedelta(days=3),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.NEW_PASSWORD: timedelta(hours=24),
    Purpose.FIRST_ADMIN: timedelta(hours=24),
    # An editor reads whatever is proposed by it.
    Purpose.CONTRIBUTE: timedelta(days=30),
    # Time enough to ask somebody who is travelling.
    Purpose.SHOW_DRAFT: timedelta(days=14),
    Purpose.ACT_FROM_MAIL: timedelta(days=14),
}
# A hand-off stands on a screen, where anybody may photograph it; the others give a whole account.
ONCE = (
    Purpose.HANDOFF, Purpose.SIGN_IN, Purpose.NOTIFY_EMAIL, Purpose.INVITATION, Purpose.NEW_PASSWORD,
    Purpose.FIRST_ADMIN, Purpose.ACT_FROM_MAIL,
)  # fmt: skip


def without_tokens(text: str) -> str:
    """`text` with dots in the place of every token, for readers who must not have the rights that its links give."""
    return TOKEN.sub("······", text)


def without_token_lines(text: str) -> str:
    """`text` without the lines that hold a token: what is left may go to anybody."""
    return "".join(line for line in text.splitlines(keepends=True) if not TOKEN.search(line))
