"""What an address says of the list or the sitting that its reader walks through."""

from typing import Any

from flask import request

# Handed on from one application to the next.
CARRIED = ("q", "sort", "sitting")


def carried() -> dict[str, Any]:
    """It, for the addresses that lead on from here."""
    return {name: request.args[name] for name in CARRIED if name in request.args}


def is_fetched_ahead() -> bool:
    """Whether a browser asks for the page before its reader does, and would show it later without asking again.

    We ask for nothing ahead ourselves: browsers do not keep what is answered with no-store, as all of an applicant is.
    """
    return "prefetch" in request.headers.get("Sec-Purpose", "")
