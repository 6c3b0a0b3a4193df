"""A sealed stream opens under its passphrase, whole and unchanged, or not at all."""

import io

import pytest

from s2group.backup.encryption import CHUNK, MAGIC, SALT_BYTES, TAG_BYTES, Opener, Sealer, SealError

PASSPHRASE = "four plain words together"
HEAD = len(MAGIC) + SALT_BYTES
SEALED_CHUNK = CHUNK + TAG_BYTES


def sealed(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    sink = io.BytesIO()
    sealer = Sealer(sink, passphrase)
    for start in range(0, len(data), 700_001):
        sealer.write(data[start : start + 700_001])
    sealer.close()
    return sink.getvalue()


def opened(stream: bytes, passphrase: str = PASSPHRASE) -> bytes:
    assert stream.startswith(MAGIC)
    opener, parts = Opener(io.BytesIO(stream[len(MAGIC) :]), passphrase), []
    while part := opener.read(300_007):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_opens_again(size: int) -> None:
    data = bytes(number % 251 for number in range(997)) * (size // 997 + 1)
    assert opened(sealed(data[:size])) == data[:size]


def test_the_same_bytes_are_never_sealed_the_same_way_twice() -> None:
    assert sealed(b"twice") != sealed(b"twice")


def test_nothing_of_the_bytes_shows() -> None:
    assert b"applicant" not in sealed(b"applicant" * 1000)


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(SealError):
        opened(sealed(b"secret"), "four other words together")


def test_chunks_cannot_be_cut_off_moved_repeated_left_out_or_added() -> None:
    stream = sealed(b"s" * (2 * CHUNK) + b"end")
    head, first, second, last = (
        stream[:HEAD],
        stream[HEAD : HEAD + SEALED_CHUNK],
        stream[HEAD + SEALED_CHUNK : HEAD + 2 * SEALED_CHUNK],
        stream[HEAD + 2 * SEALED_CHUNK :],
    )
    assert opened(head + first + second + last) == b"s" * (2 * CHUNK) + b"end"
    for wrong in (
        head + first + second,
        head + first,
        head + first + second + last[:-1],
        head + second + first + last,
        head + first + first + second + last,
        head + first + last,
        head + first + second + last + last,
        head + first + second + last + b"\0",
        head + last,
    ):
        with pytest.raises(SealError):
            opened(wrong)


@pytest.mark.parametrize("place", [len(MAGIC), HEAD - 1, HEAD, HEAD + SEALED_CHUNK - 1, HEAD + SEALED_CHUNK, -1])
def test_no_bit_can_be_flipped(place: int) -> None:
    stream = bytearray(sealed(b"s" * (CHUNK + 5)))
    stream[place] ^= 1
    with pytest.raises(SealError):
        opened(bytes(stream))
