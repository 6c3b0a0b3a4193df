"""Every setting: its name, its meaning, its default. The only reader of the environment."""

import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).resolve().parent
# How many seconds a request waits for Redis.
REDIS_PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}
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
# What may stand before a host.
PASSWORD = re.compile(r".*:.*@")
DATABASE = re.compile(r"([^/@]*@)?([^/@:?]*|\[[0-9a-f:]+\])(:[0-9]+)?/[^/?@]+(\?.*)?", re.IGNORECASE)
# A bucket, and perhaps a prefix; a key is never written here.
BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*)?", re.ASCII)
# What documents have for a host (RFC 2606), and what no other machine knows.
EXAMPLE = re.compile(r"(^|[@.])example(\.[a-z]{2,4}){0,2}$|\.invalid$", re.IGNORECASE)
NOWHERE = re.compile(r"@([^.]+|.+\.(localhost|localdomain|local))$", re.IGNORECASE)
# gunicorn starts a worker that ends with another status again and again.
REFUSED = 3
TOLD_IN = "README.md, Configuration"
HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]+", re.IGNORECASE)


class ConfigurationError(Exception):
    """Settings that are missing or make no sense, a line for each; the app refuses to start."""


class Environment:
    """What the environment says. What is wrong with it is gathered, so that one start tells all of it.

    A reader of a setting that is wrong gives its default, which nobody gets to see.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._mistakes: dict[str, str] = {}
        self._read: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """What the setting holds. No value is quoted where that goes wrong: it may be a password."""
        self._read.add(name)
        value = self._values.get(name) or default
        if CONTROLS.search(value):
            self.refuse(name, "holds a line break or another control character")
            return default
        return value

    def refuse(self, name: str, why: str) -> None:
        """Note that the setting is of no use; of each the first thing that is wrong."""
        self._mistakes.setdefault(name, why)

    def quote(self, name: str, what: str) -> None:
        """Refuse the setting, tell what it holds without any password, and what it must be."""
        self.refuse(name, f"is {PASSWORD.sub('…@', self._values.get(name, ''))!r}; {what}")

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of `allowed`, the first by default."""
        value = self.text(name, allowed[0])
        if value not in allowed:
            self.quote(name, f"it must be one of {', '.join(allowed)}")
            return allowed[0]
        return value

    def switch(self, name: str, *, default: bool) -> bool:
        """On or off."""
        value = self.text(name, "on" if default else "off").lower()
        if value not in ("on", "off", "true", "false", "1", "0"):
            self.quote(name, "it must be on or off")
            return default
        return value in ("on", "true", "1")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdecimal() and len(value) < 10 and low <= int(value) <= high):
            self.quote(name, f"it must be a whole number from {low} to {high}")
            return default
        return int(value)

    def address(self, name: str, default: str) -> SplitResult:
        """The parts of an address; of `default` where it is none, such as one with a port of letters."""
        value = self.text(name, default)
        try:
            parts = urlsplit(value)
            if parts.port != 0 and value.isprintable() and " " not in value:
                return parts
        except ValueError:  # a port of letters, a bracket that is never closed
            pass
        self.quote(name, "it is no address")
        return urlsplit(default)

    def unread(self) -> list[str]:
        """What is named as a setting would be, and is none: often a slip of the pen."""
        return sorted(name for name in self._values if name.startswith(("S2_", "MAIL_")) and name not in self._read)

    def finish(self) -> None:
        """Raise ConfigurationError where anything was wrong."""
        if self._mistakes:
            raise ConfigurationError("\n".join(f"{name} {why} ({TOLD_IN})" for name, why in self._mistakes.items()))


@contextmanager
def refusing_in_lines() -> Iterator[None]:
    """End the process with a line for each setting that is wrong, and no traceback: for whatever starts one."""
    try:
        yield
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(REFUSED) from None


def load(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read the settings from `environ` (default: the process environment).

    Creates the data folder, and outside production a secret key in it. Raises
    ConfigurationError, with all that is wrong, where a setting is unusable.
    """
    env = Environment(os.environ if environ is None else environ)
    settings = _read(env)
    env.finish()
    return settings | {"UNKNOWN_SETTINGS": env.unread()}


def _read(env: Environment) -> dict[str, Any]:
    mode = env.choice("S2_ENV", ("development", "production", "test"))
    data_dir = _made_folder(env, "S2_DATA_DIR", ROOT / "data")
    max_document = env.number("S2_MAX_RESUME_MB", 10, low=1, high=1000) * MEGABYTE
    port = env.number("PORT", 8000, low=1, high=65535)
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
        "CONTENT_DIR": Path(env.text("S2_CONTENT_DIR") or data_dir / "content").resolve(),
        # What it begins as, where the group has named no folder of its own.
        "STARTER_DIR": ROOT / "content",
        "SQLALCHEMY_DATABASE_URI": _database_url(env, data_dir),
        # A connection is tried before it is used, so that a database may restart; no value of a row reaches a log.
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True, "hide_parameters": True},
        # Where files lie that were uploaded or belong to the public record: a folder, or s3://bucket/prefix.
        "STORAGE_URL": _storage_url(env, data_dir),
        # The server that speaks S3 (without one, Amazon's), its region, whether the bucket stands in the path of
        # addresses rather than in the host, and the key that may read, write, list and delete there.
        "S3": _s3(env),
        # Where the fonts lie that share pictures and posters are written in; the first folder that has them.
        "FONT_DIRS": tuple(Path(part).expanduser() for part in _font_dirs(env)),
        # Where archives are laid down, for those who look whether there are any; the portal writes nothing there.
        "BACKUP_DIR": Path(env.text("S2_BACKUP_DIR")).resolve() if env.text("S2_BACKUP_DIR") else None,
        # Where gunicorn listens, on the loopback interface: a reverse proxy stands in front.
        "PORT": port,
        # The address people type; links in mail, feeds and hreflang come from it, never from a request.
        "PUBLIC_URL": public_url,
        "TRUSTED_HOSTS": [urlsplit(public_url).hostname, *LOOPBACK] if mode == "production" else None,
        # How many reverse proxies stand in front and set X-Forwarded-*; 0 trusts none.
        "TRUSTED_PROXIES": env.number("S2_TRUSTED_PROXIES", 0, low=0, high=10),
        # Whether browsers shall use HTTPS for all hosts below the public one as well; only who runs those can say so.
        "HSTS_SUBDOMAINS": _hsts_subdomains(env, secure=secure),
        # Whether visitors and passwords are slowed down; off for tests and measurements.
        "RATELIMIT_ENABLED": env.switch("S2_RATE_LIMITS", default=True),
        # Whether accounts that see applicants must have a second factor; so that a trial run needs no phone, off there.
        "REQUIRE_MFA": env.switch("S2_REQUIRE_MFA", default=mode == "production"),
        # Where requests are counted: Redis where several machines share the count.
        "RATELIMIT_STORAGE_URI": (redis := _redis_url(env)),
        # Where Redis does not answer, nobody waits for it, and each process counts by itself.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        # Of several requests that it fails at one moment the first one is told.
        "RATELIMIT_SWALLOW_ERRORS": True,
        "RATELIMIT_STORAGE_OPTIONS": {} if redis.startswith("memory") else REDIS_PATIENCE,
        # The largest document, and what a whole request and its text fields may take.
        "MAX_DOCUMENT_BYTES": max_document,
        "MAX_CONTENT_LENGTH": max(MAX_REQUEST, 2 * max_document + MAX_TEXT),
        "MAX_FORM_MEMORY_SIZE": MAX_TEXT,
        # How many minutes what the staff tell applicants is held, and can be taken back; 0 tells it at once.
        "HOLD_MINUTES": env.number("S2_HOLD_MINUTES", 10, low=0, high=1440),
        # Whether gunicorn also runs the mail worker; off where a unit of its own runs it.
        "EMBEDDED_WORKER": env.switch("S2_EMBEDDED_WORKER", default=True),
        # `json`: one object a line, for machines; `text`: for people.
        "LOG_FORMAT": env.choice("S2_LOG_FORMAT", ("json", "text") if mode == "production" else ("text", "json")),
        # Whoever watches the portal shows it to read /metrics; without one there is no such page.
        "METRICS_TOKEN": _metrics_token(env),
        # Where several processes count requests together: gunicorn.conf.py makes it for prometheus_client.
        "PROMETHEUS_MULTIPROC_DIR": env.text("PROMETHEUS_MULTIPROC_DIR") or None,
        **_counts(env),
        **_papers(env),
        **_links(env),
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


def _made_folder(env: Environment, name: str, default: Path) -> Path:
    """The folder, which others than the portal's user cannot look into where it is made here."""
    folder = Path(env.text(name) or default).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        env.refuse(name, f"is {str(folder)!r}; no folder can be made there: {error.strerror}")
    return folder


def _public_url(env: Environment, mode: str, port: int) -> str:
    """Scheme, host and perhaps a port: the portal stands at the root of its host, and addresses are made from this."""
    if not env.text("S2_PUBLIC_URL") and mode == "production":
        env.refuse("S2_PUBLIC_URL", "is needed in production: links in mail are made from it")
    parts = env.address("S2_PUBLIC_URL", f"http://127.0.0.1:{port}")
    rest = (parts.path.strip("/"), parts.query, parts.fragment, parts.username, parts.password)
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.hostname or "") or any(rest):
        env.quote("S2_PUBLIC_URL", "it must be scheme and host alone, such as https://lab.example.edu")
    return f"{parts.scheme}://{parts.netloc}"


def _hsts_subdomains(env: Environment, *, secure: bool) -> bool:
    wanted = env.switch("S2_HSTS_SUBDOMAINS", default=False)
    if wanted and not secure:
        env.quote("S2_HSTS_SUBDOMAINS", "that needs an S2_PUBLIC_URL that begins with https://")
    return wanted


def _database_url(env: Environment, data_dir: Path) -> str:
    """A value is never quoted in the message: it may hold a password."""
    value = env.text("S2_DATABASE_URL", f"sqlite:///{data_dir / 'portal.sqlite3'}")
    kind, _, rest = value.partition("://")
    if kind not in ("sqlite", "postgresql+psycopg") or not rest.strip("/"):
        env.refuse("S2_DATABASE_URL", "must begin with postgresql+psycopg:// or sqlite:/// and name a database")
    elif kind == "postgresql+psycopg" and not DATABASE.fullmatch(rest):
        env.refuse("S2_DATABASE_URL", "must be postgresql+psycopg://user:password@host:port/database: in a password, "
                   "/ is written %2F and @ is written %40")  # fmt: skip
    elif kind == "postgresql+psycopg" and not find_spec("psycopg"):
        env.refuse("S2_DATABASE_URL", "names PostgreSQL, whose driver comes with requirements-scale.txt: install that")
    return value


def _storage_url(env: Environment, data_dir: Path) -> str:
    value = env.text("S2_STORAGE_URL", str(data_dir / "files"))
    if "://" not in value:
        return str(Path(value).resolve())
    if not BUCKET.fullmatch(value):
        env.quote("S2_STORAGE_URL", "it must be the path of a folder, or s3://bucket or s3://bucket/prefix")
    elif not find_spec("boto3"):
        env.refuse("S2_STORAGE_URL", "names S3, whose client comes with requirements-scale.txt: install that")
    return value


def _s3(env: Environment) -> dict[str, Any]:
    """How a bucket is reached. Without a key, boto3 looks for the rights of the machine."""
    endpoint = env.address("S2_S3_ENDPOINT", "") if env.text("S2_S3_ENDPOINT") else None
    if endpoint and (endpoint.scheme not in ("http", "https") or not endpoint.hostname):
        env.quote("S2_S3_ENDPOINT", "it must begin with https:// or http:// and name a host")
    return {
        "endpoint": endpoint and endpoint.geturl(),
        "region": env.text("S2_S3_REGION") or None,
        "path_style": env.switch("S2_S3_PATH_STYLE", default=False),
        "access_key": env.text("S2_S3_ACCESS_KEY") or None,
        "secret_key": env.text("S2_S3_SECRET_KEY") or None,
    }


def _redis_url(env: Environment) -> str:
    """A value is never quoted in the message: it may hold a password."""
    value = env.text("S2_REDIS_URL", "memory://")
    scheme, found, _rest = value.partition("://")
    if scheme not in ("redis", "rediss", "memory") or not found:
        env.refuse("S2_REDIS_URL", "must begin with redis:// or rediss://")
    elif scheme != "memory" and not find_spec("redis"):
        env.refuse("S2_REDIS_URL", "names Redis, whose client comes with requirements-scale.txt: install that")
    return value


def _mail(env: Environment, mode: str) -> dict[str, Any]:
    """Without a server mail is written as .eml files into the data folder; never in production."""
    server, sender = env.text("MAIL_SERVER"), env.text("MAIL_DEFAULT_SENDER", NOBODY)
    port, tls = env.number("MAIL_PORT", 25, low=1, high=65535), env.switch("MAIL_USE_TLS", default=False)
    user, password = env.text("MAIL_USERNAME"), env.text("MAIL_PASSWORD")
    if server and not HOST.fullmatch(server):
        env.quote("MAIL_SERVER", "it must be the name of a host, without port or scheme")
    if not SENDER.fullmatch(parseaddr(sender)[1]) or not sender.isprintable():
        env.quote("MAIL_DEFAULT_SENDER", "it must be one address such as portal@example.edu")
    if mode == "production":
        _refuse_nobody(env, server, parseaddr(sender)[1])
    if user and not tls and port != SMTPS_PORT:
        env.refuse("MAIL_USERNAME", f"needs MAIL_USE_TLS=on or MAIL_PORT={SMTPS_PORT}: no password in the clear")
    if user and not password:
        env.refuse("MAIL_PASSWORD", "is needed beside MAIL_USERNAME")
    if password and not user:
        env.refuse("MAIL_USERNAME", "is needed beside MAIL_PASSWORD")
    return {
        "MAIL_SERVER": server or None,
        "MAIL_PORT": port,
        "MAIL_USERNAME": user or None,
        "MAIL_PASSWORD": password or None,
        # STARTTLS with a verified certificate before anything is said.
        "MAIL_USE_TLS": tls,
        "MAIL_DEFAULT_SENDER": sender,
        # Under which name the DNS holds the key that the relay signs with.
        "MAIL_DKIM_SELECTOR": env.text("MAIL_DKIM_SELECTOR") or None,
    }


def _refuse_nobody(env: Environment, server: str, sender: str) -> None:
    """In production mail goes out, and answers to it reach somebody; what a document has as an example does neither."""
    if not server:
        env.refuse("MAIL_SERVER", "is needed in production: without it no mail leaves the portal")
    elif EXAMPLE.search(server):
        env.quote("MAIL_SERVER", "in production it must be your own relay, and no example")
    if not env.text("MAIL_DEFAULT_SENDER"):
        env.refuse("MAIL_DEFAULT_SENDER", "is needed in production: a mailbox that a person reads")
    elif NOWHERE.search(sender) or EXAMPLE.search(sender):
        env.quote("MAIL_DEFAULT_SENDER", "in production it must be a mailbox that a person reads, and no example")


def _counts(env: Environment) -> dict[str, Any]:
    """Whom `content refresh-metrics` asks for citations and stars; no page ever asks."""
    source = env.choice("S2_CITATIONS_SOURCE", tuple(CITATION_SOURCES))
    return {
        "CITATIONS_SOURCE": source,
        # Its key, which the source may ask for, and its address, where another one speaks as it does.
        "CITATIONS_KEY": env.text("S2_CITATIONS_KEY") or None,
        "CITATIONS_URL": _service(env, "S2_CITATIONS_URL", CITATION_SOURCES[source]),
        "STARS": env.switch("S2_STARS", default=False),
        "GITHUB_TOKEN": env.text("S2_GITHUB_TOKEN") or None,
        "GITHUB_URL": _service(env, "S2_GITHUB_URL", "https://api.github.com"),
        # Where those who are asked can reach the operator.
        "COUNTS_EMAIL": env.text("S2_COUNTS_EMAIL") or None,
    }


def _papers(env: Environment) -> dict[str, Any]:
    """Whether editors may have papers looked up by their numbers, and who is asked for them."""
    return {
        "PAPER_LOOKUP": env.switch("S2_PAPER_LOOKUP", default=False),
        "CROSSREF_URL": _service(env, "S2_CROSSREF_URL", "https://api.crossref.org"),
        "ARXIV_URL": _service(env, "S2_ARXIV_URL", "https://export.arxiv.org"),
        "ORCID_URL": _service(env, "S2_ORCID_URL", "https://pub.orcid.org"),
    }


def _links(env: Environment) -> dict[str, Any]:
    """Whether `content check-links` may ask the links of the content; no page ever asks."""
    return {"CHECK_LINKS": env.switch("S2_CHECK_LINKS", default=False)}


def _service(env: Environment, name: str, default: str) -> str:
    parts = env.address(name, default)
    url = parts.geturl().rstrip("/")
    if url and parts.scheme != "https" and (parts.scheme, parts.hostname) not in {("http", host) for host in LOOPBACK}:
        env.quote(name, "it must begin with https://: keys are sent to services, and answers are taken over")
    return url


def _font_dirs(env: Environment) -> tuple[str, ...]:
    folder = env.text("S2_FONTS_DIR")
    return (folder,) if folder else FONT_DIRS


def _metrics_token(env: Environment) -> str | None:
    token = env.text("S2_METRICS_TOKEN") or None
    if token and len(token) < 16:
        env.refuse("S2_METRICS_TOKEN", "must be a random text of 16 characters or more")
    return token


def _secret_key(env: Environment, mode: str, data_dir: Path) -> str:
    key = env.text("S2_SECRET_KEY")
    if mode != "production":
        return key or _kept_secret_key(env, data_dir / "secret-key")
    if len(key) < 32 or len(set(key)) < 10:
        env.refuse("S2_SECRET_KEY", "must be a random text of 32 characters or more in production: "
                   "`openssl rand -hex 32` makes one")  # fmt: skip
    return key


def _kept_secret_key(env: Environment, path: Path) -> str:
    """Outside production the key lies in the data folder, so that sessions outlive a restart."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    except OSError as error:
        env.refuse("S2_DATA_DIR", f"is {str(path.parent)!r}; nothing can be written there: {error.strerror}")
        return ""
    return path.read_text()
