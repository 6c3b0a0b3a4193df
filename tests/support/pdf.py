"""PDF files for tests: good, strange and hostile ones, written byte by byte."""

import io
import zlib
from collections.abc import Iterable

import pypdfium2
from pypdf import PdfReader, PdfWriter

HEADER = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
CATALOG, PAGES, FONT, GLYPHS = 1, 2, 3, 4
FIRST_FREE = 5
# How large the streams of a bomb become, in mebibytes.
BOMB_SIZE = 4096


def texts_of(pdf: bytes) -> list[str]:
    """What each page says, as a browser reads it: pypdf sees a blank before a J that stands close to its neighbour."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def make_pdf(text: str = "Test Applicant 测试甲", *, pages: int = 1) -> bytes:
    """A sound PDF that says `text` (Chinese or Latin, lines parted by \\n) on each of its pages."""
    return _assemble(_objects(text, pages))


def padded_pdf(size: int) -> bytes:
    """A sound PDF of exactly `size` bytes (at least a thousand)."""
    objects = _objects("padded", 1)
    return _assemble(objects, padding=size - len(_assemble(objects)))


def encrypted_pdf(password: str, *, algorithm: str = "AES-256") -> bytes:
    """A PDF that opens with `password`; with the empty one any viewer opens it without asking."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf("secret"))))
    writer.encrypt(user_password=password, owner_password="the owner's", algorithm=algorithm)
    return _written(writer)


def pdf_with_javascript() -> bytes:
    """A PDF that runs a script when it is opened."""
    return _assemble(_objects("script", 1, catalog=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"))


def pdf_with_launch_action() -> bytes:
    """A PDF that would start a program when it is opened."""
    return _assemble(_objects("launch", 1, catalog=b"/OpenAction << /S /Launch /F (calc.exe) >>"))


def pdf_with_submitting_form() -> bytes:
    """A PDF that would send its form fields to an address when it is opened."""
    action = b"/OpenAction << /S /SubmitForm /F << /FS /URL /F (http://example.org/) >> >>"
    return _assemble(_objects("form", 1, catalog=action))


def pdf_with_attachment() -> bytes:
    """A PDF that carries another file."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf("carrier"))))
    writer.add_attachment("carried.txt", b"carried")
    return _written(writer)


def pdf_with_javascript_in_an_object_stream() -> bytes:
    """A PDF as many programs write it: its objects lie compressed in a stream, with a script among them."""
    objects = _objects("packed", 1, catalog=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")
    *packed, content = objects
    starts = [sum(len(each) + 1 for each in packed[:index]) for index in range(len(packed))]
    index = b" ".join(b"%d %d" % pair for pair in enumerate(starts, start=1)) + b" "
    last, carrier, table = len(objects), len(objects) + 1, len(objects) + 2
    entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(packed), len(index))
    out = HEADER + b"%d 0 obj\n%s\nendobj\n" % (last, content)
    at_carrier = len(out)
    out += b"%d 0 obj\n%s\nendobj\n" % (carrier, _stream(zlib.compress(index + b" ".join(packed)), entries))
    rows = [
        (0, 0, 255),
        *((2, carrier, place) for place in range(len(packed))),
        (1, len(HEADER), 0),
        (1, at_carrier, 0),
    ]
    rows.append((1, len(out), 0))
    data = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(4, "big") + more.to_bytes(1, "big") for kind, at, more in rows
    )
    entries = b"/Type /XRef /Size %d /W [1 4 1] /Root %d 0 R" % (len(rows), CATALOG)
    return out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, _stream(data, entries), len(out))


def bomb_pdf() -> bytes:
    """A few megabytes whose table of objects inflates to gigabytes, which a reader must do to open it."""
    sound = _assemble(_objects("bomb", 1))
    body = sound[: sound.rindex(b"\nxref\n") + 1]
    entries = b"/Type /XRef /Size 9 /W [1 2 1] /Root %d 0 R /Filter /FlateDecode" % CATALOG
    table = _stream(deflated_zeros(BOMB_SIZE), entries)
    return body + b"9 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def pdf_with_page_bomb() -> bytes:
    """A sound PDF whose only page inflates to gigabytes when it is drawn."""
    objects = _objects("bomb", 1)
    objects[-1] = _stream(deflated_zeros(BOMB_SIZE), b"/Filter /FlateDecode")
    return _assemble(objects)


def pdf_that_is_slow_to_draw() -> bytes:
    """A sound PDF of some 4 kB whose page takes longer to draw than anybody waits: forms that show each other twice."""
    objects = _objects("drawn", 1)
    first, depth = len(objects) + 1, 24
    objects[-2] = objects[-2].replace(b"/Resources <<", b"/Resources << /XObject << /X %d 0 R >>" % first)
    objects[-1] = _stream(b"/X Do")
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
    for number in range(first, first + depth):
        objects.append(_stream(b"/X Do /X Do", form + b" /Resources << /XObject << /X %d 0 R >> >>" % (number + 1)))
    objects.append(_stream(b"0 0 595 842 re f", form))
    return _assemble(objects)


def slow_pdf() -> bytes:
    """A sound PDF of so many nested objects that no inspection gets through them in time."""
    return _assemble([*_objects("slow", 1), *[b"[" * 200 + b"]" * 200] * 22_000])


def truncated_pdf() -> bytes:
    """The first half of a PDF."""
    whole = make_pdf("cut off")
    return whole[: len(whole) // 2]


def pageless_pdf() -> bytes:
    """A whole PDF without any page; what it lacks might be there for a reader that is better at guessing."""
    return HEADER + b"1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R /Size 2 >>\nstartxref\n0\n%%EOF\n"


def pdf_with_damaged_xref() -> bytes:
    """A PDF whose table of objects points nowhere; viewers rebuild the table."""
    body, keyword, table = make_pdf("damaged").rpartition(b"\nxref\n")
    return body + keyword + table.replace(b"00000 n", b"00000 f").replace(b"startxref\n0", b"startxref\n9")


def deflated_zeros(mebibytes: int) -> bytes:
    """That many mebibytes of zeros, compressed in a moment: one flushed block, said over and over."""
    compressor = zlib.compressobj(9, wbits=-15)
    first = compressor.compress(bytes(1024**2)) + compressor.flush(zlib.Z_FULL_FLUSH)
    block = compressor.compress(bytes(1024**2)) + compressor.flush(zlib.Z_FULL_FLUSH)
    # Adler-32 of n zeros: its low half stays 1, its high half counts them.
    checksum = (mebibytes * 1024**2 % 65521) << 16 | 1
    return b"\x78\xda" + first + block * (mebibytes - 1) + b"\x03\x00" + checksum.to_bytes(4, "big")


def _objects(text: str, pages: int, *, catalog: bytes = b"") -> list[bytes]:
    page_numbers = range(FIRST_FREE, FIRST_FREE + 2 * pages, 2)
    kids = b" ".join(b"%d 0 R" % number for number in page_numbers)
    objects = [
        b"<< /Type /Catalog /Pages %d 0 R %s >>" % (PAGES, catalog),
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [%d 0 R] >>"
        % GLYPHS,
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor << /Type /FontDescriptor"
        b" /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120"
        b" /CapHeight 880 /StemV 93 >> >>",
    ]
    for number in page_numbers:
        objects.append(
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 %d 0 R >> >> >>" % (PAGES, number + 1, FONT)
        )
        objects.append(_stream(_content(text)))
    return objects


def _content(text: str) -> bytes:
    lines = [b"<%s> Tj T*" % line.encode("utf-16-be").hex().encode() for line in text.split("\n")]
    return b"BT /F1 14 Tf 20 TL 60 760 Td " + b" ".join(lines) + b" ET"


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def _assemble(objects: Iterable[bytes], *, padding: int = 0) -> bytes:
    out = io.BytesIO()
    out.write(HEADER)
    if padding:
        out.write(b"%" + b"." * (padding - 2) + b"\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    # Ten digits always, so that padding changes nothing but itself.
    out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%010d\n%%%%EOF\n" % (len(offsets) + 1, CATALOG, table))
    return out.getvalue()


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
