"""What a reader sees when something cannot be done, and what the log keeps of it."""

import traceback

from flask import Flask, Response, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound

# Enough for a few uploads over the limit: a browser that is still sending does not hear an early answer.
DRAINED_BYTES = 64 * 1024 * 1024
CHUNK = 64 * 1024


def _show(error: HTTPException) -> tuple[str, int]:
    status = error.code or 500
    template = f"errors/{status}.html" if status in (404, 413, 429, 500) else "errors/other.html"
    return render_template(template, error=error, status=status), status


def _show_http_error(error: HTTPException) -> Response | tuple[str, int]:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if error.code == 413:
        _drain()
    return _show(error)


def _drain() -> None:
    """Read away what the client is still sending, so that it gets the answer instead of a reset connection."""
    stream = request.environ["wsgi.input"]
    for _ in range(DRAINED_BYTES // CHUNK):
        if not stream.read(CHUNK):
            return


def log_error(what: str, error: Exception) -> None:
    """Log where `error` happened, but not its own words: a database error quotes the row."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("%s: %s\n%s", what, type(error).__name__, frames)


def _show_unexpected(error: Exception) -> tuple[str, int]:
    log_error(f"failed: {request.method} {request.path}", error)
    return _show(InternalServerError())


def _refuse_nul() -> None:
    """No address of ours holds a NUL, and PostgreSQL refuses a text with one."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        raise NotFound


def _show_csrf_error(_error: CSRFError) -> tuple[str, int]:
    return render_template("errors/session.html", status=400), 400


def init_app(app: Flask) -> None:
    """Answer every error with a page in the reader's language."""
    app.before_request(_refuse_nul)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(CSRFError, _show_csrf_error)
    app.register_error_handler(Exception, _show_unexpected)
