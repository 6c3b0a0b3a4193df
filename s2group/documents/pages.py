"""Pages of a file as images and as text, so that a reader knows them without opening the file itself.

The worker draws them ahead, `draw_wanted`; a request only reads what is drawn, or waits a second for it. What could
not be drawn is kept as an empty file, and not tried again; what there was no time for is tried MOST_TRIES times.

For a reader who must not know whose file it is, there is a second set of pictures: with `hidden`, a page is drawn with
these words blacked out (`inspector.redaction`), and kept apart from the others under a name made of the words.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256 as new_hash
from pathlib import Path
from time import monotonic, sleep

from flask import current_app

from s2group.core.disk import write_atomically
from s2group.documents.queries import pages_of, which_are_named
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
# The words of a drawing, beside its pictures; and its version, to be raised where `redaction` hides more.
WORDS, REDACTION = "words", "1"
# How many files are looked for in the database at once.
BATCH = 500
Words = tuple[str, ...]
sandbox = Sandbox(seconds=7, most_bytes=8 * 1024 * 1024)


@dataclass(frozen=True)
class Drawing:
    """The pictures of a file's pages: as they are, or with some words blacked out, be it none of one's own."""

    sha256: str
    hidden: Words | None = None

    @property
    def mark(self) -> str:
        """What wants it is called so."""
        return self.sha256 if self.hidden is None else f"{self.sha256}.{self._key}"

    @property
    def folder(self) -> Path:
        """One for each file and its words, so that its pictures can be removed with it."""
        return _cache() / "pages" / self.sha256 if self.hidden is None else _redacted(self.sha256) / self._key

    def pictures(self, pages: int | None) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What is made of a file of so many pages: the name, and what the inspector is told."""
        numbers = range(1, min(pages or 1, MOST_PAGES) + 1)
        if self.hidden is not None:
            words = json.dumps(self.hidden)
            yield from ((_page_name(page), ("redact", str(page), *PAGE, words)) for page in numbers)
            return
        yield "thumbnail.webp", ("draw", "1", *THUMBNAIL)
        yield from ((_page_name(page), ("draw", str(page), *PAGE)) for page in numbers)
        yield "text", ("text",)

    @property
    def _key(self) -> str:
        return new_hash(json.dumps([REDACTION, self.hidden]).encode()).hexdigest()[:32]


def page_image(sha256: str, page: int, hidden: Words | None = None) -> bytes | None:
    """Page `page` (from 1) of a stored file as a WebP image; None where it is not drawn, or cannot be.

    With `hidden`, these words are blacked out; None as well where nobody can know what stands on the page.

    A PDF has about 110 dots per inch, a JPEG or PNG is its own one page, and stands upright; at most 2,000 pixels
    a side. Waits a second for one that is still to be drawn.
    """
    return _drawn(Drawing(sha256, hidden), _page_name(page)) if 1 <= page <= MOST_PAGES else None


def thumbnail(sha256: str) -> bytes | None:
    """The first page of a stored file as a WebP image of at most 240 by 360 pixels; otherwise as page_image."""
    return _drawn(Drawing(sha256), "thumbnail.webp")


def document_text(sha256: str) -> str | None:
    """What a stored PDF says, its pages parted by form feeds; None where it cannot be read, or is a picture.

    At most 100,000 characters; otherwise as page_image.
    """
    found = _drawn(Drawing(sha256), "text")
    return None if found is None else found.decode()


def drawn_text(sha256: str) -> str | None:
    """As document_text, without waiting: None where it was not taken yet, empty where there is none."""
    try:
        return (Drawing(sha256).folder / "text").read_bytes().decode()
    except FileNotFoundError:
        return None


def text_now(sha256: str) -> str:
    """The same for a worker, which reads the file itself where nobody has yet; empty where there is nothing to read."""
    place = Drawing(sha256).folder / "text"
    if not place.exists():
        with suppress(FileNotFoundError), store.local(sha256) as path:
            answer = sandbox.ask(path, "text")
            _keep(Drawing(sha256), "text", answer.output if answer.complete else b"")
    return place.read_bytes().decode() if place.exists() else ""


def cannot_be_drawn(sha256: str, page: int, hidden: Words | None = None) -> bool:
    """Whether it was tried in vain to draw this page."""
    place = Drawing(sha256, hidden).folder / _page_name(page)
    return place.exists() and place.stat().st_size == 0


def want(sha256: str, hidden: Words | None = None, *, ahead: bool = False) -> None:
    """Have the pages of a stored file drawn; `ahead`: after those that somebody waits for.

    Where the disk refuses, whoever asks for a page wants them again.
    """
    with suppress(OSError):
        _mark(Drawing(sha256, hidden), ahead=ahead)


def is_drawn(sha256: str, pages: int | None, hidden: Words | None = None) -> bool:
    """Whether all is drawn that is shown of a stored file of so many pages, as far as it can be."""
    drawing = Drawing(sha256, hidden)
    return all((drawing.folder / name).exists() for name, _ in drawing.pictures(pages))


def draw_wanted() -> int:
    """Draw what is wanted, what was wanted first comes first; how many files that were. Raises OSError."""
    drawn = 0
    while mark := min(_wanted().glob("*"), key=lambda mark: mark.stat().st_mtime, default=None):
        # Unless it was removed meanwhile.
        with suppress(FileNotFoundError), store.local(mark.name.partition(".")[0]) as path:
            _draw_all(_marked(mark), path)
        mark.unlink(missing_ok=True)
        drawn += 1
    return drawn


def forget_pages(sha256: str) -> None:
    """Remove the pictures and the text of a file that is removed from the store, as far as this machine has them."""
    for mark in _wanted().glob(f"{sha256}*"):
        mark.unlink(missing_ok=True)
    for folder in (Drawing(sha256).folder, _redacted(sha256)):
        if folder.exists():
            shutil.rmtree(folder)


def forget_pages_of_removed() -> int:
    """Remove what was drawn here of files that were removed meanwhile, maybe by another machine; how many those were.

    What is removed by mistake, for its row was about to come, is drawn again.
    """
    folders = (_cache() / "pages", _cache() / "redacted")
    drawn = sorted({path.name for folder in folders if folder.exists() for path in folder.iterdir()})
    gone = [sha256 for start in range(0, len(drawn), BATCH) for sha256 in _unnamed(drawn[start : start + BATCH])]
    for sha256 in gone:
        forget_pages(sha256)
    return len(gone)


def _unnamed(digests: Sequence[str]) -> list[str]:
    named = which_are_named(digests)
    return [sha256 for sha256 in digests if sha256 not in named]


def _mark(drawing: Drawing, *, ahead: bool) -> None:
    """An empty file that wants the drawing; its words lie where its pictures will."""
    mark = _wanted() / drawing.mark
    mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if drawing.hidden is not None and not (drawing.folder / WORDS).exists():
        _keep(drawing, WORDS, json.dumps(drawing.hidden).encode())
    if ahead and not mark.exists():
        mark.touch()
        os.utime(mark, (NO_HURRY, NO_HURRY))
    elif not ahead:
        mark.touch()


def _marked(mark: Path) -> Drawing:
    sha256, _, key = mark.name.partition(".")
    return Drawing(sha256, tuple(json.loads((_redacted(sha256) / key / WORDS).read_bytes())) if key else None)


def _drawn(drawing: Drawing, name: str) -> bytes | None:
    place = drawing.folder / name
    if not place.exists() and store.has(drawing.sha256):
        want(drawing.sha256, drawing.hidden)
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


def _draw_all(drawing: Drawing, path: Path) -> None:
    """Draw what is missing. A hostile file could take up the worker with every page anew: it has SECONDS_FOR_ALL."""
    deadline = monotonic() + SECONDS_FOR_ALL
    tries = _tries(drawing) + 1
    had_no_time = False
    for name, do in drawing.pictures(pages_of(drawing.sha256)):
        if (drawing.folder / name).exists():
            continue
        answer = sandbox.ask(path, *do) if monotonic() < deadline else Answer()
        if answer.late and tries < MOST_TRIES:
            had_no_time = True
        else:
            _keep(drawing, name, answer.output if answer.complete else b"")
    if had_no_time:
        _keep(drawing, TRIES, b"." * tries)


def _tries(drawing: Drawing) -> int:
    try:
        return (drawing.folder / TRIES).stat().st_size
    except FileNotFoundError:
        return 0


def _keep(drawing: Drawing, name: str, drawn: bytes) -> None:
    """Keep a picture, unless the file was removed meanwhile."""
    with held():
        if store.has(drawing.sha256):
            write_atomically(drawing.folder / name, drawn)


def _page_name(page: int) -> str:
    return f"{page}.webp"


def _redacted(sha256: str) -> Path:
    return _cache() / "redacted" / sha256


def _wanted() -> Path:
    """Holds an empty file for each drawing that is to be made, named after it."""
    return _cache() / "wanted"


def _cache() -> Path:
    data_dir: Path = current_app.config["DATA_DIR"]
    return data_dir / "cache"
