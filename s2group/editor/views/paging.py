"""Where in a long list the page begins that an address asks for."""

import re

from flask import abort, request


def number_after() -> int | None:
    """The number after which the page begins; None for the first page. What is no number is not found."""
    text = request.args.get("after")
    number = read_number(text) if text is not None else None
    if text is not None and number is None:
        abort(404)
    return number


def read_number(text: str) -> int | None:
    """A number that a request names; None where it is none of ours."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None
