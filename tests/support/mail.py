"""A message of the tests' own, put into the outbox."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from s2group.core.database import transaction
from s2group.mail.models import OutboxMail
from s2group.mail.services import Attachment, enqueue

TEMPLATES = {
    "mail/test_message/subject.txt": "推免-{{ name }}-计算机学院 软件工程\n",
    "mail/test_message/body.txt": "{{ name }} <{{ locale }}>\n.\n以点开头的一行\n",
    "mail/test_message/body.html": "<p>{{ name }}</p>\n",
}


class Files:
    """Stored files by their SHA-256, as the delivery asks for them."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def add(self, content: bytes, name: str) -> Attachment:
        """Keep a file, and name it as an attachment."""
        digest = sha256(content).hexdigest()
        self.contents[digest] = content
        return Attachment(digest, name)

    def read(self, digest: str) -> bytes:
        """The bytes; KeyError where there are none."""
        return self.contents[digest]


def add_templates(app: Flask) -> None:
    """Let the app find the message besides its own."""
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader])  # type: ignore[list-item]


def put_into_outbox(now: datetime, *, name: str = "测试甲", **changes: Any) -> list[int]:
    """Enqueue the message in a transaction of its own; the ids of its rows."""
    arguments: dict[str, Any] = {
        "message": "test_message",
        "topic": "7K3M-Q0ZT-9XHB-4WPD",
        "to": ["pi@example.org"],
        "locale": "zh",
        "context": {"name": name},
        "now": now,
    }
    with transaction() as session:
        rows: list[OutboxMail] = enqueue(session, **(arguments | changes))
        return [row.id for row in rows]
