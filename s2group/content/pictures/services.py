"""Pictures of the group as browsers get them: WebP in a few widths, upright, without what the camera noted."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from flask import current_app, request
from PIL import ExifTags, Image

from s2group.content.pictures.models import Picture
from s2group.content.pictures.rules import WIDTHS, shown_height, shown_widths
from s2group.core.disk import write_atomically
from s2group.core.i18n import ENGLISH_PREFIX

FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 80
# What to do so that a picture stands upright, by its EXIF orientation.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """A picture of the kinds that are shown. Pillow's warnings are left out: what it warns of is judged here.

    Raises whatever Pillow raises at something else.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            yield image


def orientation_of(image: Image.Image) -> int:
    """As EXIF has it, 1 to 8; 1, upright, where the file does not say so in a way that can be read."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        return 1


def picture_file(picture: Picture, width: int) -> bytes | None:
    """The picture as WebP, at most `width` pixels wide and never larger than it is; made once, then kept.

    None where `width` is none of WIDTHS, or the content folder no longer holds the picture.
    """
    if width not in WIDTHS:
        return None
    cached = _cache() / f"{picture.digest}-{width}.webp"
    if cached.exists():
        return cached.read_bytes()
    original = _original(picture)
    if original is None:
        return None
    made = _drawn(original, width)
    with suppress(OSError):  # on a full disk it is made again each time
        write_atomically(cached, made)
    return made


def forget_pictures(known: set[str]) -> None:
    """Remove what is kept of pictures whose digests are not among `known`; what the disk will not let go of stays."""
    try:
        for kept in _cache().glob("*.webp"):
            if kept.name.partition("-")[0] not in known:
                kept.unlink(missing_ok=True)
    except OSError as error:
        current_app.logger.warning("old copies of pictures could not be removed: %s", error)


def picture_sources(picture: Picture, widths: tuple[int, ...] = WIDTHS) -> list[tuple[str, int, int]]:
    """Address, width and height of the picture in those of `widths` that make sense for it, the smallest first.

    The addresses are the same in both languages, so that a browser loads a picture once.
    """
    root = request.script_root.removesuffix(ENGLISH_PREFIX)
    return [
        (f"{root}/pictures/{picture.digest}-{step}.webp", shown, shown_height(picture.width, picture.height, shown))
        for step, shown in shown_widths(picture.width, widths)
    ]


def _cache() -> Path:
    data_dir: Path = current_app.config["DATA_DIR"]
    return data_dir / "cache" / "pictures"


def _original(picture: Picture) -> bytes | None:
    """What the content folder holds, if it still is what was looked at when it was loaded."""
    folder: Path = current_app.config["CONTENT_DIR"]
    try:
        data = (folder / "pictures" / picture.path).read_bytes()
    except FileNotFoundError:
        return None
    return data if sha256(data).hexdigest() == picture.digest else None


def _drawn(data: bytes, width: int) -> bytes:
    out = io.BytesIO()
    with opened(data) as image:
        image.draft("RGB", (2 * width, 2 * width))
        turn = TURNS.get(orientation_of(image))
        upright = image.transpose(turn) if turn is not None else image
        shown = min(width, upright.width)
        size = (shown, shown_height(upright.width, upright.height, shown))
        mode = "RGBA" if upright.has_transparency_data else "RGB"
        upright.convert(mode).resize(size, Image.Resampling.LANCZOS).save(
            out, "WEBP", quality=QUALITY, method=5, exif=b""
        )
    return out.getvalue()
