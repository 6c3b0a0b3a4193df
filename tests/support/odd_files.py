"""A museum of files: odd ones that viewers open, ones that nobody opens, and ones that ask for a password."""

import base64
import gzip
import io
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter

from tests.support import pdf, pictures

Files = Iterator[tuple[str, bytes]]
SOUND = pdf.make_pdf("Test Applicant 测试甲", pages=2)
BODY, TABLE = SOUND[: SOUND.rindex(b"xref\n0 ")], SOUND[SOUND.rindex(b"xref\n0 ") :]
TRAILER = TABLE[TABLE.index(b"trailer") :]
BOX = b"/MediaBox [0 0 595 842]"
NOISE = random.Random("museum").randbytes(20_000)
ALGORITHMS = ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")
VERSIONS = (b"1.0", b"1.1", b"1.3", b"1.6", b"1.7", b"1.9", b"2.0", b"3.0", b"1.", b"7.42")


def viewable() -> Files:
    """Odd files of which at least one common viewer shows pages."""
    yield from _written_otherwise()
    yield from _around_the_file()
    yield from _without_its_table()
    yield from _odd_pages()
    yield from _odd_trees()
    yield from _odd_contents()
    yield from _more_than_pages()
    yield from _open_to_all()
    yield from _odd_pictures()


def dead() -> Files:
    """Files of which no viewer shows anything."""
    yield from _no_documents()
    yield from _remains_of_a_pdf()
    yield from _pages_that_are_not_there()
    yield from _remains_of_a_picture()


def locked() -> Files:
    """PDF files that nobody reads without a password."""
    for algorithm in ALGORITHMS:
        secret = pdf.encrypted_pdf("a password", algorithm=algorithm)
        yield f"{algorithm}", secret
        yield f"{algorithm}, linearised", _saved(secret, password="a password", linearize=True, encryption=True)
        yield f"{algorithm}, noise before it", b"\r\n\r\n" + secret
        yield f"{algorithm}, noise after it", secret + NOISE
    for name, password in (("long", "p" * 100), ("one letter", "x"), ("blank", " "), ("Chinese", "密码")):
        yield f"a {name} password", pdf.encrypted_pdf(password)
    for revision in (2, 3, 4, 6):
        yield f"revision {revision}", _locked_by_qpdf(R=revision, aes=revision > 3, metadata=revision > 3)
    yield "readable metadata", _locked_by_qpdf(R=6, metadata=False)
    yield "nothing allowed", _locked_by_qpdf(R=6, allow=pikepdf.Permissions(extract=False, print_lowres=False))
    yield "packed objects", _saved(pdf.encrypted_pdf("a password"), password="a password", packed=True, encryption=True)


def _saved(data: bytes, *, password: str = "", packed: bool = False, encryption: bool = False, **how: object) -> bytes:
    out = io.BytesIO()
    if packed:
        how["object_stream_mode"] = pikepdf.ObjectStreamMode.generate
    with pikepdf.open(io.BytesIO(data), password=password) as document:
        document.save(out, encryption=encryption, **how)  # type: ignore[arg-type]
    return out.getvalue()


def _locked_by_qpdf(**how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SOUND)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user="user", **how))  # type: ignore[arg-type]
    return out.getvalue()


def _changed(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SOUND)) as document:
        change(document)
        document.save(out)
    return out.getvalue()


def _updated(data: bytes) -> bytes:
    """With a change appended, as viewers write a remark."""
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    writer.pages[0].rotate(90)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _swap(old: bytes, new: bytes) -> bytes:
    """The sound file with something else in the place of `old`; where its objects lie says its table no longer."""
    assert old in SOUND
    return SOUND.replace(old, new)


def _written_otherwise() -> Files:
    yield "linearised", _saved(SOUND, linearize=True)
    yield "linearised and changed", _updated(_saved(SOUND, linearize=True))
    yield "objects in streams", _saved(SOUND, packed=True)
    yield "objects in streams, linearised", _saved(SOUND, packed=True, linearize=True)
    yield "objects in streams, changed", _updated(_saved(SOUND, packed=True))
    yield "changed once", _updated(SOUND)
    yield "changed twice", _updated(_updated(SOUND))
    yield "by pypdf", _by_pypdf()
    yield "for reading", _saved(SOUND, qdf=True)
    yield "packed, its streams not", _saved(SOUND, packed=True, compress_streams=False)


def _by_pypdf() -> bytes:
    out = io.BytesIO()
    PdfWriter(clone_from=PdfReader(io.BytesIO(SOUND))).write(out)
    return out.getvalue()


def _around_the_file() -> Files:
    for version in VERSIONS:
        yield f"version {version.decode()}", SOUND.replace(b"%PDF-1.5", b"%PDF-" + version)
    yield "a mark of byte order before it", b"\xef\xbb\xbf" + SOUND
    yield "lines before it", b"\r\n\r\n\r\n" + SOUND
    yield "noise before it", b"\x01\x02\x03" * 250 + SOUND
    yield "a header of HTTP before it", b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + SOUND
    yield "zeros after it", SOUND + bytes(10_000)
    yield "noise after it", SOUND + NOISE
    yield "a web page after it", SOUND + b"<html><body>Downloaded</body></html>"
    yield "itself after it", SOUND + SOUND
    yield "no line for programs", SOUND.replace(b"%\xe2\xe3\xcf\xd3\n", b"")


def _without_its_table() -> Files:
    yield "no table", BODY + TRAILER
    yield "no table, no trailer", BODY
    yield "no end", SOUND.replace(b"%%EOF\n", b"")
    yield "no startxref", SOUND[: SOUND.rindex(b"startxref")]
    yield "startxref 0", re.sub(rb"startxref\n\d+", b"startxref\n0", SOUND)
    yield "startxref far away", re.sub(rb"startxref\n\d+", b"startxref\n99999999", SOUND)
    yield "startxref a little off", re.sub(rb"startxref\n\d+", b"startxref\n%d" % (len(BODY) + 3), SOUND)
    yield "all objects free", pdf.pdf_with_damaged_xref()
    yield "objects elsewhere", SOUND.replace(b"%\xe2\xe3\xcf\xd3\n", b"%\xe2\xe3\xcf\xd3 and more than there was\n")
    yield "a table cut off", SOUND[: len(BODY) + 60]
    yield "a wrong size", re.sub(rb"/Size \d+", b"/Size 3", SOUND)
    yield "lines of another system", BODY + TABLE.replace(b"\n", b"\r\n")


def _odd_pages() -> Files:
    boxes = {
        "as large as is allowed": b"[0 0 14400 14400]", "larger than is allowed": b"[0 0 200000 200000]",
        "tiny": b"[0 0 3 3]", "beside zero": b"[-500 -500 95 342]", "upside down": b"[595 842 0 0]",
        "with fractions": b"[0.0 0.0 595.276 841.89]", "very wide": b"[0 0 14000 10]",
    }  # fmt: skip
    for name, box in boxes.items():
        yield f"a page {name}", _swap(BOX, b"/MediaBox " + box)
    yield "pages without a box", _swap(BOX, b"")
    yield "a box for all pages", _swap(BOX, b"").replace(b"/Type /Pages", b"/Type /Pages " + BOX)
    for turn in (90, 180, 270, 45, -90):
        yield f"turned by {turn}", _swap(BOX, BOX + b" /Rotate %d" % turn)
    yield "a unit of its own", _swap(BOX, BOX + b" /UserUnit 10")
    yield "cropped to nothing in it", _swap(BOX, BOX + b" /CropBox [5000 5000 6000 6000]")
    yield "three hundred pages", pdf.make_pdf("many", pages=300)


def _odd_trees() -> Files:
    yield "a count of none", _swap(b"/Count 2", b"/Count 0")
    yield "a count of many", _swap(b"/Count 2", b"/Count 99")
    yield "no count", _swap(b"/Count 2", b"")
    yield "pages that are not called so", _swap(b"/Type /Page ", b"")
    yield "a catalogue that is not called so", _swap(b"/Type /Catalog", b"")
    yield "no parents", _swap(b"/Parent 2 0 R", b"")
    yield "a child that is not there", _swap(b"/Kids [5 0 R", b"/Kids [5 0 R 99 0 R")
    yield "an object twice", SOUND.replace(b"1 0 obj", b"1 0 obj\n<< /Old true >>\nendobj\n1 0 obj", 1)


def _odd_contents() -> Files:
    yield "pages without contents", re.sub(rb"/Contents \d+ 0 R", b"", SOUND)
    yield "contents that are not there", re.sub(rb"/Contents \d+ 0 R", b"/Contents 99 0 R", SOUND)
    yield "contents in pieces", re.sub(rb"/Contents (\d+ 0 R)", rb"/Contents [\1 \1]", SOUND)
    yield "a wrong length", re.sub(rb"/Length \d+", b"/Length 5", SOUND)
    yield "no length", re.sub(rb"/Length \d+", b"", SOUND)
    yield "no end of a stream", SOUND.replace(b"\nendstream", b"")
    yield "no end of an object", SOUND.replace(b"\nendobj", b"")
    yield "a filter nobody knows", re.sub(rb"(/Length \d+)", rb"\1 /Filter /Unknown", SOUND)
    yield "a stream that is not packed as it says", re.sub(rb"(/Length \d+)", rb"\1 /Filter /FlateDecode", SOUND)
    yield "a font that is not there", _swap(b"/F1 3 0 R", b"/F1 99 0 R")
    yield "another encoding of Chinese", _swap(b"/UniGB-UCS2-H", b"/GBK-EUC-H")
    yield "an encoding nobody knows", _swap(b"/UniGB-UCS2-H", b"/NoSuch-Encoding-H")
    yield "traditional Chinese", _swap(b"/UniGB-UCS2-H", b"/UniCNS-UCS2-H")
    for mode in ("L", "RGB", "CMYK"):
        yield f"a scan, {mode}", _scan(mode)


def _scan(mode: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), pictures.RED).convert(mode).save(out, "PDF")
    return out.getvalue()


def _more_than_pages() -> Files:
    yield "a portfolio with a cover", _changed(_make_portfolio)
    yield "a form", _changed(_make_form)
    yield "a form with XFA", _changed(_make_xfa)
    yield "a signature", _changed(_make_signature)
    yield "made for archives", _changed(_make_archive)
    yield "metadata that is none", _changed(_break_metadata)
    yield "layers", _changed(_make_layers)
    yield "an outline that is none", _swap(b"/Type /Catalog", b"/Type /Catalog /Outlines 99 0 R")
    yield "an attachment", pdf.pdf_with_attachment()
    yield "a script", pdf.pdf_with_javascript()
    yield "a form that sends itself", pdf.pdf_with_submitting_form()


def _make_portfolio(document: pikepdf.Pdf) -> None:
    document.attachments["paper.txt"] = pikepdf.AttachedFileSpec(document, b"a paper", filename="paper.txt")
    document.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection, View=pikepdf.Name.D)


def _make_form(document: pikepdf.Pdf, **more: Any) -> None:
    field = document.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="name", V="测试甲",
        Rect=[100, 100, 300, 120],
    ))  # fmt: skip
    document.pages[0].Annots = pikepdf.Array([field])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[field], NeedAppearances=True, **more)


def _make_xfa(document: pikepdf.Pdf) -> None:
    _make_form(document, XFA=document.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>"))


def _make_signature(document: pikepdf.Pdf) -> None:
    signed = document.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T="signature", Rect=[0, 0, 0, 0],
        V=pikepdf.Dictionary(Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), Contents=b"\x30\x00",
                             ByteRange=[0, 10, 20, 30]),
    ))  # fmt: skip
    document.pages[0].Annots = pikepdf.Array([signed])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=[signed], SigFlags=3)


def _make_archive(document: pikepdf.Pdf) -> None:
    with document.open_metadata() as metadata:
        metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "2", "B"
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFA1, OutputConditionIdentifier="sRGB"
    )
    document.Root.OutputIntents = pikepdf.Array([intent])


def _break_metadata(document: pikepdf.Pdf) -> None:
    document.Root.Metadata = document.make_stream(b"<x:xmpmeta <<< not XML")


def _make_layers(document: pikepdf.Pdf) -> None:
    layer = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="layer"))
    document.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))


def _open_to_all() -> Files:
    for algorithm in ALGORITHMS:
        yield f"open to all, {algorithm}", pdf.encrypted_pdf("", algorithm=algorithm)
    for revision in (2, 3, 4, 6):
        how = {"R": revision, "aes": revision > 3, "metadata": revision > 3}
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(SOUND)) as document:
            document.save(out, encryption=pikepdf.Encryption(owner="owner", user="", **how))  # type: ignore[arg-type]
        yield f"open to all, revision {revision}", out.getvalue()


def _odd_pictures() -> Files:
    for orientation in range(1, 9):
        yield f"turned {orientation}", pictures.turned_jpeg(orientation)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        yield f"PNG {mode}", pictures.make_png(mode=mode)
    yield "JPEG for printers", pictures.cmyk_jpeg()
    yield "JPEG in steps", pictures.make_jpeg(progressive=True)
    yield "JPEG in grey", _picture(Image.new("L", (300, 300), 90), "JPEG")
    yield "JPEG without saving colours", pictures.make_jpeg(subsampling=0, quality=100)
    yield "JPEG, broken EXIF", pictures.jpeg_with_broken_exif()
    yield "JPEG, a PDF in it", pictures.jpeg_with_pdf_inside()
    yield "JPEG, a web page after it", pictures.jpeg_then_html()
    yield "JPEG, cut off", pictures.truncated(pictures.make_jpeg())
    yield "JPEG in steps, cut off", pictures.truncated(pictures.make_jpeg(progressive=True))
    yield "JPEG, a byte short", pictures.make_jpeg()[:-1]
    yield "JPEG, its last scan broken", pictures.jpeg_with_broken_last_scan()
    yield "JPEG, very wide", pictures.make_jpeg((20_000, 20))
    yield "JPEG, one dot", pictures.make_jpeg((1, 2))
    yield "PNG, 16 bits", pictures.png_of_sixteen_bits()
    yield "PNG, transparent", pictures.png_with_transparency()
    yield "PNG, cut off", pictures.truncated(pictures.make_png())
    yield "PNG, noise after it", pictures.make_png() + NOISE
    yield "PNG, moving", _moving_png()
    yield "PNG, remarks", _png_with_remarks()


def _picture(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def _moving_png() -> bytes:
    frames = [Image.new("RGB", (60, 60), colour) for colour in (pictures.RED, pictures.BLUE)]
    return _picture(frames[0], "PNG", save_all=True, append_images=frames[1:])


def _png_with_remarks() -> bytes:
    remarks = PngImagePlugin.PngInfo()
    remarks.add_itxt("Comment", "测试甲", zip=True)
    return _picture(Image.new("RGB", (60, 60), pictures.RED), "PNG", pnginfo=remarks)


def _no_documents() -> Files:
    begins = {
        "a Word document": b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml",
        "an older one": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "RTF": b"{\\rtf1\\ansi ", "7z": b"7z\xbc\xaf\x27\x1c", "RAR": b"Rar!\x1a\x07\x01\x00", "BMP": b"BM\x36\x00",
        "TIFF": b"II*\x00\x08\x00", "WebP": b"RIFF\x00\x10\x00\x00WEBPVP8 ", "a film": b"\x00\x00\x00\x18ftypmp42",
        "a program": b"MZ\x90\x00", "PostScript": b"%!PS-Adobe-3.0\n", "JSON": b'{"error": "not found"}',
        "data of a form": b"%FDF-1.2\n", "a mail": b"From: test@example.org\r\nSubject: CV\r\n\r\n",
    }  # fmt: skip
    for name, head in begins.items():
        yield name, head + bytes(2000)
    yield "a web page", b"<!doctype html><html><body>Sign in to download</body></html>"
    yield "a web page with a PDF in it", b"<html><pre>" + SOUND
    yield "an archive with a PDF in it", b"PK\x03\x04" + SOUND
    yield "plain text", "个人简历\n测试甲".encode()
    yield "noise", NOISE
    yield "zeros", bytes(5000)
    yield "a PDF as text", base64.b64encode(SOUND)
    yield "a PDF, packed", gzip.compress(SOUND)
    yield "a PDF in UTF-16", SOUND.decode("latin-1").encode("utf-16")
    yield "GIF", pictures.gif()
    yield "SVG", pictures.svg()
    yield "HEIC", pictures.heic()


def _remains_of_a_pdf() -> Files:
    packed = _saved(SOUND, packed=True)
    yield "a header", b"%PDF-1.7\n"
    yield "a header and words", b"%PDF-1.7\nand nothing more"
    yield "a header and noise", b"%PDF-1.7\n" + NOISE
    yield "a header and zeros", b"%PDF-1.7\n" + bytes(100_000)
    yield "a header and an end", b"%PDF-1.7\n%%EOF\n"
    yield "a header and a web page", b"%PDF-1.4\n<html>Error 500</html>"
    yield "half a PDF", pdf.truncated_pdf()
    yield "the first object", SOUND[:90]
    yield "only the end", b"%PDF-1.5\n" + TABLE
    yield "packed, its first third", packed[: len(packed) // 3]
    yield "packed, its bytes taken for letters", packed.decode("utf-8", "replace").encode()
    yield "objects without numbers", re.sub(rb"\d+ 0 obj", b"", SOUND)
    yield "zeros after its first object", SOUND[:90] + bytes(len(SOUND))


def _pages_that_are_not_there() -> Files:
    yield "no pages", pdf.pageless_pdf()
    yield "an empty tree", _swap(b"/Kids [5 0 R 7 0 R]", b"/Kids []")
    yield "a tree of nothing", _swap(b"/Kids [5 0 R 7 0 R]", b"/Kids [98 0 R 99 0 R]")
    yield "a tree that holds itself", _swap(b"/Kids [5 0 R 7 0 R]", b"/Kids [2 0 R]")


def _remains_of_a_picture() -> Files:
    jpeg, png = pictures.make_jpeg(), pictures.make_png()
    yield "30 bytes of JPEG", pictures.headless(jpeg)
    yield "30 bytes of PNG", pictures.headless(png)
    yield "JPEG before its scan", pictures.without_scan(jpeg)
    yield "JPEG, begun and ended", b"\xff\xd8\xff\xd9"
    yield "JPEG and noise", b"\xff\xd8\xff" + NOISE
    yield "JPEG and zeros", jpeg[:20] + bytes(5000)
    yield "PNG and noise", b"\x89PNG\r\n\x1a\n" + NOISE
    yield "PNG and zeros", png[:33] + bytes(5000)
    yield "PNG without pixels", pictures.png_without_pixels()
    yield "PNG, its bytes taken for letters", png.decode("utf-8", "replace").encode()
