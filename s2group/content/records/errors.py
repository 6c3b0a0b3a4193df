"""What is wrong with a record."""


class ContentError(Exception):
    """A record cannot be used as it is written. Says where, what is wrong, and what to do about it.

    `field` is the name of the field to correct, where it is one.
    `problem` is what is wrong without the rest.
    """

    def __init__(self, place: str, problem: str, remedy: str, *, field: str = "") -> None:
        super().__init__(f"{place}: {problem}. {remedy}.")
        self.place, self.problem, self.field = place, problem, field
