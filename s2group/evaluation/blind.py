"""Blind reviewing: while a call is blind, those who only review its applications do not learn who applies.

Whoever decides on the route knows. Everything that pages, searches and files say of a person asks here first.
"""

import re

from flask_babel import gettext
from sqlalchemy import ColumnElement, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application, Call
from s2group.core.permissions import Action, authorize, reach
from s2group.evaluation.access import routes_visible_to
from s2group.evaluation.page_images.words import hidden_words
from s2group.extensions import db

# What tells who somebody is: these answers are not shown, and what they say is blacked out elsewhere.
IDENTIFYING = ("name", "name_pinyin", "email", "phone", "wechat", "university", "college", "repositories", "referees")
BLACK = "█████"


def is_blind_for(user: User, application: Application) -> bool:
    """Whether `user` must not know whose application this is."""
    return application.route.call.blind and not authorize(user, Action.DECIDE_APPLICATIONS, application)


def knows_person(user: User, route_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The same as a condition on a statement: that `user` may know whose application it is."""
    decides = reach(user, Action.DECIDE_APPLICATIONS)
    if decides.everywhere:
        return true()
    blind = select(AdmissionRoute.id).join(AdmissionRoute.call).where(Call.blind)
    return or_(route_id.in_(decides.route_ids), route_id.not_in(blind))


def is_blind_somewhere(user: User) -> bool:
    """Whether there is any route on which `user` reviews without knowing who applies."""
    if reach(user, Action.DECIDE_APPLICATIONS).everywhere:
        return False
    blind = routes_visible_to(user).where(not_(knows_person(user, AdmissionRoute.id)))
    return db.session.scalar(blind.with_only_columns(AdmissionRoute.id).limit(1)) is not None


def shown_name(user: User, application: Application) -> str:
    """The applicant's name, or what stands for it: the last four signs of the reference."""
    return alias(application.reference) if is_blind_for(user, application) else application.name


def alias(reference: str) -> str:
    """What an applicant without a name is called."""
    return str(gettext("Applicant %(signs)s", signs=reference[-4:]))


def for_reader(text: str, application: Application, reader: User) -> str:
    """What somebody wrote, for a blind reader with the person blacked out as far as the form names them so."""
    return _blacked_out(text, application) if is_blind_for(reader, application) else text


def _blacked_out(text: str, application: Application) -> str:
    words = sorted(hidden_words(application), key=len, reverse=True)
    return re.sub("|".join(map(_pattern, words)), BLACK, text, flags=re.IGNORECASE) if words else text


def _pattern(word: str) -> str:
    """A word with whatever stands between its parts; one in Latin letters does not end within another."""
    parts = r"[\s,.·-]*".join(map(re.escape, word.split()))
    return rf"(?<![a-z0-9]){parts}(?![a-z0-9])" if word.isascii() else parts
