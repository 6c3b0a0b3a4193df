"""Looks into one PDF, or draws one of its pages, in a process of its own that may be killed at any time.

Run by file path, isolated, with the PDF as standard input:

    inspector.py inspect        one JSON object a line, each adding to what is known:
                                {"encrypted": true} or {"pages": 3}, then {"findings": [...]}
    inspector.py draw <page>    the page (from 1) as a WebP image
    inspector.py text           what the pages say, in UTF-8, a form feed after each page

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
LONGEST_SIDE = 2000
QUALITY = 85
LONGEST_TEXT = 100_000
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
    """What a reader should know of a PDF, step by step. Raises whatever the parsers raise."""
    pages = _count_pages(data)
    if pages is None:
        yield {"encrypted": True}
        return
    yield {"pages": pages}
    yield {"findings": sorted(set(_findings(data)))}


def draw(data: bytes, page: int) -> bytes:
    """Page `page` (from 1) as a WebP image on white, with its form fields. Raises whatever pdfium raises."""
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    sheet = document[page - 1]
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, LONGEST_SIDE / max(sheet.get_size()))
    image = io.BytesIO()
    sheet.render(scale=scale).to_pil().save(image, "WEBP", quality=QUALITY, method=2)
    return image.getvalue()


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
        sys.stdout.buffer.write(draw(data, int(sys.argv[2])))


if __name__ == "__main__":
    main()
