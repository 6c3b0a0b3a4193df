"""The headers of every answer, its compression, and the addresses of static files."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, current_app, g, request, session

from s2group.extensions import compress

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
A_YEAR = 365 * 24 * 3600


@lru_cache
def _fingerprint(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """The address of a file under static/, which changes when the file does; the same in both languages."""
    return f"/static/{name}?v={_fingerprint(Path(current_app.static_folder or '') / name)}"


def _is_private() -> bool:
    """Whether the page may hold something of this reader's alone: a form token, or what staff may see."""
    return "csrf_token" in g or "_user_id" in session


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if current_app.config["PUBLIC_URL"].startswith("https://"):
        subdomains = "; includeSubDomains" if current_app.config["HSTS_SUBDOMAINS"] else ""
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}{subdomains}"
    if request.path.startswith("/static/") and "v" in request.args:
        headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    elif _is_private():
        headers["Cache-Control"] = "no-store"
    else:
        headers.setdefault("Cache-Control", "no-cache")
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
