"""Who is in the group on a day, who was, and in which order they are named."""

from datetime import date

ROLES = ("pi", "faculty", "postdoc", "phd", "master", "assistant", "undergraduate", "visitor")
STUDENT_ROLES = ("phd", "master", "undergraduate")
ALUMNI = "alumni"
# The headings of the members page.
GROUPS = (*ROLES, ALUMNI)
# After every cohort there will ever be.
NO_COHORT = 10_000


def has_left(status: str, left_on: date | None, today: date) -> bool:
    """Whether somebody was in the group: said outright, or by a last day before `today`."""
    return status == ALUMNI or (left_on is not None and left_on < today)


def is_to_come(joined_on: date | None, today: date) -> bool:
    """Whether somebody joins only after `today`."""
    return joined_on is not None and joined_on > today


def is_current(status: str, joined_on: date | None, left_on: date | None, today: date) -> bool:
    """Whether somebody is in the group on `today`; the first and the last day count."""
    return not has_left(status, left_on, today) and not is_to_come(joined_on, today)


def order_in_role(order_key: int | None, cohort: int | None, sort_name: str) -> tuple[bool, int, int, str]:
    """What people of one role are sorted by: the group's own order, else the oldest cohort, else the name."""
    return order_key is None, order_key or 0, cohort or NO_COHORT, sort_name


def latest_first(left_on: date | None, cohort: int | None, sort_name: str) -> tuple[int, int, str]:
    """What alumni are sorted by: those who left last first, those of an unknown day by cohort after them."""
    return -(left_on.toordinal() if left_on else 0), -(cohort or 0), sort_name
