"""Reads of discussions: whoever may read an application may read what is said about it."""

from collections.abc import Sequence

from sqlalchemy import Select, func
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from s2group.accounts.models import User
from s2group.accounts.queries import accounts
from s2group.admissions.models import Application
from s2group.core.permissions import Action, authorize
from s2group.evaluation.access import visible_to
from s2group.evaluation.discussion.models import Comment, Mention
from s2group.extensions import db


def _comments(user: User) -> Select[Comment]:
    joined = visible_to(user).join(Comment, Comment.application_id == Application.id).with_only_columns(Comment)
    return joined.options(joinedload(Comment.author), selectinload(Comment.mentions).joinedload(Mention.user))


def discussion_of(user: User, application: Application, *, is_open: bool) -> tuple[Sequence[Comment], int]:
    """What was said about an application, the oldest first, and how much of it waits for the rating of `user`.

    Where the ratings of others are hidden from `user` (not `is_open`, reviews.queries.shows_ratings), so is what they
    say: it would tell of them. Nothing where `user` may not read the application.
    """
    every = db.session.scalars(_comments(user).where(Application.id == application.id).order_by(Comment.id)).all()
    shown = [each for each in every if is_open or each.author_id == user.id]
    return shown, len(every) - len(shown)


def comment_by_key(user: User, reference: str, key: str) -> Comment | None:
    """One comment on the application with this reference; None where `user` sees no such."""
    return db.session.scalar(_comments(user).where(Application.reference == reference, Comment.key == key))


def colleagues_of(user: User, application: Application) -> list[User]:
    """Whom `user` can mention there: everybody else who may read it and sign in, by name."""
    readers = [each for each in accounts() if each.active and authorize(each, Action.READ_APPLICATIONS, application)]
    return sorted((each for each in readers if each.id != user.id), key=lambda each: each.shown_name)


def _waiting(user: User) -> Select[Mention]:
    joined = visible_to(user).join(Comment, Comment.application_id == Application.id).join(Comment.mentions)
    return joined.with_only_columns(Mention).where(Mention.user_id == user.id, Mention.seen_at.is_(None))


def mentions_waiting(user: User) -> int:
    """How many comments mention `user` that they have not had before them."""
    return db.session.scalar(_waiting(user).with_only_columns(func.count())) or 0


def waiting_mentions(user: User) -> Sequence[Mention]:
    """The same with their comments, authors and applications, the newest first, in one statement."""
    loaded = _waiting(user).options(
        contains_eager(Mention.comment).options(
            joinedload(Comment.author), joinedload(Comment.application).joinedload(Application.route)
        )
    )
    return db.session.scalars(loaded.order_by(Comment.id.desc())).all()
