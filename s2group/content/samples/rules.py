"""Sounds: what browsers play, and how their length is written."""

from pathlib import PurePath

# By the endings of their names.
MEDIA_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}
# Of an MPEG frame: eleven bits that are set, and which of its layers it is.
SYNC, LAYER, THIRD_LAYER = 0xFFE0, 0x0006, 0x0002


def ending_of(path: str) -> str:
    """The ending of a file's name, with its dot."""
    return PurePath(path).suffix


def begins_like(ending: str, head: bytes) -> bool:
    """Whether a file whose first dozen bytes these are is what the ending of its name says."""
    match ending:
        case ".mp3":
            word = int.from_bytes(head[:2], "big")
            return head.startswith(b"ID3") or (word & SYNC == SYNC and word & LAYER == THIRD_LAYER)
        case ".m4a":
            return head[4:8] == b"ftyp"
        case ".wav":
            return head.startswith(b"RIFF") and head[8:12] == b"WAVE"
    return head.startswith(b"OggS")


def as_clock(seconds: int) -> str:
    """A length as players show it: 7 seconds are 0:07."""
    return f"{seconds // 60}:{seconds % 60:02d}"
