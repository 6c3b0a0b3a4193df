"""The fields that hold pictures, by their paths below the folder of pictures."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from s2group.content.records.fields import Known, Text


@dataclass(frozen=True)
class PicturePath(Text):
    """Where a picture lies, or nothing."""

    def of(self, row: Any) -> str:
        """Where the picture of the row lies."""
        picture = getattr(row, self.attribute)
        return picture.path if picture else ""

    def put(self, row: Any, value: str, known: Known, place: str) -> None:
        """Show this picture. Raises ContentError where there is none."""
        if value and value not in known["picture"]:
            raise self.error(
                place,
                lazy_gettext("%(name)s %(value)r is not there", name=self.name, value=value),
                lazy_gettext("Add the picture, or correct its name"),
            )
        picture = known["picture"][value] if value else None
        if getattr(row, self.attribute) is not picture:
            setattr(row, self.attribute, picture)
