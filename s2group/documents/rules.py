"""What kind of file this is by its content, and what of its name is fit to show."""

import unicodedata

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
# What a résumé may be, and what any other document may be.
PDF_ONLY = frozenset({PDF})
PDF_OR_PICTURE = frozenset(EXTENSIONS)
# Where viewers look for the header.
HEADER_WINDOW = 1024
PDF_HEADER = b"%PDF-"
JPEG_HEADER = b"\xff\xd8\xff"
PNG_HEADER = b"\x89PNG\r\n\x1a\n"
ZIP_HEADER = b"PK\x03\x04"
NAME_LENGTH = 255
EXTENSION_LENGTH = 16
UNNAMED = "document"
# Control, format (the bidirectional ones among them), lone surrogate, line and paragraph separator.
UNSHOWABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def media_type(head: bytes) -> str | None:
    """What a file that begins with `head` is, whatever its name says: PDF, JPEG, PNG, or None.

    A picture is known by its first bytes, also where a PDF follows them.
    """
    if head.startswith(JPEG_HEADER):
        return JPEG
    if head.startswith(PNG_HEADER):
        return PNG
    return PDF if is_pdf(head) else None


def extension(media_type: str) -> str:
    """How the names of such files end, without the dot. Raises KeyError for a kind that is not taken."""
    return EXTENSIONS[media_type]


def is_pdf(head: bytes) -> bool:
    """Whether a file that begins with `head` is a PDF, whatever its name says.

    Viewers put up with some bytes before the header; an archive or a web page that only holds a PDF is none.
    """
    before, header, _ = head[:HEADER_WINDOW].partition(PDF_HEADER)
    return bool(header) and not before.startswith(ZIP_HEADER) and not _is_markup(before)


def display_name(original_name: str, media_type: str = PDF) -> str:
    """A file's name as its owner knows it, without folders or characters that could deceive a reader.

    `media_type` tells how a file without a name is called. At most 255 characters; a long
    name loses the end of its stem, never its extension.
    """
    last = original_name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in last if unicodedata.category(char) not in UNSHOWABLE)
    name = unicodedata.normalize("NFC", shown).strip()
    return _shortened(name) if name.strip(".") else f"{UNNAMED}.{extension(media_type)}"


def _is_markup(before: bytes) -> bool:
    return before.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > EXTENSION_LENGTH:
        return name[:NAME_LENGTH]
    ending = dot + extension
    return stem[: NAME_LENGTH - len(ending)] + ending
