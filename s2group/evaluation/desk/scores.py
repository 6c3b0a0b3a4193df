"""What the ratings of applications come to, as a cell of the list shows it to its reader."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_

from s2group.accounts.models import User
from s2group.admissions.models import ApplicationFacts
from s2group.evaluation.access import facts_visible_to
from s2group.evaluation.reviews.models import Review
from s2group.evaluation.reviews.queries import review_counts, scores_for, waiting_for
from s2group.evaluation.reviews.rules import FAR_APART
from s2group.extensions import db


@dataclass(frozen=True)
class Score:
    """How many have rated, which all may know, and whether it waits for the reader; marks only where they see them."""

    count: int
    waits: bool
    mean: float | None = None
    own: float | None = None
    # Those of the others, the lowest first.
    others: tuple[float, ...] = ()

    @property
    def low(self) -> float:
        """The lowest mark; only where there is a mean."""
        return min(self._all)

    @property
    def high(self) -> float:
        """The highest mark; only where there is a mean."""
        return max(self._all)

    @property
    def is_far_apart(self) -> bool:
        """Whether they disagree so much that the search calls it so."""
        return self.high - self.low >= FAR_APART

    @property
    def _all(self) -> list[float]:
        return [mark for mark in (*self.others, self.own) if mark is not None]


def scores_of(user: User, ids: Sequence[int]) -> dict[int, Score]:
    """The cell of each of these applications, in three statements."""
    counts, waiting, marks = review_counts(user, ids), _waiting_among(user, ids), _marks(user, ids)
    return {each: _score(user, counts.get(each, 0), each in waiting, marks.get(each, {})) for each in ids}


def _score(user: User, count: int, waits: bool, marks: Mapping[int, float]) -> Score:
    if not marks:
        return Score(count, waits)
    others = sorted(mark for reviewer, mark in marks.items() if reviewer != user.id)
    return Score(count, waits, sum(marks.values()) / len(marks), marks.get(user.id), tuple(others))


def _waiting_among(user: User, ids: Sequence[int]) -> set[int]:
    waiting = waiting_for(user).with_only_columns(ApplicationFacts.application_id)
    return set(db.session.scalars(waiting.where(ApplicationFacts.application_id.in_(ids))))


def _marks(user: User, ids: Sequence[int]) -> dict[int, dict[int, float]]:
    """The overall marks by application and reviewer, where `user` may see them."""
    scores = scores_for(user)
    given = and_(Review.application_id == scores.c.application_id, Review.overall.is_not(None))
    joined = facts_visible_to(user).join(scores, scores.c.application_id == ApplicationFacts.application_id)
    statement = joined.join(Review, given).with_only_columns(Review.application_id, Review.user_id, Review.overall)
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for application_id, reviewer, mark in db.session.execute(statement.where(scores.c.application_id.in_(ids))):
        found[application_id][reviewer] = float(mark or 0)
    return found
