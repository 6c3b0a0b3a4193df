"""What a reader sees when something cannot be done, and what the log keeps of it."""

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import time
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, SecurityError, Unauthorized

from s2group.core import upload_stream
from s2group.core.headers import security_headers
from s2group.core.storage_errors import StorageError, code_of, storage_error
from s2group.extensions import db, limiter

# Enough for a few uploads over the limit: a browser that is still sending does not hear an early answer.
DRAINED_BYTES = 64 * 1024 * 1024
CHUNK = 64 * 1024
PAGES = (404, 410, 413, 429, 500, 503, 507)
# Needs no database, no address and no template.
BARE_PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{status}</title>
<h1>这个请求无法处理（{status}）</h1>
<p>过几分钟再试。之前提交的内容都在。</p>
<p lang="en">This request cannot be answered ({status}).
Try again in a few minutes. Nothing you sent earlier is lost.</p>
</html>
"""


def _show(error: HTTPException, **context: object) -> tuple[str, int]:
    """The page for `error`; a bare one where even that page cannot be made (a wrong Host, a missing table)."""
    status = error.code or 500
    if isinstance(error, SecurityError):  # no address of ours can be made for a host that is not ours
        return BARE_PAGE.format(status=status), status
    g.says_what_failed = True
    template = f"errors/{status}.html" if status in PAGES else "errors/other.html"
    try:
        return render_template(template, error=error, status=status, **context), status
    except Exception as failure:
        log_error(f"no page for status {status}", failure)
        return BARE_PAGE.format(status=status), status


def _show_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if error.code == 413:
        drain()
    response = make_response(_show(error))
    response.headers.update((name, value) for name, value in error.get_headers() if name != "Content-Type")
    if isinstance(error, RateLimitExceeded) and (limit := limiter.current_limit):
        response.headers["Retry-After"] = str(max(1, limit.reset_at - int(time())))
    return response


def raw_answer(status: int, reason: str, settings: Mapping[str, Any]) -> bytes:
    """The whole answer to a request that never became one of the app's, such as one for an address without end."""
    page = BARE_PAGE.format(status=status).encode()
    headers = security_headers(settings) | {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(page)),
        "Cache-Control": "no-store",
        "Connection": "close",
    }
    lines = (f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items()))
    return "\r\n".join((*lines, "", "")).encode() + page


def drain() -> None:
    """Read away what the client is still sending, so that it gets the answer instead of a reset connection."""
    stream = request.environ["wsgi.input"]
    for _ in range(DRAINED_BYTES // CHUNK):
        if not stream.read(CHUNK):
            return


def log_error(what: str, error: Exception) -> None:
    """Log where `error` happened and its code, but not its own words: a database error quotes the row."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("%s: %s (%s)\n%s", what, type(error).__name__, code_of(error), frames)


@contextmanager
def as_storage_error() -> Iterator[None]:
    """Let StorageTrouble come out of the block in the place of an error of disk or database; others pass as they are.

    It is logged, and the session rolled back, so that what the answer needs can still be read.
    """
    try:
        yield
    except Exception as error:
        trouble = _noted(error)
        if trouble is None:
            raise
        raise trouble from None


def _noted(error: Exception) -> StorageError | None:
    """The trouble behind `error`, logged and tidied up after; None where it is something else."""
    trouble = storage_error(error)
    if trouble:
        log_error(f"disk or database in trouble: {request.method} {request.path}", error)
        db.session.rollback()
    return trouble


def _show_unexpected(error: Exception) -> Response | tuple[str, int]:
    if trouble := _noted(error):
        return _show_trouble(trouble)
    log_error(f"failed: {request.method} {request.path}", error)
    return _show(InternalServerError())


def _show_trouble(trouble: StorageError) -> Response:
    response = make_response(_show(trouble, **_sent()))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = str(trouble.retry_after)
    return response


def _sent() -> dict[str, list[tuple[str, str]]]:
    """What came with the request, for the page that offers to send it again.

    Nothing where a password is among it, nor what another site may have put into the reader's hands.
    """
    if "password" in request.form or not _is_from_here():
        return {"fields": [], "files": []}
    files = [(name, file.filename or "") for name, file in request.files.items(multi=True) if file.filename]
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return {"fields": fields, "files": files}


def _is_from_here() -> bool:
    """Whether a page of ours sent the form; browsers name the origin of every POST."""
    return request.headers.get("Origin") in (request.host_url.rstrip("/"), current_app.config["PUBLIC_URL"])


def _refuse_nul() -> None:
    """No address of ours holds a NUL, and PostgreSQL refuses a text with one."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        raise NotFound


def _show_ended_session(error: CSRFError | Unauthorized) -> tuple[str, int]:
    return render_template("errors/session.html", status=error.code, **_sent()), error.code or 400


def init_app(app: Flask) -> None:
    """Answer every error with a page in the reader's language."""
    upload_stream.init_app(app)
    app.before_request(_refuse_nul)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(CSRFError, _show_ended_session)
    app.register_error_handler(Unauthorized, _show_ended_session)
    app.register_error_handler(StorageError, _show_trouble)
    app.register_error_handler(Exception, _show_unexpected)
