"""Which pictures of pages a reader may see."""

from dataclasses import dataclass

from sqlalchemy.orm import joinedload

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application, ApplicationDocument
from s2group.documents.models import Document
from s2group.documents.pages import Words
from s2group.evaluation.access import visible_to
from s2group.evaluation.blind import is_blind_for
from s2group.evaluation.page_images.words import hidden_words
from s2group.extensions import db


@dataclass(frozen=True)
class ShownFile:
    """A file whose pages are shown, and what is blacked out on them; None where nothing is."""

    sha256: str
    hidden: Words | None


def hidden_from(user: User, application: Application) -> Words | None:
    """What `user` must not read on the pages of its documents; None where they may read all."""
    return hidden_words(application) if is_blind_for(user, application) else None


def shown_file(user: User, reference: str, kind: str) -> ShownFile | None:
    """The document of this kind of an application that `user` sees, as its pages are shown; None without one."""
    statement = (
        visible_to(user)
        .join(Application.documents)
        .join(ApplicationDocument.document)
        .options(joinedload(Application.route).joinedload(AdmissionRoute.call))
        .add_columns(Document.sha256)
        .where(Application.reference == reference, ApplicationDocument.kind == kind)
    )
    found = db.session.execute(statement).one_or_none()
    return ShownFile(found[1], hidden_from(user, found[0])) if found else None
