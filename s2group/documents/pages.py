"""Pages of a file as images and as text, so that a reader knows them without opening the file itself.

The worker draws them ahead, `draw_wanted`; a request only reads what is drawn, or waits a second for it. What could
not be drawn is kept as an empty file, and not tried again; what there was no time for is tried MOST_TRIES times.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from flask import current_app

from s2group.core.disk import write_atomically
from s2group.documents.queries import pages_of
from s2group.documents.sandbox import Answer, Sandbox
from s2group.documents.seats import seat
from s2group.documents.store import held, store

IMAGE_TYPE = "image/webp"
# Largest width and height in pixels.
PAGE = ("2000", "2000")
THUMBNAIL = ("240", "360")
# The rest of a long file is in the download.
MOST_PAGES = 8
PATIENCE_SECONDS = 1.0
POLL_SECONDS = 0.05
# A file that takes longer than this in all is not drawn to its end.
SECONDS_FOR_ALL = 15
# How often a file is drawn for which there was no time, and the file that has a byte for each of them.
MOST_TRIES, TRIES = 3, "tries"
# The time of a mark that stands behind all others, whenever they were made.
NO_HURRY = 4_000_000_000
sandbox = Sandbox(seconds=7, most_bytes=8 * 1024 * 1024)


def page_image(sha256: str, page: int) -> bytes | None:
    """Page `page` (from 1) of a stored file as a WebP image; None where it is not drawn, or cannot be.

    A PDF has about 110 dots per inch, a JPEG or PNG is its own one page, and stands upright; at most 2,000 pixels
    a side. Waits a second for one that is still to be drawn.
    """
    return _drawn(sha256, _page_name(page)) if 1 <= page <= MOST_PAGES else None


def thumbnail(sha256: str) -> bytes | None:
    """The first page of a stored file as a WebP image of at most 240 by 360 pixels; otherwise as page_image."""
    return _drawn(sha256, "thumbnail.webp")


def document_text(sha256: str) -> str | None:
    """What a stored PDF says, its pages parted by form feeds; None where it cannot be read, or is a picture.

    At most 100,000 characters; otherwise as page_image.
    """
    found = _drawn(sha256, "text")
    return None if found is None else found.decode()


def drawn_text(sha256: str) -> str | None:
    """As document_text, without waiting: None where it was not taken yet, empty where there is none."""
    try:
        return (_folder(sha256) / "text").read_bytes().decode()
    except FileNotFoundError:
        return None


def text_now(sha256: str) -> str:
    """The same for a worker, which reads the file itself where nobody has yet; empty where there is nothing to read."""
    place = _folder(sha256) / "text"
    if not place.exists():
        with suppress(FileNotFoundError), store.local(sha256) as path:
            answer = sandbox.ask(path, "text")
            _keep(sha256, "text", answer.output if answer.complete else b"")
    return place.read_bytes().decode() if place.exists() else ""


def cannot_be_drawn(sha256: str, page: int) -> bool:
    """Whether it was tried in vain to draw this page."""
    place = _folder(sha256) / _page_name(page)
    return place.exists() and place.stat().st_size == 0


def want(sha256: str, *, ahead: bool = False) -> None:
    """Have the pages of a stored file drawn; `ahead`: after those that somebody waits for.

    Where the disk refuses, whoever asks for a page wants them again.
    """
    mark = _wanted() / sha256
    with suppress(OSError):
        mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if ahead and not mark.exists():
            mark.touch()
            os.utime(mark, (NO_HURRY, NO_HURRY))
        elif not ahead:
            mark.touch()


def is_drawn(sha256: str, pages: int | None) -> bool:
    """Whether all is drawn that is shown of a stored file of so many pages, as far as it can be."""
    folder = _folder(sha256)
    return all((folder / name).exists() for name, _ in _pictures(pages))


def draw_wanted() -> int:
    """Draw what is wanted, what was wanted first comes first; how many files that were. Raises OSError."""
    drawn = 0
    while mark := min(_wanted().glob("*"), key=lambda mark: mark.stat().st_mtime, default=None):
        with suppress(FileNotFoundError), store.local(mark.name) as path:  # unless it was removed meanwhile
            _draw_all(mark.name, path)
        mark.unlink(missing_ok=True)
        drawn += 1
    return drawn


def forget_pages(sha256: str) -> None:
    """Remove the pictures and the text of a file that is removed; the caller holds the store alone."""
    (_wanted() / sha256).unlink(missing_ok=True)
    if _folder(sha256).exists():
        shutil.rmtree(_folder(sha256))


def _drawn(sha256: str, name: str) -> bytes | None:
    place = _folder(sha256) / name
    if not place.exists() and store.has(sha256):
        want(sha256)
        _wait_for(place)
    try:
        return place.read_bytes() or None
    except FileNotFoundError:
        return None


def _wait_for(place: Path) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    with seat() as is_free:
        while is_free and not place.exists() and monotonic() < deadline:
            sleep(POLL_SECONDS)


def _draw_all(sha256: str, path: Path) -> None:
    """Draw what is missing. A hostile file could take up the worker with every page anew: it has SECONDS_FOR_ALL."""
    deadline = monotonic() + SECONDS_FOR_ALL
    is_last_try = _tries(sha256) + 1 >= MOST_TRIES
    had_no_time = False
    for name, do in _pictures(pages_of(sha256)):
        if (_folder(sha256) / name).exists():
            continue
        answer = sandbox.ask(path, *do) if monotonic() < deadline else Answer()
        if answer.late and not is_last_try:
            had_no_time = True
        else:
            _keep(sha256, name, answer.output if answer.complete else b"")
    if had_no_time:
        _keep(sha256, TRIES, b"." * (_tries(sha256) + 1))


def _pictures(pages: int | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is made of a file of so many pages: the name, and what the inspector is told."""
    yield "thumbnail.webp", ("draw", "1", *THUMBNAIL)
    for page in range(1, min(pages or 1, MOST_PAGES) + 1):
        yield _page_name(page), ("draw", str(page), *PAGE)
    yield "text", ("text",)


def _tries(sha256: str) -> int:
    try:
        return (_folder(sha256) / TRIES).stat().st_size
    except FileNotFoundError:
        return 0


def _keep(sha256: str, name: str, drawn: bytes) -> None:
    """Keep a picture, unless the file was removed meanwhile."""
    with held():
        if store.has(sha256):
            write_atomically(_folder(sha256) / name, drawn)


def _page_name(page: int) -> str:
    return f"{page}.webp"


def _folder(sha256: str) -> Path:
    """One for each file, so that its pictures can be removed with it."""
    return _cache() / "pages" / sha256


def _wanted() -> Path:
    """Holds an empty file, named after it, for each file whose pages are to be drawn."""
    return _cache() / "wanted"


def _cache() -> Path:
    data_dir: Path = current_app.config["DATA_DIR"]
    return data_dir / "cache"
