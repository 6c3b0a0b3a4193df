"""The log of the portal's own processes, and the id by which the lines about one request are found."""

import logging
import re
import secrets
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, has_request_context, request
from flask.logging import wsgi_errors_stream

from s2group.core.log_lines import formatter

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HEADER = "X-Request-ID"
ENVIRON_HEADER = "HTTP_X_REQUEST_ID"
# What a reverse proxy may call a request; anything else could be made to deceive whoever reads the log.
PROXY_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
ENVIRON_KEY = "s2group.request_id"


def request_id(environ: "WSGIEnvironment", *, behind_proxy: bool) -> str:
    """The id of a request: the one that a trusted proxy gave it, or else a random one."""
    found: str = environ.get(ENVIRON_KEY) or (behind_proxy and _given_id(environ)) or secrets.token_hex(8)
    environ[ENVIRON_KEY] = found
    return found


def current_request_id() -> str | None:
    """The id of the request that is being answered; None where there is none, as in a command or the worker."""
    if not has_request_context():
        return None
    return request_id(request.environ, behind_proxy=current_app.config["TRUSTED_PROXIES"] > 0)


def _given_id(environ: "WSGIEnvironment") -> str | None:
    given = environ.get(ENVIRON_HEADER, "")
    return given if PROXY_ID.fullmatch(given) else None


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
    response.headers[HEADER] = current_request_id()
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
