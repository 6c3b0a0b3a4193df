"""Pages of a file as images and as text, so that a reader knows them without opening the file itself."""

import shutil
from pathlib import Path

from flask import current_app

from s2group.core.disk import put_whole
from s2group.documents import store
from s2group.documents.sandbox import Sandbox

IMAGE_TYPE = "image/webp"
# Largest width and height in pixels.
PAGE = ("2000", "2000")
THUMBNAIL = ("240", "360")
sandbox = Sandbox(patience=8, seconds=7, most_bytes=8 * 1024 * 1024)


def page_image(sha256: str, page: int) -> bytes | None:
    """Page `page` (from 1) of a stored file as a WebP image; None where it cannot be drawn.

    A PDF has about 110 dots per inch, a JPEG or PNG is its own one page, and stands upright; at most 2,000 pixels
    a side. Drawn once and kept in the cache. Raises FileNotFoundError where there is no such file.
    """
    return _asked_once(sha256, f"{page}.webp", "draw", str(page), *PAGE)


def thumbnail(sha256: str) -> bytes | None:
    """The first page of a stored file as a WebP image of at most 240 by 360 pixels; otherwise as page_image."""
    return _asked_once(sha256, "thumbnail.webp", "draw", "1", *THUMBNAIL)


def document_text(sha256: str) -> str | None:
    """What a stored PDF says, its pages parted by form feeds; None where it cannot be read, or is a picture.

    At most 100,000 characters; read once and kept in the cache. Raises FileNotFoundError where there is no such file.
    """
    found = _asked_once(sha256, "text", "text")
    return None if found is None else found.decode()


def _asked_once(sha256: str, name: str, *arguments: str) -> bytes | None:
    cached = _folder(sha256) / name
    if cached.exists():
        return cached.read_bytes()
    answer = sandbox.ask(store.path_of(sha256), *arguments)
    if not answer.complete:
        return None
    put_whole(cached, answer.output)
    return answer.output


def forget_pages(sha256: str) -> None:
    """Remove the pictures and the text of a file that is removed."""
    if _folder(sha256).exists():
        shutil.rmtree(_folder(sha256))


def _folder(sha256: str) -> Path:
    """One for each file, so that its pictures can be removed with it."""
    data_dir: Path = current_app.config["DATA_DIR"]
    return data_dir / "cache" / "pages" / sha256
