"""Several stored files and a PDF of ours, bound into one PDF in the confined child process."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO

from s2group.documents.sandbox import Sandbox
from s2group.documents.store import store

# Together they are read into memory: what is larger stays beside.
MOST_BYTES = 48 * 1024 * 1024
sandbox = Sandbox(seconds=12, most_bytes=2 * MOST_BYTES)


class NotBoundError(RuntimeError):
    """The files could not be bound: they are too large together, or the parsers gave up."""


def bind(first: bytes, digests: Sequence[str]) -> tuple[bytes, set[int]]:
    """`first`, a PDF of ours, with the stored files behind it; and the places among `digests` of what is left out.

    A file that the store has lost, or that the parsers cannot read, is left out. Raises NotBoundError.
    """
    there = [number for number, digest in enumerate(digests) if store.has(digest)]
    with TemporaryDirectory(prefix="s2-bind-") as folder:
        path = Path(folder) / "parts"
        with path.open("wb") as target:
            _write(target, first, [digests[number] for number in there])
        answer = sandbox.ask(path, "bind")
    if not answer.complete:
        raise NotBoundError
    head, _, bound = answer.output.partition(b"\n")
    skipped = {there[number - 1] for number in json.loads(head)}
    return bound, skipped | (set(range(len(digests))) - set(there))


def _write(target: IO[bytes], first: bytes, digests: Sequence[str]) -> None:
    with ExitStack() as stack:
        paths = [stack.enter_context(store.local(digest)) for digest in digests]
        sizes = [len(first), *(path.stat().st_size for path in paths)]
        if sum(sizes) > MOST_BYTES:
            raise NotBoundError
        target.write(json.dumps(sizes).encode() + b"\n" + first)
        for path in paths:
            with path.open("rb") as file:
                copyfileobj(file, target)
