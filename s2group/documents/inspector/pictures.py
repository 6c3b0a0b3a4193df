"""Looks into one JPEG or PNG, which is its one page."""

import io
import struct
from collections.abc import Iterator
from typing import Any

from PIL import ExifTags, Image, ImageFile

# A phone's 108 megapixels are decoded; a file that claims more is left alone.
MOST_PIXELS = 120_000_000
JPEG_HEADER, PNG_HEADER = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
# From ITU-T T.81, B.1.1.3: the start of a scan, the bytes that fill or escape, and the markers that hold nothing.
START_OF_SCAN = 0xDA
FILLING = (0x00, 0xFF)
BARE_MARKERS = (0x01, *range(0xD0, 0xDA))
# What to do so that a picture stands upright, by its EXIF orientation.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# EXIF orientations in which width and height are exchanged.
ON_ITS_SIDE = (5, 6, 7, 8)
Box = tuple[int, int]


def inspect(data: bytes) -> Iterator[dict[str, Any]]:
    """Damaged is only what no viewer shows anything of; of the rest, what is not whole raises in the end.

    Of a JPEG whose later scans are broken, other viewers show the earlier ones.
    """
    is_jpeg = data.startswith(JPEG_HEADER)
    if not (_begins_a_scan(data) if is_jpeg else _holds_pixels(data)):
        yield {"fault": "damaged"}
        return
    try:
        _decoded(data)
    except Exception:
        is_blank = _is_blank(data)
        if is_blank and not is_jpeg:
            yield {"fault": "damaged"}
            return
        if not is_blank:
            yield {"pages": 1}
        raise
    yield {"pages": 1}


def draw(data: bytes, page: int, box: Box) -> Image.Image:
    """As much of it as there is, upright, without what else the file tells (where it was taken, say)."""
    if page != 1:
        raise ValueError("a picture has one page")
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    image = _opened(data)
    turn = UPRIGHT.get(_orientation(image))
    shrink = min(1, max(box) / max(image.size))
    image.draft(None, (int(image.width * shrink), int(image.height * shrink)))
    upright = _on_white(image)
    upright.thumbnail((max(box), max(box)))
    if turn is not None:
        upright = upright.transpose(turn)
    upright.thumbnail(box)
    upright.info.clear()
    return upright


def measure(data: bytes) -> tuple[int, int]:
    """Width and height as it is shown upright. Raises what is not a whole picture.

    One with too many pixels is taken as it lies, and not read further.
    """
    image = _shown(data)
    width, height = image.size
    if width * height > MOST_PIXELS:
        return width, height
    image.draft("RGB", (160, 160))  # a JPEG need not be decoded in full to be found whole
    image.load()  # before the orientation is asked for: that would swallow what is wrong with a PNG
    return (height, width) if _orientation(image) in ON_ITS_SIDE else (width, height)


def in_width(data: bytes, width: int) -> Image.Image:
    """Upright and at most `width` pixels wide, never larger than it is, without what else the file tells."""
    image = _shown(data)
    image.draft("RGB", (2 * width, 2 * width))
    turn = UPRIGHT.get(_orientation(image))
    upright = image.transpose(turn) if turn is not None else image
    shown = min(width, upright.width)
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    height = max(1, round(upright.height * shown / upright.width))
    return upright.convert(mode).resize((shown, height), Image.Resampling.LANCZOS)


def is_picture(data: bytes) -> bool:
    """Whether it begins as a JPEG or PNG does."""
    return data.startswith((JPEG_HEADER, PNG_HEADER))


def _begins_a_scan(data: bytes) -> bool:
    """Whether the segments of a JPEG lead to picture data."""
    at = 2
    while (at := data.find(b"\xff", at)) >= 0 and at + 4 <= len(data):
        marker, length = struct.unpack_from(">xBH", data, at)
        if marker == START_OF_SCAN:
            return bool(at + 2 + length < len(data))
        at += 1 if marker in FILLING else 2 if marker in BARE_MARKERS else 2 + length
    return False


def _holds_pixels(data: bytes) -> bool:
    """Whether the chunks of a PNG lead to picture data."""
    at = len(PNG_HEADER)
    while at + 8 < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IDAT":
            return True
        at += 12 + length
    return False


def _opened(data: bytes) -> Image.Image:
    """The picture, not decoded yet. Raises ValueError where it claims to be huge."""
    image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    if image.width * image.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    return image


def _shown(data: bytes) -> Image.Image:
    """A picture of the kinds that the group shows, not decoded yet."""
    return Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))


def _decoded(data: bytes) -> Image.Image:
    """The picture; a JPEG at an eighth of its size, which reads all of it."""
    image = _opened(data)
    image.draft(None, (1, 1))
    image.load()
    return image


def _is_blank(data: bytes) -> bool:
    """Whether nothing can be seen of a picture that is not whole."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    return _on_white(_decoded(data)).getcolors(maxcolors=1) is not None


def _on_white(image: Image.Image) -> Image.Image:
    """In plain colours; what is transparent shows white, as on paper."""
    if image.mode == "I;16":
        image = image.point(lambda value: value / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(clear, mask=clear)
    return paper


def _orientation(image: Image.Image) -> int:
    """As EXIF has it, 1 to 8; 1, upright, where the file does not say so in a way that can be read."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        return 1
