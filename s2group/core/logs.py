"""The log of the portal's own processes, and the id by which the lines about one request are found."""

import logging
import re
import secrets

from flask import Flask, Response, current_app, has_request_context, request
from flask.logging import wsgi_errors_stream

from s2group.core.log_lines import formatter

HEADER = "X-Request-ID"
# What a reverse proxy may call a request; anything else could be made to deceive whoever reads the log.
PROXY_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
ENVIRON_KEY = "s2group.request_id"


def request_id() -> str:
    """The id of this request: the one that a trusted proxy gave it, or else a random one."""
    found: str = request.environ.get(ENVIRON_KEY) or _given_id() or secrets.token_hex(8)
    request.environ[ENVIRON_KEY] = found
    return found


def current_request_id() -> str | None:
    """The id of the request that is being answered; None where there is none, as in a command or the worker."""
    return request_id() if has_request_context() else None


def _given_id() -> str | None:
    given = request.headers.get(HEADER, "")
    return given if current_app.config["TRUSTED_PROXIES"] and PROXY_ID.fullmatch(given) else None


class Output(logging.StreamHandler):  # type: ignore[type-arg]
    """Where the log goes: standard error, each line with the id of the request it is about."""

    def __init__(self, kind: str) -> None:
        super().__init__(wsgi_errors_stream)  # a proxy that finds the stream of the moment
        self.setFormatter(formatter(kind))
        self.addFilter(_add_request_id)


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = current_request_id()
    return True


def _tell_request_id(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    return response


def write_to_stderr(kind: str) -> None:
    """Have the process write its log there once, as `json` or `text`."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, Output)]:
        root.removeHandler(handler)
    root.addHandler(Output(kind))
    logging.getLogger("s2group").setLevel(logging.INFO)


def init_app(app: Flask) -> None:
    """Write the log in the form that LOG_FORMAT says, and tell every visitor the id of their request."""
    write_to_stderr(app.config["LOG_FORMAT"])
    app.after_request(_tell_request_id)
