"""Looks into one PDF, JPEG or PNG, or draws one of its pages, in a process of its own that may be killed at any time.

Run by file path, isolated, with the file as standard input:

    inspector.py inspect                        one JSON object a line, each adding to what is known:
                                                {"fault": "encrypted"}, {"fault": "damaged"} or {"pages": 3},
                                                then {"findings": [...]}
    inspector.py draw <page> <width> <height>   the page (from 1) as a WebP image that fits into so many pixels
    inspector.py text                           what the pages say, in UTF-8, a form feed after each page

A JPEG or PNG has one page, and says nothing.

Any other exit status than 0 means that it gave up. It imports nothing of the portal, so that it starts in
a tenth of a second, and nothing of the portal imports it.
"""

import ctypes
import errno
import io
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
from PIL import ExifTags, Image, ImageFile
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

MEBIBYTE = 1024 * 1024
MEMORY = 1024 * MEBIBYTE
CPU_SECONDS = 5
OPEN_FILES = 64
# The parent kills sooner; this is for the day it is gone.
LIFETIME_SECONDS = 10
# socket and io_uring_setup, which can make one too.
NETWORK_CALLS = {"x86_64": (41, 425), "aarch64": (198, 425)}
# From linux/prctl.h, linux/seccomp.h and linux/bpf_common.h.
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
BPF_LOAD_WORD, BPF_JUMP_IF_EQUAL, BPF_RETURN = 0x20, 0x15, 0x06
SECCOMP_ALLOW, SECCOMP_ERRNO = 0x7FFF0000, 0x00050000
POINTS_PER_INCH = 72
DOTS_PER_INCH = 110
# A phone's 108 megapixels are decoded; a file that claims more is left alone.
MOST_PIXELS = 120_000_000
QUALITY = 85
LONGEST_TEXT = 100_000
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
Box = tuple[int, int]
# What an action or a part of a file is called (ISO 32000-2, 12.6.4 and 7.11.4), and what we call it.
ACTIONS = {"/JavaScript": "javascript", "/Launch": "launch_action", "/SubmitForm": "form_submission"}


def restrict() -> None:
    """Give up, for good, whatever reading one file does not need."""
    os.nice(10)
    signal.alarm(LIFETIME_SECONDS)
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    give_up_network()


def give_up_network() -> None:
    """See to it that no socket can be made any more (seccomp(2)). Raises OSError where the kernel will not have it.

    A filter of four kinds of instructions: load the number of the system call, refuse it where it is one of
    NETWORK_CALLS, allow every other.
    """
    calls = NETWORK_CALLS[os.uname().machine]
    program = [(BPF_LOAD_WORD, 0, 0, 0)]
    program += [(BPF_JUMP_IF_EQUAL, len(calls) - index, 0, call) for index, call in enumerate(calls)]
    program += [(BPF_RETURN, 0, 0, SECCOMP_ALLOW), (BPF_RETURN, 0, 0, SECCOMP_ERRNO | errno.EACCES)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    filter_ = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_, 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel does not take the network away")


def inspect(data: bytes) -> Iterator[dict[str, Any]]:
    """What a reader should know of a file, step by step. Raises whatever the parsers raise."""
    return _inspect_picture(data) if _is_picture(data) else _inspect_pdf(data)


def _inspect_pdf(data: bytes) -> Iterator[dict[str, Any]]:
    pages = _count_pages(data)
    if pages is None:
        yield {"fault": "encrypted"}
        return
    yield {"pages": pages}
    yield {"findings": sorted(set(_findings(data)))}


def _inspect_picture(data: bytes) -> Iterator[dict[str, Any]]:
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


def draw(data: bytes, page: int, box: Box) -> bytes:
    """Page `page` (from 1) on white, not larger than `box`, as a WebP image. Raises whatever the parsers raise."""
    image = _draw_picture(data, page, box) if _is_picture(data) else _draw_pdf(data, page, box)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def _draw_pdf(data: bytes, page: int, box: Box) -> Image.Image:
    """With its form fields."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    sheet = document[page - 1]
    width, height = sheet.get_size()
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, box[0] / width, box[1] / height)
    image: Image.Image = sheet.render(scale=scale).to_pil()
    return image


def _draw_picture(data: bytes, page: int, box: Box) -> Image.Image:
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


def text(data: bytes) -> str:
    """What the pages say, at most LONGEST_TEXT characters of it. Raises whatever pdfium raises."""
    said = ""
    for page in pypdfium2.PdfDocument(data):
        said += page.get_textpage().get_text_bounded() + "\f"
        if len(said) > LONGEST_TEXT:
            break
    return said[:LONGEST_TEXT]


def _count_pages(data: bytes) -> int | None:
    """The number of pages, or None where a password is needed. pdfium repairs what browsers repair."""
    try:
        return len(pypdfium2.PdfDocument(data))
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            return None
        raise


def _findings(data: bytes) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        reader.decrypt("")
    tables = [*reader.xref.items(), *((0, {number: 0}) for number in reader.xref_objStm)]
    for generation, numbers in tables:
        for number in numbers:
            yield from _findings_in(reader.get_object(IndirectObject(number, generation, reader)))


def _findings_in(value: PdfObject | None) -> Iterator[str]:
    """Findings in one object and in what lies directly in it; what it refers to is looked at on its own."""
    if isinstance(value, DictionaryObject):
        if "/EF" in value or _name(value, "/Type") == "/EmbeddedFile":
            yield "attachments"
        if (action := _name(value, "/S")) in ACTIONS:
            yield ACTIONS[action]
    parts = value.values() if isinstance(value, DictionaryObject) else value if isinstance(value, ArrayObject) else ()
    for part in parts:
        yield from _findings_in(part)


def _name(dictionary: DictionaryObject, key: str) -> str:
    return str(dictionary[key]) if key in dictionary else ""


def _is_picture(data: bytes) -> bool:
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


def main() -> None:
    """Do what the arguments say."""
    restrict()
    data = sys.stdin.buffer.read()
    if sys.argv[1] == "inspect":
        for known in inspect(data):
            sys.stdout.write(json.dumps(known) + "\n")
            sys.stdout.flush()
    elif sys.argv[1] == "text":
        sys.stdout.buffer.write(text(data).encode("utf-8", "replace"))
    else:
        page, width, height = map(int, sys.argv[2:])
        sys.stdout.buffer.write(draw(data, page, (width, height)))


if __name__ == "__main__":
    main()
