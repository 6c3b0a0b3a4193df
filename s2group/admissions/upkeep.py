"""Facts and words of all applications as this version of the portal makes them, and by which version they were made."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from s2group.admissions.facts.services import rebuild_facts
from s2group.admissions.fulltext.services import mend_words
from s2group.admissions.models import Upkeep
from s2group.admissions.replies.words import mend_replies
from s2group.core.database import transaction
from s2group.extensions import db

# What facts and words are made by, as far as the rules of applications and the folding of texts go.
RULES = ("admissions", "core/text.py", "content/search/rules.py", "content/people/pinyin.py")
PORTAL = Path(__file__).parent.parent


def bring_up_to_date() -> bool:
    """Make facts and words anew where another version of the portal has made them; whether that was so.

    Otherwise it takes one statement, however many applications there are: verbs write both with each change, and the
    hourly check compares.
    """
    known = db.session.scalar(select(Upkeep.made_by))
    db.session.rollback()
    if known == rules_version():
        return False
    make_anew()
    return True


def make_anew() -> None:
    """Make them anew, whoever made them, and note that this version did."""
    rebuild_facts()
    mend_words()
    mend_replies()
    with transaction() as session:
        session.merge(Upkeep(id=Upkeep.ONLY, made_by=rules_version()))


@cache
def rules_version() -> str:
    """The rules by their code, so that nobody has to remember a number: any change makes another version."""
    files = [file for name in RULES for file in sorted((PORTAL / name).rglob("*.py")) or [PORTAL / name]]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
