"""Settings that make no sense are refused when the app starts, by name and in one line."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import config
from config import ROOT, ConfigurationError
from tests.support.databases import PRODUCTION, settings

DATABASES = (
    "portal.sqlite3", "mysql://localhost/portal", "sqlite://", "postgresql+psycopg://me:p@ss@db/portal",
    "postgresql+psycopg://db:port/portal", "postgresql+psycopg://db",
)  # fmt: skip
KEY = "a-key-for-tests-only-0123456789-abcdef"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("S2_PUBLIC_URL", value)
            for value in (
                "lab.example.edu", "ftp://lab.example.edu", "https://", "https://lab.example.edu/portal",
                "https://lab.example.edu?x=1", "https://lab.example.edu#top", "https://me:pw@lab.example.edu",
                "https://lab.example.edu:letters", "https://lab.example.edu:0", "https://lab .example.edu",
                "https://lab\u200b.example.edu", "https://[::1", "//lab.example.edu", "https://-/",
            )
        ),
        *(("PORT", value) for value in ("http", "0", "65536", "-1", "８０００", "8000.0")),
        *(("MAIL_PORT", value) for value in ("smtp", "0", "99999")),
        *(("S2_TRUSTED_PROXIES", value) for value in ("one", "-1", "11")),
        *(("S2_MAX_RESUME_MB", value) for value in ("ten", "0", "-5", "1001", "1e3")),
        *(("S2_DATABASE_URL", value) for value in DATABASES),
        *(("S2_REDIS_URL", value) for value in ("localhost:6379", "http://localhost")),
        *(("S2_CITATIONS_URL", value) for value in ("https://[::1", "http://api.example.org", "https://x:y/")),
        ("S2_CROSSREF_URL", "http://api.example.org"),
        *(("MAIL_DEFAULT_SENDER", value) for value in ("portal", "portal@", "a@b\r\nBcc: c@d", "@example.edu")),
        *((switch, "perhaps") for switch in ("S2_RATE_LIMITS", "S2_EMBEDDED_WORKER", "MAIL_USE_TLS", "S2_STARS")),
        ("S2_PAPER_LOOKUP", "perhaps"),
        ("S2_CHECK_LINKS", "perhaps"),
        ("S2_HSTS_SUBDOMAINS", "maybe"),
        *(("MAIL_SERVER", value) for value in ("smtp.example.edu:587", "smtps://smtp.example.edu", "a b")),
        ("MAIL_PASSWORD", "two\nlines"),
        ("S2_SECRET_KEY", "a-key-for-tests-only-0123456789-abcdef\r"),
        *(("S2_STORAGE_URL", value) for value in ("ftp://server/files", "s3://", "s3://B", "s3://bucket/a b", "s3:///x")),
        *(("S2_S3_ENDPOINT", value) for value in ("s3.lab.test", "ftp://s3.lab.test", "https://")),
        ("S2_ENV", "staging"),
        ("S2_LOG_FORMAT", "xml"),
        ("S2_METRICS_TOKEN", "short"),
    ],
)  # fmt: skip
def test_a_setting_without_sense_is_named_in_one_line(name: str, value: str, tmp_path: Path) -> None:
    [line] = refused({"S2_DATA_DIR": str(tmp_path), name: value})
    assert line.startswith(name)


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=r"^S2_DATA_DIR is .*no folder can be made there"):
        config.load({"S2_DATA_DIR": str(tmp_path / "file" / "data")})


def refused(environ: dict[str, str]) -> list[str]:
    """The lines that refuse these settings."""
    with pytest.raises(ConfigurationError) as told:
        config.load(environ)
    return str(told.value).splitlines()


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("S2_PUBLIC_URL", "", "is needed in production: "),
        ("S2_SECRET_KEY", "change-me", "must be a random text of 32 characters or more in production: "),
        ("MAIL_SERVER", "", "is needed in production: "),
        ("MAIL_SERVER", "smtp.example.edu", "is 'smtp.example.edu'; in production it must be your own relay"),
        ("MAIL_DEFAULT_SENDER", "", "is needed in production: a mailbox that a person reads"),
        *(
            ("MAIL_DEFAULT_SENDER", sender, f"is {sender!r}; in production it must be a mailbox that a person reads")
            for sender in (
                "portal@localhost", "The group <portal@localhost>", "portal@lab", "portal@lab.local",
                "portal@example.org", "portal@lab.Example.edu", "portal@example.edu.cn", "portal@lab.invalid",
            )
        ),
        ("S2_HSTS_SUBDOMAINS", "on", "is 'on'; that needs an S2_PUBLIC_URL that begins with https://"),
    ],
)  # fmt: skip
def test_production_says_which_setting_it_misses(name: str, value: str, why: str, tmp_path: Path) -> None:
    whole = {**PRODUCTION, "S2_SECRET_KEY": KEY, "S2_DATA_DIR": str(tmp_path)}
    if name == "S2_HSTS_SUBDOMAINS":
        whole["S2_PUBLIC_URL"] = "http://lab.example.edu"
    assert config.load(whole)["ENV_NAME"] == "production"
    [line] = refused(whole | {name: value})
    assert line.startswith(f"{name} {why}")
    assert line.endswith(" (README.md, Configuration)")


def test_all_mistakes_are_told_at_once_and_no_password_with_them(tmp_path: Path) -> None:
    environ = {
        "S2_ENV": "production",
        "S2_DATA_DIR": str(tmp_path),
        "S2_PUBLIC_URL": "https://me:hidden@lab.example.edu",
        "S2_SECRET_KEY": "hidden",
        "S2_DATABASE_URL": "postgresql+psycopg://me:hid/den@db/portal",
        "S2_REDIS_URL": "http://:hidden@cache",
        "S2_METRICS_TOKEN": "hidden",
        "S2_TRUSTED_PROXIES": "one",
        "S2_STORAGE_URL": "s3://key:hid/den@bucket",
        "MAIL_SERVER": "me:hidden@smtp",
        "MAIL_PASSWORD": "hidden",
        "MAIL_PORT": "smtp",
    }
    lines = refused(environ)
    named = {name for name in environ if name not in ("S2_ENV", "S2_DATA_DIR", "MAIL_PASSWORD")}
    assert sorted(line.split()[0] for line in lines) == sorted(named | {"MAIL_USERNAME", "MAIL_DEFAULT_SENDER"})
    assert not [line for line in lines if "hid" in line]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://lab.example.edu/", "https://lab.example.edu"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://实验室.example.cn", None),
        ("https://xn--3lrx4d.example.cn", "https://xn--3lrx4d.example.cn"),
    ],
)
def test_the_public_address_is_scheme_and_host(typed: str, kept: str | None, tmp_path: Path) -> None:
    environ = {"S2_DATA_DIR": str(tmp_path), "S2_PUBLIC_URL": typed}
    if kept is None:
        with pytest.raises(ConfigurationError, match=r"^S2_PUBLIC_URL"):
            config.load(environ)
    else:
        assert config.load(environ)["PUBLIC_URL"] == kept


def run(environ: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", *command),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environ},
        capture_output=True,
        text=True,
        umask=0o022,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("flask", "--app", "app", "prepare"),
        ("gunicorn",),
        ("gunicorn", "--config", "python:http", "--bind", "127.0.0.1:0", "app:app"),
    ],
    ids=("flask", "gunicorn", "gunicorn with settings of its own"),
)
def test_wrong_settings_end_the_start_without_a_traceback(command: tuple[str, ...], tmp_path: Path) -> None:
    ended = run(settings(tmp_path) | {"PORT": "http", "S2_STARS": "many"}, *command)
    told = [line for line in ended.stderr.splitlines() if not line.startswith("[")]
    assert (ended.returncode, ended.stdout) == (3, "")
    assert told == [
        "PORT is 'http'; it must be a whole number from 1 to 65535 (README.md, Configuration)",
        "S2_STARS is 'many'; it must be on or off (README.md, Configuration)",
    ]


def test_nobody_else_can_read_what_the_portal_keeps(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    (data / "portal.sqlite3").touch(mode=0o644)
    ended = run(settings(data), "flask", "--app", "app", "prepare")
    assert ended.returncode == 0, ended.stderr
    readable = {path.name for path in data.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077}
    assert readable == set()
    assert (data / "portal.sqlite3").stat().st_size > 0


def test_a_new_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    config.load({"S2_DATA_DIR": str(tmp_path / "data")})
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
