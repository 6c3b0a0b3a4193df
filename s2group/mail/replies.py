"""What became of an attempt to hand a mail over, read from the server's words."""

from dataclasses import dataclass
from typing import Literal

from s2group.mail.headers import header_text

LONGEST_REPLY = 500
# RFC 3463: too big for the system, for the mailbox.
TOO_BIG = ("5.3.4", "5.2.3")
# About to close the connection (RFC 5321, 3.8; -1 is smtplib's word for a lost one); sign in, or use TLS (RFC 4954).
NOT_THIS_MAIL = (421, -1, 530)
# The sender's address or its password is not taken, which many a server says only at the recipient (RFC 3463, 4954).
ABOUT_THE_SENDER = ("5.1.7", "5.1.8", "5.7.8")


@dataclass(frozen=True)
class ServerReply:
    """What became of an attempt: accepted; written to a file; refused; to be tried later; too big for the server."""

    verdict: Literal["accepted", "written", "refused", "later", "too big"]
    code: int | None
    text: str
    # Whom a failure concerns: this mail and its recipient; the server, which would have done so to any mail; or the
    # portal itself, which could not make the mail.
    about: Literal["mail", "server", "portal"] = "mail"


def read_reply(code: int, text: bytes | str) -> ServerReply:
    """The server's reply to a mail, its sender or its recipient."""
    found = words(text)
    if 200 <= code < 300:
        return ServerReply("accepted", code, found)
    if code == 552 or found.startswith(TOO_BIG):
        return ServerReply("too big", code, found)
    if code in NOT_THIS_MAIL or found.startswith(ABOUT_THE_SENDER):
        return about_the_server(code, text)
    return ServerReply("refused" if code >= 500 else "later", code, found)


def about_the_server(code: int, text: bytes | str) -> ServerReply:
    """The server's reply to what is the same for every mail: a matter of settings, which somebody will mend."""
    return ServerReply("later", code, words(text), about="server")


def words(text: bytes | str) -> str:
    """What a server said, as one line that is fit to be kept and shown."""
    return header_text(text.decode("utf-8", "replace") if isinstance(text, bytes) else text, limit=LONGEST_REPLY)
