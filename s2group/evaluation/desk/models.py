"""How somebody of the staff has their lists."""

from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from s2group.accounts.models import User
from s2group.extensions import Base


class ListLayout(Base):
    """What an account has chosen for the list of applications; without a row it is as usual."""

    __tablename__ = "list_layout"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True, autoincrement=False)
    # The keys of the columns after the name, in any order.
    columns: Mapped[list[Any]] = mapped_column(JSON)
    # Rows of one line.
    is_compact: Mapped[bool]
