"""What lies on this machine: settings, folders, fonts, the clock."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from config import LOOPBACK, MAX_REQUEST, MEGABYTE
from s2group.cli.doctor.findings import Finding, fault, ok, warning
from s2group.core import clock
from s2group.documents.inspection import missing_protections
from s2group.documents.store import store
from s2group.graphics.fonts import find_fonts

# What the largest form needs, and what a portal should have in reserve.
LEAST_FREE, WELL_FREE = MAX_REQUEST, 1024 * MEGABYTE
# An answer takes its time to come; a deadline is a matter of minutes.
NEAR, FAR = timedelta(seconds=5), timedelta(minutes=1)


def settings() -> Iterator[Finding]:
    """Those that are wrong have ended the start; these are odd."""
    config = current_app.config
    yield ok("settings", f"{config['ENV_NAME']}, {config['PUBLIC_URL']}/, data in {config['DATA_DIR']}")
    for name in config["UNKNOWN_SETTINGS"]:
        yield warning("settings", f"there is no setting {name}", "correct its name (README.md, Configuration)")
    if config["ENV_NAME"] != "production":
        yield ok("settings", "a trial run: set S2_ENV=production before anybody applies")
        return
    if urlsplit(config["PUBLIC_URL"]).hostname in LOOPBACK:
        yield warning("settings", "S2_PUBLIC_URL leads to this machine alone", "set the address that people type")
    elif not config["TRUSTED_PROXIES"]:
        words = "S2_TRUSTED_PROXIES is 0: behind nginx all visitors count as one, and are slowed down together"
        yield warning("settings", words, "set it to how many reverse proxies stand in front")


def folders() -> Iterator[Finding]:
    """Whether the portal's user owns them and can write there, nobody else reads them, and there is room."""
    data_dir = current_app.config["DATA_DIR"]
    yield _folder("data folder", data_dir)
    ours = (path for path in data_dir.iterdir() if path.name != "lost+found")
    for strange in sorted(path for path in ours if path.lstat().st_uid != os.geteuid()):
        todo = "chown it to the portal's user, and run commands as that user (s2group …)"
        yield fault("data folder", f"{strange.name} belongs to another user", todo)
    if (files := Path(str(store))).is_dir():
        yield _folder("files", files)
    elif not files.is_absolute():
        yield _bucket()
    yield _folder("temporary files", Path(tempfile.gettempdir()), ours=False)
    content = current_app.config["CONTENT_DIR"]
    if not os.access(content / "group.toml", os.R_OK):
        yield fault("content files", f"{content} holds no group.toml that can be read", "run `prepare`")


def _bucket() -> Finding:
    """Whether a store that is no folder of this machine takes a file."""
    try:
        store.try_writing()
    except OSError as error:
        return fault(
            "files", f"{store} cannot be written: {error.strerror}", "correct the settings of the bucket (README.md)"
        )
    return ok("files", f"{store} takes files")


def _folder(what: str, path: Path, *, ours: bool = True) -> Finding:
    state = path.stat()
    if not os.access(path, os.W_OK | os.X_OK):
        return fault(what, f"{path} cannot be written", f"chown -R it to user {os.geteuid()}; is its disk read-only?")
    if ours and state.st_uid != os.geteuid():
        todo = "run commands as the portal's user (s2group …), or chown -R it to that user"
        return fault(what, f"{path} belongs to user {state.st_uid}, this is user {os.geteuid()}", todo)
    if ours and state.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return warning(what, f"other users get into {path} (mode {stat.S_IMODE(state.st_mode):o})", f"chmod 700 {path}")
    return _room(what, path)


def _room(what: str, path: Path) -> Finding:
    free = shutil.disk_usage(path).free
    said = f"{path}, on the disk at {mount_point(path)}, {free // MEGABYTE} MB free"
    if free < LEAST_FREE:
        return fault(what, said, "make room now: docs/operations.md, Full disk")
    if free < WELL_FREE:
        return warning(what, said, "make room: docs/operations.md, Full disk")
    return ok(what, said)


def mount_point(path: Path) -> Path:
    """Where the disk that a folder lies on is mounted."""
    return next(folder for folder in (path, *path.parents) if folder.is_mount())


def fonts() -> Finding:
    """Whether pictures, posters and dossiers can write Chinese."""
    found = find_fonts(current_app.config["FONT_DIRS"])
    if found.serif is None or found.sans is None:
        words = "no font with Chinese signs: posters, share pictures and dossiers lack their Chinese"
        return warning("fonts", words, "apt-get install fonts-noto-cjk, or set S2_FONTS_DIR")
    return ok("fonts", f"{found.family(serif=True)}, {found.family()}")


def confinement() -> Finding:
    """What the kernel offers to lock the process in that looks into uploads."""
    if missing := missing_protections():
        words = f"the kernel offers no {' and no '.join(missing)}: the process that looks into uploads is confined less"
        return warning("uploads", words, "Linux 5.13 or later, with landlock in its lsm=")
    return ok("uploads", "the process that looks into them is confined")


def time(clocks: Mapping[str, datetime | None]) -> Finding:
    """Whether this clock agrees with those of others, as far as any of them tells its own."""
    here = f"{clock.now():%Y-%m-%d %H:%M:%S} UTC"
    away = {name: abs(clock.now() - told) for name, told in clocks.items() if told}
    if not away:
        return ok("time", f"{here}; no other clock could be asked")
    name, most = max(away.items(), key=lambda each: each[1])
    if most <= NEAR:
        return ok("time", f"{here}, the same as by {' and '.join(away)}")
    words = f"{here}, {most.total_seconds():.0f} seconds from {name}: calls close by this clock"
    return (fault if most > FAR else warning)("time", words, "timedatectl set-ntp true")
