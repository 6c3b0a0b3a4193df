"""Reads the archives that were made under a passphrase, before age: AES-256-GCM over numbered chunks, key by scrypt.

MAGIC, a random salt, then chunks of CHUNK bytes, each with its tag; the last is shorter, perhaps empty. A chunk's
nonce is its number and whether it is the last one, so that none can be altered, left out, moved, added or repeated
unnoticed. The salt makes every archive's key its own, so no nonce serves twice under one key.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from s2group.backup.encryption import DecryptionError, Source

MAGIC = b"S2 sealed archive 1\n"
CHUNK = 1024 * 1024
SALT_BYTES = 16
TAG_BYTES = 16
KEY_BYTES = 32
# 128 MiB and some tenths of a second for each guess at the passphrase (RFC 7914; OWASP's figures).
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1


class PassphraseReader:
    """The bytes of such an archive. Reading raises DecryptionError."""

    def __init__(self, source: Source, passphrase: str) -> None:
        self._source = source
        source.read(len(MAGIC))
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
            raise DecryptionError("the passphrase does not fit, or the archive is damaged or cut off") from error
        self._number += 1
        return opened

    def _read_chunk(self) -> bytes:
        return self._source.read(CHUNK + TAG_BYTES)


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    key = Scrypt(salt, KEY_BYTES, SCRYPT_N, SCRYPT_R, SCRYPT_P).derive(passphrase.encode())
    return AESGCM(key)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
