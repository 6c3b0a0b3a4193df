"""What became of an attempt to hand a mail over, read from the server's words."""

from dataclasses import dataclass
from typing import Literal

from s2group.mail.headers import header_text

LONGEST_REPLY = 500
# RFC 3463: too big for the system, for the mailbox.
TOO_BIG = ("5.3.4", "5.2.3")


@dataclass(frozen=True)
class Answer:
    """What became of an attempt: accepted; refused for good; to be tried later; or too big for the server."""

    verdict: Literal["accepted", "refused", "later", "too big"]
    code: int | None
    text: str


def read_answer(code: int, text: bytes | str) -> Answer:
    """The server's reply to a mail, its sender or its recipient."""
    found = words(text)
    if 200 <= code < 300:
        return Answer("accepted", code, found)
    if code == 552 or found.startswith(TOO_BIG):
        return Answer("too big", code, found)
    # 530 asks us to sign in or to use TLS (RFC 4954, 3207): a matter of settings, which somebody will mend.
    return Answer("refused" if code >= 500 and code != 530 else "later", code, found)


def words(text: bytes | str) -> str:
    """What a server said, as one line that is fit to be kept and shown."""
    return header_text(text.decode("utf-8", "replace") if isinstance(text, bytes) else text, limit=LONGEST_REPLY)
