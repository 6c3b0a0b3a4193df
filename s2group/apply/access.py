"""Which applications a browser may change: those it sent, and those whose e-mailed link it has used."""

from flask import session

APPLICATIONS = "applications"
# The session is a cookie, and a cookie holds 4 kB; nobody applies so often from one browser.
MOST_REMEMBERED = 20


def remember(reference: str) -> None:
    """Let this browser change the application from now on, until its session ends."""
    others = [each for each in session.get(APPLICATIONS, []) if each != reference]
    session[APPLICATIONS] = [*others, reference][-MOST_REMEMBERED:]


def may_change(reference: str) -> bool:
    """Whether this browser may change the application: whoever merely knows the reference may only look."""
    return reference in session.get(APPLICATIONS, [])


def forget(reference: str) -> None:
    """Leave the application alone from now on."""
    session[APPLICATIONS] = [each for each in session.get(APPLICATIONS, []) if each != reference]
