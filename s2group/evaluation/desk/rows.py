"""The rows of a page of the list: each with all that its columns may show, in a handful of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import contains_eager, load_only, selectinload

from s2group.accounts.models import User
from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.rules import Outcome
from s2group.core.localized import Locale
from s2group.evaluation.access import visible_to
from s2group.evaluation.automatic_tags import all_tags_of
from s2group.evaluation.desk.scores import Score, scores_of
from s2group.evaluation.desk.strips import Strip, strip_of
from s2group.evaluation.looks.queries import new_to
from s2group.evaluation.tags.models import Tag
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.queries import FOR_STAFF

LISTED = load_only(
    Application.reference, Application.route_id, Application.name, Application.submitted_at, Application.state,
    Application.shown_state, Application.answers, Application.outcomes, Application.locale,
)  # fmt: skip
# Worst first: what one mail suffers, the whole delivery suffers.
MAIL_STATES = ("stuck", "bounced", "waiting", "sending", "written", "accepted", "replaced")


@dataclass(frozen=True)
class ApplicationRow:
    """One application as a row of the list, with its facts and its route."""

    application: Application
    outcomes: Strip
    score: Score
    # It holds something that the reader has not seen.
    is_new: bool
    tags: Sequence[Tag]
    mail_state: str


def rows_of(user: User, ids: Sequence[int], locale: Locale, now: datetime) -> list[ApplicationRow]:
    """What `user` sees of these applications, in the same order; automatic tags are those of `now`."""
    statement = visible_to(user).join(Application.facts).options(
        contains_eager(Application.facts), LISTED, selectinload(Application.route).joinedload(AdmissionRoute.call)
    )  # fmt: skip
    found = db.session.scalars(statement.where(Application.id.in_(ids))).all()
    by_id = {application.id: application for application in found}
    news, tags, scores = new_to(user, ids), all_tags_of(user, ids, now), scores_of(user, ids)
    mails = _mail_states(user, [application.reference for application in found])
    return [
        ApplicationRow(
            application=by_id[each],
            outcomes=strip_of(map(Outcome.from_dict, by_id[each].outcomes), locale),
            score=scores[each],
            is_new=each in news,
            tags=tags.get(each, []),
            mail_state=mails.get(by_id[each].reference, "accepted"),
        )
        for each in ids
        if each in by_id
    ]


def _mail_states(user: User, references: list[str]) -> dict[str, str]:
    mails = visible_to(user).join(OutboxMail, OutboxMail.topic == Application.reference)
    states = mails.with_only_columns(OutboxMail.topic, OutboxMail.state).where(FOR_STAFF).distinct()
    # Of both, because PostgreSQL does not carry the list over to the mail by itself.
    statement = states.where(Application.reference.in_(references), OutboxMail.topic.in_(references))
    found: dict[str, str] = {}
    for topic, state in db.session.execute(statement):
        found[topic] = min(found.get(topic, state), state, key=MAIL_STATES.index)
    return found
