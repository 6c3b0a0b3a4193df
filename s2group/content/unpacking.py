"""The texts of a ZIP of content files, read without unpacking it: nothing of it ever becomes a file of its own name."""

import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from os import SEEK_END
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from flask_babel import lazy_gettext

from s2group.content.publications.bibtex_import import text_of_anybody
from s2group.content.records.errors import ContentError
from s2group.core.text import visible

# Of a ZIP: its entries, what its list of them may take, and all texts together.
MOST_ENTRIES = 20_000
MOST_BYTES_OF_LIST = 5_000_000
MOST_BYTES = 10_000_000
# What is at the end of each ZIP, behind its list, and what announces another, larger form of it.
END, END_SIZE, LARGER = b"PK\x05\x06", 22, b"PK\x06\x07"
# A folder that holds all, as programs add it that pack a folder.
OUTER = re.compile(r"\A[^/.][^/]*/")
IS_ENCRYPTED = 0x1


def texts_in(file: IO[bytes], name: str, wanted: Collection[str]) -> dict[str, str]:
    """What stands in a ZIP that is called `name` in files of the `wanted` names, and of wanted folders, ending in /.

    Raises ContentError where it is no such ZIP, or larger than any content is.
    """
    _expect_small_list(file, name)
    try:
        with ZipFile(file) as packed:
            entries = _wanted_entries(packed.infolist(), name, wanted)
            data = dict(_read(packed, entries))
    except (BadZipFile, NotImplementedError, EOFError, zlib.error, OSError, ValueError, RuntimeError) as error:
        raise _unreadable(name) from error
    return {path: as_typed(text, path) for path, text in data.items()}


def as_typed(data: bytes, place: str) -> str:
    """The text of a file in whatever encoding, without signs that nobody sees. Raises ContentError."""
    return visible(text_of_anybody(data, place)[0]).replace("\r", "")


def _unreadable(name: str) -> ContentError:
    return ContentError(name, lazy_gettext("this is no ZIP that can be read"), lazy_gettext("Pack the files again"))


def _too_large(place: str) -> ContentError:
    remedy = lazy_gettext("Leave pictures, papers and sounds out, or load single files")
    return ContentError(place, lazy_gettext("there is too much in it"), remedy)


def _expect_small_list(file: IO[bytes], name: str) -> None:
    """Before the list is read: it may hold a million entries in little space."""
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - END_SIZE - len(LARGER) - 16 - 0xFFFF))
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or LARGER in tail[:at] or len(tail) < at + END_SIZE:
        raise _unreadable(name)
    if (
        int.from_bytes(tail[at + 10 : at + 12], "little") > MOST_ENTRIES
        or int.from_bytes(tail[at + 12 : at + 16], "little") > MOST_BYTES_OF_LIST
    ):
        raise _too_large(name)
    file.seek(0)


def _wanted_entries(entries: list[ZipInfo], name: str, wanted: Collection[str]) -> dict[str, ZipInfo]:
    found: dict[str, ZipInfo] = {}
    for entry in entries:
        path = _path(entry.filename, wanted)
        if path is None:
            continue
        if path in found:
            raise ContentError(
                name,
                lazy_gettext("%(path)s stands there twice", path=path),
                lazy_gettext("Pack the files again"),
            )
        if entry.flag_bits & IS_ENCRYPTED:
            raise _unreadable(name)
        found[path] = entry
    return found


def _path(written: str, wanted: Collection[str]) -> str | None:
    """Which of the content files an entry is; None where it is none."""
    for path in (written, OUTER.sub("", written, count=1)):
        folder, _, _name = path.rpartition("/")
        if path in wanted or (re.fullmatch(r"\w+/[a-z0-9-]+\.toml", path) and f"{folder}/" in wanted):
            return path
    return None


def _read(packed: ZipFile, entries: Mapping[str, ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """However small it is packed, no more is read than is allowed, whatever the list says of its size."""
    left = MOST_BYTES
    for path, entry in entries.items():
        with packed.open(entry) as opened:
            data = opened.read(left + 1)
        left -= len(data)
        if left < 0:
            raise _too_large(path)
        yield path, data
