"""Archives under age (https://age-encryption.org/v1): anybody who has the key file opens them with `age --decrypt`."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Protocol

from pyrage import DecryptError, EncryptError, IdentityError, decrypt_io, encrypt_io, x25519

# How every age file begins.
MAGIC = b"age-encryption.org/v1\n"
SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - the word that a key begins with


class DecryptionError(Exception):
    """The key does not fit, or the stream is not as it was written."""


class Source(Protocol):
    """What can be read from start to end."""

    def read(self, size: int, /) -> bytes:
        """The next `size` bytes; fewer at the end only."""


def new_key(now: datetime) -> tuple[str, str]:
    """The text of a new key file, as `age-keygen` writes it, and the public key in it."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    return f"# created: {now.isoformat()}\n# public key: {public}\n{identity}\n", public


def is_key(text: str) -> bool:
    """Whether this is the text of a key file."""
    return any(line.startswith(SECRET) for line in text.splitlines())


@contextmanager
def encrypting(sink: IO[bytes], key: str) -> Iterator[IO[bytes]]:
    """A stream whose bytes reach `sink` encrypted for whoever holds `key`, the text of a key file.

    Raises DecryptionError where the text holds no key, and what `sink` raises.
    """
    recipient = _identity(key).to_public()
    source, stream = _pipe()

    def encrypt() -> None:
        with source:
            encrypt_io(source, sink, [recipient])

    with _beside(encrypt), stream:
        yield stream


@contextmanager
def decrypting(source: IO[bytes], key: str) -> Iterator[IO[bytes]]:
    """What `source` holds, decrypted with `key`, the text of a key file; to be read to its end.

    Raises DecryptionError, at the latest when the block ends, where key or bytes are not right.
    """
    identity = _identity(key)
    stream, sink = _pipe()

    def decrypt() -> None:
        with sink:
            decrypt_io(source, sink, [identity])

    with _beside(decrypt), stream:
        yield stream


def _identity(key: str) -> x25519.Identity:
    line = next((line for line in key.splitlines() if line.startswith(SECRET)), "")
    try:
        return x25519.Identity.from_str(line)
    except IdentityError as error:
        raise DecryptionError("the key file holds no key; `backup key` makes one") from error


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    read_end, write_end = os.pipe()
    return os.fdopen(read_end, "rb"), os.fdopen(write_end, "wb")


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Have `work` done in a thread while the block runs; what it raises is raised here, before what the block raises.

    The library pulls its bytes and writes the result, as does `tarfile`: a pipe between two threads joins them.
    """
    errors: list[Exception] = []

    def run() -> None:
        try:
            work()
        except BrokenPipeError:  # the block left before the end, and says itself why
            pass
        except Exception as error:
            errors.append(_told(error))

    thread = threading.Thread(target=run, name="age")
    thread.start()
    try:
        yield
    finally:
        thread.join()
        if errors:
            raise errors[0]


def _told(error: Exception) -> Exception:
    """What the library raised, by what it means here."""
    if isinstance(error, EncryptError):  # what the sink refused, in words only
        return OSError(str(error))
    # Bytes that are not as they were written come as an OSError that no system call made.
    if isinstance(error, DecryptError) or (isinstance(error, OSError) and error.errno is None):
        return DecryptionError("the key does not fit, or the archive is damaged or cut off")
    return error
