"""What counts as a PDF, and what of a file's name is fit to show."""

import unicodedata

# Where viewers look for the header.
HEADER_WINDOW = 1024
PDF_HEADER = b"%PDF-"
ZIP_HEADER = b"PK\x03\x04"
NAME_LENGTH = 255
EXTENSION_LENGTH = 16
UNNAMED = "document.pdf"
# Control, format (the bidirectional ones among them), lone surrogate, line and paragraph separator.
UNSHOWABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def is_pdf(head: bytes) -> bool:
    """Whether a file that begins with `head` is a PDF, whatever its name says.

    Viewers put up with some bytes before the header; an archive or a web page that only holds a PDF is none.
    """
    before, header, _ = head[:HEADER_WINDOW].partition(PDF_HEADER)
    return bool(header) and not before.startswith(ZIP_HEADER) and not _is_markup(before)


def display_name(original_name: str) -> str:
    """A file's name as its owner knows it, without folders or characters that could deceive a reader.

    At most 255 characters; a long name loses the end of its stem, never its extension.
    """
    last = original_name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in last if unicodedata.category(char) not in UNSHOWABLE)
    name = unicodedata.normalize("NFC", shown).strip()
    return _shortened(name) if name.strip(".") else UNNAMED


def _is_markup(before: bytes) -> bool:
    return before.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > EXTENSION_LENGTH:
        return name[:NAME_LENGTH]
    ending = dot + extension
    return stem[: NAME_LENGTH - len(ending)] + ending
