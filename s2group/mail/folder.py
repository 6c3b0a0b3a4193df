"""Where there is no mail server: each mail becomes a file."""

import os
from pathlib import Path

from s2group.core.disk import flush
from s2group.mail.replies import ServerReply


class Folder:
    """Takes mails as `.eml` files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def hand_over(self, *, message_id: str, recipient: str, content: bytes) -> ServerReply:
        """Write a mail under its Message-ID's own part, so that a repeat replaces the file; whole and on disk."""
        self.path.mkdir(exist_ok=True)
        self.path.chmod(0o700)
        path = self.path / f"{message_id.strip('<>').partition('@')[0]}.eml"
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            # To and Cc name everybody; this line says whose copy it is.
            file.write(f"Delivered-To: {recipient}\r\n".encode("ascii") + content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        flush(self.path)
        return ServerReply("written", None, f"written to mail/{path.name}")
