"""What is wrong with a record."""

from flask_babel import gettext

from s2group.core.i18n import in_language


class ContentError(Exception):
    """A record cannot be used as it is written. Says where, what is wrong, and what to do about it.

    `problem` and `remedy` are lazy texts, so that a page says them in the language of its reader, and commands and logs
    say them in English; at a field of a form the remedy says enough. `field` is the name of the field to correct, where
    it is one.
    """

    def __init__(self, place: str, problem: str, remedy: str, *, field: str = "") -> None:
        super().__init__(place, problem, remedy)
        self.place, self.problem, self.remedy, self.field = place, problem, remedy, field

    def __str__(self) -> str:
        """All of it in English."""
        with in_language("en"):
            return f"{self.place}: {self.sentences}"

    @property
    def sentences(self) -> str:
        """What is wrong and what to do about it, in the language of the reader."""
        return str(gettext("%(problem)s. %(remedy)s.", problem=self.problem, remedy=self.remedy))
