"""Links in the mail about a new application with which its reader can act on it, without signing in first."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from s2group.accounts.models import User
from s2group.accounts.queries import user_by_email
from s2group.admissions.models import Application
from s2group.admissions.rules.rubrics import overall_marks, read_rubric
from s2group.core.i18n import public_url
from s2group.core.localized import Locale
from s2group.core.permissions import Action, authorize
from s2group.links.rules import Purpose
from s2group.links.services import issue


class Verb(StrEnum):
    """What such a link does once its reader has confirmed it."""

    SHORTLIST = "shortlist"
    INVITE = "invite"
    DECLINE = "decline"
    # Opens the rubric with a score, which its reader then gives or not: it acts on nothing.
    RATE = "rate"


def action_links(
    session: Session, application: Application, recipient: str, *, locale: Locale, now: datetime
) -> dict[str, str]:
    """An address for each verb, for the account of this recipient; none where it has no right to decide here.

    For RATE one for each score, the highest first, under the name of the verb with the score behind it.
    """
    user = user_by_email(recipient.lower())
    if user is None or not user.active or not authorize(user, Action.DECIDE_APPLICATIONS, application):
        return {}
    tokens = {verb.value: action_token(session, application, verb, user, now=now) for verb in Verb}
    rate = tokens.pop(Verb.RATE.value)
    acting = {verb: public_url("review.act_from_mail", locale=locale, token=token) for verb, token in tokens.items()}
    scores = reversed(overall_marks(read_rubric(application.route.rubric)))
    return acting | {
        f"{Verb.RATE} {score}": public_url("review.act_from_mail", locale=locale, token=rate, overall=score)
        for score in scores
    }


def action_token(session: Session, application: Application, verb: Verb, user: User, *, now: datetime) -> str:
    """The token of one such link, which ends with a change of the account's password, roles or state."""
    subject = f"{application.reference}:{verb}:{user.id}:{user.mark}"
    return issue(session, purpose=Purpose.ACT_FROM_MAIL, subject=subject, now=now)
