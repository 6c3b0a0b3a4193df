"""Every setting: its name, its meaning, its default. The only reader of the environment."""

import os
import re
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).resolve().parent
MEGABYTE = 1024 * 1024
# TLS from the first byte.
SMTPS_PORT = 465
# Whoever watches the service asks it from the same machine.
LOOPBACK = ("127.0.0.1", "localhost")
# Who counts how often a paper is cited; nobody is asked unless the operator says so.
CITATION_SOURCES = {
    "off": "",
    "openalex": "https://api.openalex.org",
    "semanticscholar": "https://api.semanticscholar.org",
}
# Where Debian, Arch and people put Noto CJK.
FONT_DIRS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
)
# The text fields of a form.
MAX_TEXT = 2 * MEGABYTE
# Files that are too big are taken that far, so that the form can come back with all that was typed.
MAX_REQUEST = 64 * MEGABYTE
# Takes no mail: what is sent from it says where it came from, and that nobody reads the answer.
NOBODY = "portal@localhost"
SENDER = re.compile(r"[\x21-\x7e]+@[a-z0-9-]+(\.[a-z0-9-]+)*", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]+", re.IGNORECASE)


class ConfigurationError(SystemExit):
    """A setting is missing or makes no sense; the app refuses to start.

    Uncaught it ends the process with status 1 and its one line, without a traceback.
    """


def load(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read the settings from `environ` (default: the process environment).

    Creates the data folder, and outside production a secret key in it. Raises
    ConfigurationError where a setting is unusable.
    """
    env = os.environ if environ is None else environ
    _refuse_controls(env)
    mode = _choice(env, "S2_ENV", ("development", "production", "test"))
    data_dir = _made_folder(env, "S2_DATA_DIR", ROOT / "data")
    max_document = _number(env, "S2_MAX_RESUME_MB", 10, low=1, high=1000) * MEGABYTE
    port = _number(env, "PORT", 8000, low=1, high=65535)
    public_url = _public_url(env, mode, port)
    secure = public_url.startswith("https://")
    return {
        "ENV_NAME": mode,
        "TESTING": mode == "test",
        # Signs form tokens. Random, at least 32 characters; `openssl rand -hex 32` makes one.
        "SECRET_KEY": _secret_key(env, mode, data_dir),
        # Everything the portal must not lose: database, uploads, and mail when no mail server is set.
        "DATA_DIR": data_dir,
        # The group's public record as hand-edited files; `content load` reads it.
        "CONTENT_DIR": Path(env.get("S2_CONTENT_DIR") or data_dir / "content").resolve(),
        # What it begins as, where the group has named no folder of its own.
        "STARTER_DIR": ROOT / "content",
        "SQLALCHEMY_DATABASE_URI": _database_url(env, data_dir),
        # A connection is tried before it is used, so that a database may restart; no value of a row reaches a log.
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True, "hide_parameters": True},
        # Where files lie that were uploaded or belong to the public record: a folder.
        "STORAGE_URL": _storage_url(env, data_dir),
        # Where the fonts lie that share pictures and posters are written in; the first folder that has them.
        "FONT_DIRS": tuple(Path(part).expanduser() for part in _font_dirs(env)),
        # Where gunicorn listens, on the loopback interface: a reverse proxy stands in front.
        "PORT": port,
        # The address people type; links in mail, feeds and hreflang come from it, never from a request.
        "PUBLIC_URL": public_url,
        "TRUSTED_HOSTS": [urlsplit(public_url).hostname, *LOOPBACK] if mode == "production" else None,
        # How many reverse proxies stand in front and set X-Forwarded-*; 0 trusts none.
        "TRUSTED_PROXIES": _number(env, "S2_TRUSTED_PROXIES", 0, low=0, high=10),
        # Whether browsers shall use HTTPS for all hosts below the public one as well; only who runs those can say so.
        "HSTS_SUBDOMAINS": _switch(env, "S2_HSTS_SUBDOMAINS", default=False),
        # Whether visitors and passwords are slowed down; off for tests and measurements.
        "RATELIMIT_ENABLED": _switch(env, "S2_RATE_LIMITS", default=True),
        # Where requests are counted: Redis where several machines share the count.
        "RATELIMIT_STORAGE_URI": _redis_url(env),
        # The largest document, and what a whole request and its text fields may take.
        "MAX_DOCUMENT_BYTES": max_document,
        "MAX_CONTENT_LENGTH": max(MAX_REQUEST, 2 * max_document + MAX_TEXT),
        "MAX_FORM_MEMORY_SIZE": MAX_TEXT,
        # How many minutes what the staff tell applicants is held, and can be taken back; 0 tells it at once.
        "HOLD_MINUTES": _number(env, "S2_HOLD_MINUTES", 10, low=0, high=1440),
        # Whether gunicorn also runs the mail worker; off where a unit of its own runs it.
        "EMBEDDED_WORKER": _switch(env, "S2_EMBEDDED_WORKER", default=True),
        # `json`: one object a line, for machines; `text`: for people.
        "LOG_FORMAT": _choice(env, "S2_LOG_FORMAT", ("json", "text") if mode == "production" else ("text", "json")),
        # Whoever watches the portal shows it to read /metrics; without one there is no such page.
        "METRICS_TOKEN": _metrics_token(env),
        # Where several processes count requests together: gunicorn.conf.py makes it for prometheus_client.
        "PROMETHEUS_MULTIPROC_DIR": env.get("PROMETHEUS_MULTIPROC_DIR") or None,
        **_counts(env),
        **_mail(env, mode),
        # With this prefix browsers take the cookie over HTTPS only, from this host alone and for all of it.
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        # A form may lie open for days; its token lives as long as the session it belongs to.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _refuse_controls(env: Mapping[str, str]) -> None:
    """Most often a line break that came along with a password. No value is quoted: it may be one."""
    for name, value in env.items():
        if name.startswith(("S2_", "MAIL_")) and CONTROLS.search(value):
            raise ConfigurationError(f"{name} holds a line break or another control character")


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name) or allowed[0]
    if value not in allowed:
        raise ConfigurationError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}")
    return value


def _switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = (env.get(name) or ("on" if default else "off")).lower()
    if value not in ("on", "off", "true", "false", "1", "0"):
        raise ConfigurationError(f"{name} is {value!r}; it must be on or off")
    return value in ("on", "true", "1")


def _number(env: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    value = env.get(name) or str(default)
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and low <= int(value) <= high):
        raise ConfigurationError(f"{name} is {value!r}; it must be a whole number from {low} to {high}")
    return int(value)


def _made_folder(env: Mapping[str, str], name: str, default: Path) -> Path:
    """The folder, which others than the portal's user cannot look into where it is made here."""
    folder = Path(env.get(name) or default).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"{name} is {str(folder)!r}; no folder can be made there: {error.strerror}") from error
    return folder


def _public_url(env: Mapping[str, str], mode: str, port: int) -> str:
    """Scheme, host and perhaps a port: the portal stands at the root of its host, and addresses are made from this."""
    value = env.get("S2_PUBLIC_URL")
    if not value and mode == "production":
        raise ConfigurationError("S2_PUBLIC_URL is needed in production: links in mail are made from it")
    parts = _split("S2_PUBLIC_URL", value or f"http://127.0.0.1:{port}")
    rest = (parts.path.strip("/"), parts.query, parts.fragment, parts.username, parts.password)
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.hostname or "") or any(rest):
        raise ConfigurationError(
            f"S2_PUBLIC_URL is {value!r}; it must be scheme and host alone, such as https://lab.example.edu"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _split(name: str, value: str) -> SplitResult:
    """The parts of an address. Raises ConfigurationError for one that has none, such as a port of letters."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(f"{name} is {value!r}; it is no address: {error}") from error
    if port == 0 or not value.isprintable() or " " in value:
        raise ConfigurationError(f"{name} is {value!r}; it is no address")
    return parts


def _database_url(env: Mapping[str, str], data_dir: Path) -> str:
    """A value is never quoted in the message: it may hold a password."""
    value = env.get("S2_DATABASE_URL") or f"sqlite:///{data_dir / 'portal.sqlite3'}"
    kind, _, rest = value.partition("://")
    if kind not in ("sqlite", "postgresql+psycopg") or not rest.strip("/"):
        raise ConfigurationError(
            "S2_DATABASE_URL must begin with postgresql+psycopg:// or sqlite:/// and name a database"
        )
    return value


def _storage_url(env: Mapping[str, str], data_dir: Path) -> str:
    value = env.get("S2_STORAGE_URL") or str(data_dir / "files")
    if "://" in value:
        raise ConfigurationError(f"S2_STORAGE_URL is {value!r}; files are kept in a folder only: give its path")
    return str(Path(value).resolve())


def _redis_url(env: Mapping[str, str]) -> str:
    """A value is never quoted in the message: it may hold a password."""
    value = env.get("S2_REDIS_URL") or "memory://"
    if value.partition("://")[0] not in ("redis", "rediss", "memory") or "://" not in value:
        raise ConfigurationError("S2_REDIS_URL must begin with redis:// or rediss://")
    return value


def _mail(env: Mapping[str, str], mode: str) -> dict[str, Any]:
    server, sender = env.get("MAIL_SERVER") or None, env.get("MAIL_DEFAULT_SENDER") or NOBODY
    port, tls = _number(env, "MAIL_PORT", 25, low=1, high=65535), _switch(env, "MAIL_USE_TLS", default=False)
    if server and not HOST.fullmatch(server):
        raise ConfigurationError(f"MAIL_SERVER is {server!r}; it must be the name of a host, without port or scheme")
    if mode == "production" and not server:
        raise ConfigurationError("MAIL_SERVER is needed in production: without it no mail leaves the portal")
    if mode == "production" and "@localhost" in sender.lower():
        raise ConfigurationError("MAIL_DEFAULT_SENDER is needed in production: a mailbox that a person reads")
    if not SENDER.fullmatch(parseaddr(sender)[1]) or not sender.isprintable():
        raise ConfigurationError(
            f"MAIL_DEFAULT_SENDER is {sender!r}; it must be one address such as portal@example.edu"
        )
    if env.get("MAIL_USERNAME") and not tls and port != SMTPS_PORT:
        raise ConfigurationError(
            f"MAIL_USERNAME needs MAIL_USE_TLS=on or MAIL_PORT={SMTPS_PORT}: no password in the clear"
        )
    return {
        # Without a server mail is written as .eml files into the data folder; never in production.
        "MAIL_SERVER": server,
        "MAIL_PORT": port,
        "MAIL_USERNAME": env.get("MAIL_USERNAME") or None,
        "MAIL_PASSWORD": env.get("MAIL_PASSWORD") or None,
        # STARTTLS with a verified certificate before anything is said.
        "MAIL_USE_TLS": tls,
        "MAIL_DEFAULT_SENDER": sender,
    }


def _counts(env: Mapping[str, str]) -> dict[str, Any]:
    """Whom `content refresh-metrics` asks for citations and stars; no page ever asks."""
    source = _choice(env, "S2_CITATIONS_SOURCE", tuple(CITATION_SOURCES))
    return {
        "CITATIONS_SOURCE": source,
        # Its key, which the source may ask for, and its address, where another one speaks as it does.
        "CITATIONS_KEY": env.get("S2_CITATIONS_KEY") or None,
        "CITATIONS_URL": _service(env, "S2_CITATIONS_URL", CITATION_SOURCES[source]),
        "STARS": _switch(env, "S2_STARS", default=False),
        "GITHUB_TOKEN": env.get("S2_GITHUB_TOKEN") or None,
        "GITHUB_URL": _service(env, "S2_GITHUB_URL", "https://api.github.com"),
        # Where those who are asked can reach the operator.
        "COUNTS_EMAIL": env.get("S2_COUNTS_EMAIL") or None,
    }


def _service(env: Mapping[str, str], name: str, default: str) -> str:
    url = (env.get(name) or default).rstrip("/")
    parts = _split(name, url)
    if url and parts.scheme != "https" and (parts.scheme, parts.hostname) not in {("http", host) for host in LOOPBACK}:
        raise ConfigurationError(f"{name} is {url!r}; it must begin with https://: a key is sent there")
    return url


def _font_dirs(env: Mapping[str, str]) -> tuple[str, ...]:
    return (env["S2_FONTS_DIR"],) if env.get("S2_FONTS_DIR") else FONT_DIRS


def _metrics_token(env: Mapping[str, str]) -> str | None:
    token = env.get("S2_METRICS_TOKEN") or None
    if token and len(token) < 16:
        raise ConfigurationError("S2_METRICS_TOKEN must be a random text of 16 characters or more")
    return token


def _secret_key(env: Mapping[str, str], mode: str, data_dir: Path) -> str:
    key = env.get("S2_SECRET_KEY") or ""
    if mode == "production":
        if len(key) < 32 or len(set(key)) < 10:
            raise ConfigurationError("S2_SECRET_KEY must be a random text of 32 characters or more in production")
        return key
    return key or _kept_secret_key(data_dir / "secret-key")


def _kept_secret_key(path: Path) -> str:
    """Outside production the key lies in the data folder, so that sessions outlive a restart."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text()
