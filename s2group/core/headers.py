"""The headers of every answer, its compression, and the addresses of static files."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, after_this_request, current_app, g, make_response, request

from s2group.core import page_cache
from s2group.extensions import compress

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Of a page that plays sounds, which lie on this site.
POLICY_WITH_SOUNDS = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"
A_YEAR = 365 * 24 * 3600


@lru_cache
def _fingerprint(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """The address of a file under static/, which changes when the file does; the same in both languages."""
    return f"/static/{name}?v={_fingerprint(Path(current_app.static_folder or '') / name)}"


def _is_private() -> bool:
    """Whether the page may hold something of this reader's alone, because it knows their session."""
    return "session_was_read" in g


def let_sounds_play() -> None:
    """Let the page that is being made play sounds; no other page may."""

    @after_this_request
    def allow(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY_WITH_SOUNDS
        return response


def unstored(page: str, status: int = 200) -> Response:
    """An answer that no browser and no proxy keeps: whoever goes back to it asks anew."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def security_headers(settings: Mapping[str, Any]) -> dict[str, str]:
    """What every answer tells the browser, whoever makes it; a page may say its own policy instead."""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }
    if settings["PUBLIC_URL"].startswith("https://"):
        subdomains = "; includeSubDomains" if settings["HSTS_SUBDOMAINS"] else ""
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}{subdomains}"
    return headers


def _add_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in security_headers(current_app.config).items():
        headers.setdefault(name, value)
    if request.path.startswith("/static/") and "v" in request.args:
        headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    elif _is_private():
        headers["Cache-Control"] = "no-store"
    else:
        headers.setdefault("Cache-Control", "no-cache")
    is_for_all = response.status_code == 200 and not {"no-store", "private"} & {*response.cache_control}
    request.environ[page_cache.ENVIRON_KEY] = is_for_all
    return response


def _compress(response: Response) -> Response:
    """Compress what is the same for everybody. A page with a secret is left alone: its length would tell (BREACH)."""
    return response if _is_private() else compress.after_request(response)


def init_app(app: Flask) -> None:
    """Set the headers on every response, and compress the public ones."""
    app.config.setdefault("COMPRESS_REGISTER", False)
    compress.init_app(app)
    app.after_request(_add_headers)
    app.after_request(_compress)
    app.jinja_env.globals["static_url"] = static_url
