"""JPEG and PNG files for tests: good, strange and hostile ones."""

import io
import struct
import zlib
from typing import Any

from PIL import ExifTags, Image

from tests.support.pdf import deflated_zeros, make_pdf

PNG_HEADER = b"\x89PNG\r\n\x1a\n"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def make_jpeg(size: tuple[int, int] = (600, 800), **how: Any) -> bytes:
    """A sound JPEG: red above, blue below."""
    return _saved(_two_colours(size), "JPEG", **how)


def make_png(size: tuple[int, int] = (600, 800), mode: str = "RGB") -> bytes:
    """A sound PNG: red above, blue below."""
    return _saved(_two_colours(size).convert(mode), "PNG")


def turned_jpeg(orientation: int) -> bytes:
    """A JPEG that lies on its side or its head, as a phone writes it, with the place where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return make_jpeg(exif=exif)


def jpeg_with_broken_exif() -> bytes:
    """A sound JPEG whose EXIF says nothing that can be read."""
    return make_jpeg(exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")


def png_with_transparency() -> bytes:
    """A black square on nothing."""
    picture = Image.new("RGBA", (100, 100))
    picture.paste((0, 0, 0, 255), (25, 25, 75, 75))
    return _saved(picture, "PNG")


def png_of_sixteen_bits() -> bytes:
    """A middle grey, as scanners write it."""
    return _saved(Image.new("I;16", (100, 100), 0x8000), "PNG")


def cmyk_jpeg() -> bytes:
    """A red JPEG in the colours of printers."""
    return _saved(Image.new("RGB", (100, 100), RED).convert("CMYK"), "JPEG")


def truncated(data: bytes) -> bytes:
    """Its first half."""
    return data[: len(data) // 2]


def headless(data: bytes) -> bytes:
    """Its first thirty bytes, which hold nothing of the picture."""
    return data[:30]


def jpeg_with_broken_last_scan() -> bytes:
    """A progressive JPEG that browsers show all but the finest details of; other decoders give up on it."""
    whole = bytearray(make_jpeg(progressive=True))
    table = whole.rindex(b"\xff\xc4")
    whole[table + 2] = 0xFF  # reaches over the end of the file
    return bytes(whole)


def without_scan(jpeg: bytes) -> bytes:
    """All that comes before the picture data, and the header of those."""
    scan = jpeg.index(b"\xff\xda")
    return jpeg[: scan + 14]


def png_without_pixels(size: tuple[int, int] = (600, 800)) -> bytes:
    """A PNG whose picture data are no such thing."""
    return _png(size, b"nothing that could be inflated")


def bomb_png() -> bytes:
    """Some megabytes that claim 60,000 by 60,000 pixels, and have them."""
    return _png((60_000, 60_000), deflated_zeros(430))


def large_png() -> bytes:
    """Some kilobytes with 12,000 by 12,000 pixels, which could be decoded."""
    return _png((12_000, 12_000), deflated_zeros(18))


def png_with_text_bomb() -> bytes:
    """A sound PNG with a remark that inflates to hundreds of megabytes."""
    whole = make_png()
    bomb = _chunk(b"zTXt", b"Comment\x00\x00" + deflated_zeros(256))
    return whole[:33] + bomb + whole[33:]


def twelve_bit_jpeg() -> bytes:
    """A JPEG with twelve bits a channel, which medical viewers show and hardly any browser."""
    whole = make_jpeg()
    frame = whole.index(b"\xff\xc0")
    return whole[: frame + 4] + b"\x0c" + whole[frame + 5 :]


def jpeg_with_pdf_inside() -> bytes:
    """A JPEG whose comment is a PDF: two kinds of file in one."""
    whole, comment = make_jpeg(), make_pdf()
    return whole[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + whole[2:]


def jpeg_then_html() -> bytes:
    """A sound JPEG with a script after its end."""
    return make_jpeg() + b"<script>alert(1)</script>"


def svg() -> bytes:
    """A picture that is a program."""
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def gif() -> bytes:
    """A sound GIF."""
    return _saved(Image.new("RGB", (10, 10), RED), "GIF")


def heic() -> bytes:
    """How the photographs of some phones begin."""
    return b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heicMiPrmiafMiHB" + bytes(1000)


def _two_colours(size: tuple[int, int]) -> Image.Image:
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (0, size[1] // 2, size[0], size[1]))
    return picture


def _saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def _png(size: tuple[int, int], pixels: bytes) -> bytes:
    """A PNG of one bit a pixel."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 1, 0, 0, 0, 0))
    return PNG_HEADER + head + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
