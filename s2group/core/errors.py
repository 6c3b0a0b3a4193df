"""What a reader sees when something cannot be done, and what the log keeps of it."""

from flask import Flask, Response, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

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


def _show_unexpected(error: Exception) -> tuple[str, int]:
    # The path holds no personal data but a reference; the form and the query stay out of the log.
    current_app.logger.error("failed: %s %s", request.method, request.path, exc_info=error)
    return _show(InternalServerError())


def _show_csrf_error(_error: CSRFError) -> tuple[str, int]:
    return render_template("errors/session.html", status=400), 400


def init_app(app: Flask) -> None:
    """Answer every error with a page in the reader's language."""
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(CSRFError, _show_csrf_error)
    app.register_error_handler(Exception, _show_unexpected)
