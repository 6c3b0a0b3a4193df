"""Pictures that the group shows: photos of people and of its life, teasers of papers."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from s2group.extensions import Base


class Picture(Base):
    """A picture of the content folder, known by what is in it; shown as WebP in a few widths."""

    __tablename__ = "picture"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="has_an_area"),)

    # The SHA-256 of the file.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Where it lies below the folder of pictures, such as people/rui-liu.jpg.
    path: Mapped[str] = mapped_column(String(200), unique=True)
    # In pixels, as it is shown upright.
    width: Mapped[int]
    height: Mapped[int]
