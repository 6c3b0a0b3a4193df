"""A stream under a passphrase: AES-256-GCM over numbered chunks, the key made by scrypt.

MAGIC, a random salt, then chunks of CHUNK bytes, each with its tag; the last is shorter, perhaps empty. A chunk's
nonce is its number and whether it is the last one, so that none can be altered, left out, moved, added or repeated
unnoticed. The salt makes every archive's key its own, so no nonce serves twice under one key.
"""

import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"S2 sealed archive 1\n"
CHUNK = 1024 * 1024
SALT_BYTES = 16
TAG_BYTES = 16
KEY_BYTES = 32
# 128 MiB and some tenths of a second for each guess at the passphrase (RFC 7914; OWASP's figures).
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1


class SealError(Exception):
    """The passphrase does not fit, or the stream is not as it was written."""


class Source(Protocol):
    """What can be read from start to end."""

    def read(self, size: int, /) -> bytes:
        """The next `size` bytes; fewer at the end only."""


class Sink(Protocol):
    """What can be written to."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


class Sealer:
    """A sink that seals what it gets into another; `close` writes the last chunk, and leaves the other open."""

    def __init__(self, sink: Sink, passphrase: str) -> None:
        salt = os.urandom(SALT_BYTES)
        sink.write(MAGIC + salt)
        self._sink = sink
        self._cipher = _cipher(passphrase, salt)
        self._buffer = bytearray()
        self._number = 0

    def write(self, data: bytes) -> int:
        """Seal every chunk that is full and cannot be the last."""
        self._buffer += data
        while len(self._buffer) > CHUNK:
            self._seal(bytes(self._buffer[:CHUNK]), last=False)
            del self._buffer[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Seal the rest."""
        self._seal(bytes(self._buffer), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._sink.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, None))
        self._number += 1


class Opener:
    """A source that opens a sealed one, whose MAGIC was read already. Reading raises SealError."""

    def __init__(self, source: Source, passphrase: str) -> None:
        self._source = source
        self._cipher = _cipher(passphrase, source.read(SALT_BYTES))
        self._ahead = self._read_chunk()
        self._buffer = bytearray()
        self._number = 0

    def read(self, size: int) -> bytes:
        """The next `size` bytes of what was sealed; fewer at the end only."""
        while len(self._buffer) < size and self._ahead:
            self._buffer += self._open()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _open(self) -> bytes:
        chunk, self._ahead = self._ahead, self._read_chunk()
        try:
            opened = self._cipher.decrypt(_nonce(self._number, last=not self._ahead), chunk, None)
        except InvalidTag as error:
            raise SealError("the passphrase does not fit, or the archive is damaged or cut off") from error
        self._number += 1
        return opened

    def _read_chunk(self) -> bytes:
        return self._source.read(CHUNK + TAG_BYTES)


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    key = Scrypt(salt, KEY_BYTES, SCRYPT_N, SCRYPT_R, SCRYPT_P).derive(passphrase.encode())
    return AESGCM(key)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
