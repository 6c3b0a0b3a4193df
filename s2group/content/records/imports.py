"""What an editor takes over from elsewhere becomes versions of theirs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from s2group.audit.rules import RecordChanged, Subject, SubjectKind
from s2group.audit.services import record
from s2group.content.records.kinds import Kind
from s2group.content.records.services import keep, revise


@dataclass(frozen=True)
class Editor:
    """Who imports in the portal, by the id of their account, and when."""

    id: int
    now: datetime


def keep_for(session: Session, kind: Kind, row: Any, editor: Editor | None) -> None:
    """Keep what a row says before an editor's import changes it."""
    if editor:
        keep(session, kind, row, now=editor.now)


def add_version(session: Session, kind: Kind, row: Any, editor: Editor | None) -> None:
    """Make what an import has left a version of the editor's. As one of the operator's does, it leaves to the files
    what they say next."""
    if editor:
        number = revise(session, kind, row, actor=editor.id, now=editor.now, in_files=True)
        subject = Subject(SubjectKind.RECORD, f"{kind.name}/{kind.key_of_row(row)}")
        record(session, RecordChanged(number), about=subject, at=editor.now, actor_id=editor.id)
