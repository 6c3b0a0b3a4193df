"""What the pages of the desk read: for one reader, and only of what they may see."""

from dataclasses import dataclass

from s2group.accounts.models import User
from s2group.admissions.models import ApplicationFacts
from s2group.core.paging import counts_of
from s2group.evaluation.access import facts_visible_to, mails_visible_to
from s2group.evaluation.desk.columns import USUAL
from s2group.evaluation.desk.models import ListLayout
from s2group.evaluation.reviews.queries import waiting_for
from s2group.extensions import db
from s2group.mail.models import OutboxMail
from s2group.mail.rules import FOR_A_PERSON


@dataclass(frozen=True)
class NavigationCounts:
    """The numbers beside the sections; MOST_COUNTED + 1 where there are more."""

    waiting: int
    applications: int
    stuck_mails: int


def navigation_counts(user: User) -> NavigationCounts:
    """What waits for `user`, in one statement that counts no further than core.paging does."""
    stuck = mails_visible_to(user).where(OutboxMail.state.in_(FOR_A_PERSON)).with_only_columns(OutboxMail.id)
    facts = (waiting_for(user), facts_visible_to(user))
    return NavigationCounts(
        *counts_of([*(each.with_only_columns(ApplicationFacts.application_id) for each in facts), stuck])
    )


def layout_of(user: User) -> ListLayout:
    """How `user` has the list of applications; the usual way where they have chosen nothing."""
    return db.session.get(ListLayout, user.id) or ListLayout(columns=list(USUAL), is_compact=False)
