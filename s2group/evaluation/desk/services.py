"""What somebody of the staff chooses for their own pages."""

from collections.abc import Collection

from s2group.accounts.models import User
from s2group.core.database import transaction
from s2group.evaluation.desk.columns import COLUMNS
from s2group.evaluation.desk.models import ListLayout


def save_layout(*, user: User, columns: Collection[str], is_compact: bool) -> None:
    """Have the list of applications show these columns to `user`, and their rows on one line or two."""
    known = [column.key for column in COLUMNS if column.key in columns]
    with transaction() as session:
        session.merge(ListLayout(user_id=user.id, columns=known, is_compact=is_compact))
