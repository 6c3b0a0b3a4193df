"""Keeps the parsers loaded, and forks a confined child for each file: a few milliseconds in place of Python's start.

Run with a socket as standard input. Each message is a JSON object with two open files beside it:

    {"do": ["inspect"], "seconds": 7}           the file to look at, and a pipe for the answer

    inspect                       one JSON object a line, each adding to what is known (see `looking.inspect`)
    draw <page> <width> <height>  the page (from 1) as a WebP image that fits into so many pixels
    redact <page> <width> <height> <words>  the same with words, a JSON list, blacked out; empty where that cannot be
    measure                       width and height of a picture as it is shown, a JSON list; it is read whole
    in-width <width>              a picture as WebP, at most so many pixels wide
    text                          what the pages say, in UTF-8, a form feed after each page
    bind                          several files, as `binding.bind` takes them, as one PDF
    missing                       a JSON list of what the kernel lacks to confine the child (see `confinement.missing`)

An answer that does not end with END is not whole: the child gave up, and said so by GAVE_UP, or was killed, after so
many seconds at the latest.
The server ends, and kills what it has started, when the other end of its socket is closed; a child dies with it.
"""

import gc
import json
import os
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from select import select
from time import monotonic
from typing import IO

from . import binding, confinement, looking

END = b"\n\0END"
GAVE_UP = b"\n\0GAVE UP"
# The words that are to be blacked out may be some hundreds.
LONGEST_MESSAGE = 128 * 1024
REAPING_SECONDS = 0.1


def serve() -> None:
    """Answer until nobody can ask any more."""
    lacking = confinement.missing()
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as control:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        children: dict[int, float] = {}
        while _serve_next(control, children, lacking):
            _reap(children)
    _kill(children)


def _serve_next(control: socket.socket, children: dict[int, float], lacking: Sequence[str]) -> bool:
    """Start what is asked for next, if anything is; whether anybody is there to ask."""
    ready, _, _ = select([control], [], [], REAPING_SECONDS if children else None)
    if not ready:
        return True
    message, files, _, _ = socket.recv_fds(control, LONGEST_MESSAGE, 2)
    if message:
        request = json.loads(message)
        children[_fork(request["do"], files, lacking)] = monotonic() + request["seconds"]
    for file in files:
        os.close(file)
    return bool(message)


def _fork(do: Sequence[str], files: Sequence[int], lacking: Sequence[str]) -> int:
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        confinement.die_with_parent(parent)
        _answer(do, files, lacking)
        os._exit(0)
    finally:
        os._exit(1)


def _answer(do: Sequence[str], files: Sequence[int], lacking: Sequence[str]) -> None:
    """In the child: keep the file and the pipe, give up everything else, and do as told."""
    for target, file in enumerate(files):
        os.dup2(file, target)
    os.closerange(3, confinement.OPEN_FILES)
    confinement.confine(lacking)
    with os.fdopen(1, "wb") as out:
        try:
            _act(do, out, lacking)
        except Exception:  # whatever a parser raises
            out.write(GAVE_UP)
        else:
            out.write(END)


def _act(do: Sequence[str], out: IO[bytes], lacking: Sequence[str]) -> None:
    with os.fdopen(0, "rb") as file:
        data = file.read()
    if do[0] == "inspect":
        for known in looking.inspect(data):
            out.write(json.dumps(known).encode() + b"\n")
            out.flush()
    elif do[0] == "draw":
        page, width, height = map(int, do[1:])
        out.write(looking.draw(data, page, (width, height)))
    elif do[0] == "redact":
        page, width, height = map(int, do[1:4])
        out.write(looking.redact(data, page, (width, height), json.loads(do[4])))
    elif do[0] == "measure":
        out.write(json.dumps(looking.measure(data)).encode())
    elif do[0] == "in-width":
        out.write(looking.in_width(data, int(do[1])))
    elif do[0] == "bind":
        out.write(binding.bind(data))
    elif do[0] == "text":
        out.write(looking.text(data).encode("utf-8", "replace"))
    else:
        out.write(json.dumps(lacking).encode())


def _reap(children: dict[int, float]) -> None:
    """Bury the dead, and kill whoever has had its time."""
    for child, deadline in list(children.items()):
        if os.waitpid(child, os.WNOHANG)[0]:
            del children[child]
        elif monotonic() > deadline:
            os.kill(child, signal.SIGKILL)


def _kill(children: dict[int, float]) -> None:
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
