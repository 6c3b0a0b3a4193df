"""Damaged and hostile files in any number: sound and hostile ones, with something done to each."""

import random
import re
import zlib
from collections.abc import Callable, Iterator

from tests.support import pdf, pictures

Damage = Callable[[bytearray, random.Random], bytes | bytearray]

NUMBERS = (b"0", b"-1", b"65536", b"2147483648", b"18446744073709551616", b"9" * 400, b"1e308", b"0.0000001")
# Names that make a reader look elsewhere, or into itself.
WORDS = (
    b"/Catalog", b"/Pages", b"/Page", b"/Kids", b"/Parent", b"/Contents", b"/Length", b"/Filter /FlateDecode",
    b"/Filter [/ASCII85Decode /FlateDecode /LZWDecode]", b"/Prev 0", b"/XRefStm 9", b"/Encrypt 1 0 R", b"/ObjStm",
    b"/Type /XRef", b"/Names", b"/JS (app.alert\\(1\\))", b"/S /Launch", b"/EmbeddedFile",
    b"/JBIG2Decode", b"/JPXDecode",
)  # fmt: skip
OFFSPRING = 3


def hostile_files(count: int, seed: int) -> Iterator[bytes]:
    """That many PDF files, the same for the same seed: first the bare hostile ones, then damaged ones."""
    return _with_damaged(_seeds(), count, seed)


def hostile_pictures(count: int, seed: int) -> Iterator[bytes]:
    """That many JPEG and PNG files, as above."""
    return _with_damaged(_picture_seeds(), count, seed)


def _with_damaged(seeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    for number in range(count):
        yield seeds[number] if number < len(seeds) else _damaged(chance.choice(seeds), chance)


def _seeds() -> list[bytes]:
    return [
        pdf.bomb_pdf(),
        pdf.slow_pdf(),
        pdf.pdf_with_page_bomb(),
        pdf.encrypted_pdf(""),
        pdf.encrypted_pdf("secret"),
        pdf.pdf_with_attachment(),
        pdf.pdf_with_javascript(),
        pdf.pdf_with_javascript_in_an_object_stream(),
        pdf.pdf_with_launch_action(),
        pdf.pdf_with_submitting_form(),
        pdf.pdf_with_damaged_xref(),
        pdf.truncated_pdf(),
        pdf.make_pdf(pages=30),
        _pages_within_pages(),
        _endless_chain(),
        _deep_nest(b"["),
        _deep_nest(b"<< /A "),
        _nested_streams(),
    ]


def _picture_seeds() -> list[bytes]:
    return [
        pictures.bomb_png(),
        pictures.png_with_text_bomb(),
        pictures.png_without_pixels(),
        pictures.png_with_transparency(),
        pictures.png_of_sixteen_bits(),
        pictures.make_png(mode="P"),
        pictures.make_jpeg(),
        pictures.make_jpeg(progressive=True),
        pictures.turned_jpeg(6),
        pictures.jpeg_with_broken_exif(),
        pictures.jpeg_with_pdf_inside(),
        pictures.cmyk_jpeg(),
        pictures.twelve_bit_jpeg(),
    ]


def _damaged(data: bytes, chance: random.Random) -> bytes:
    body = bytearray(data)
    for _ in range(chance.randint(1, OFFSPRING)):
        body = bytearray(chance.choice(DAMAGES)(body, chance))
    return bytes(body)


def _flip(body: bytearray, chance: random.Random) -> bytearray:
    """Some bytes are others."""
    for _ in range(chance.randint(1, 40)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return body


def _move(body: bytearray, chance: random.Random) -> bytearray:
    """A piece is lost, doubled, or elsewhere."""
    start, end = sorted(chance.randrange(len(body)) for _ in range(2))
    piece, rest = body[start:end], body[:start] + body[end:]
    return chance.choice([rest, rest + piece, body[:end] + piece + body[end:]]) or body


def _cut(body: bytearray, chance: random.Random) -> bytearray:
    """The end is missing."""
    return body[: chance.randint(1, len(body))]


def _renumber(body: bytearray, chance: random.Random) -> bytes:
    """Numbers, references among them, are others."""
    return re.sub(
        rb"\d+", lambda found: chance.choice(NUMBERS) if chance.random() < 0.05 else found[0], bytes(body[:100_000])
    ) + bytes(body[100_000:])


def _reword(body: bytearray, chance: random.Random) -> bytes:
    """Words are put in."""
    places = [found.end() for found in re.finditer(rb"<<", bytes(body[:100_000]))] or [0]
    place = chance.choice(places)
    return bytes(body[:place]) + b" " + chance.choice(WORDS) + b" " + bytes(body[place:])


def _repeat(body: bytearray, chance: random.Random) -> bytearray:
    """A short piece comes a thousand times."""
    start = chance.randrange(len(body))
    return body[:start] + body[start : start + chance.randint(1, 60)] * 1000 + body[start:]


DAMAGES: tuple[Damage, ...] = (_flip, _move, _cut, _renumber, _reword, _repeat)


def _of_objects(*objects: bytes) -> bytes:
    """A file without a table of objects, which readers then make themselves."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, start=1))
    return pdf.HEADER + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def _pages_within_pages() -> bytes:
    return _of_objects(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>")


def _endless_chain() -> bytes:
    """Each table of objects names itself as the one before it."""
    start = len(pdf.HEADER)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R /Size 1 /Prev %d >>\n" % start
    return pdf.HEADER + table + b"startxref\n%d\n%%%%EOF\n" % start


def _deep_nest(opening: bytes) -> bytes:
    return _of_objects(b"<< /Type /Catalog /Pages 2 0 R /Names " + opening * 50_000 + b">>")


def _nested_streams() -> bytes:
    """A stream packed twenty times over."""
    data = bytes(1_000_000)
    for _ in range(20):
        data = zlib.compress(data)
    filters = b"/Filter [" + b"/FlateDecode " * 20 + b"]"
    stream = b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), filters, data)
    return _of_objects(
        b"<< /Type /Catalog /Pages 2 0 R /Names 3 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", stream
    )
