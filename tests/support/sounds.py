"""Small sounds, and a recording in the record."""

import io
import wave
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from s2group.content.group.models import ResearchArea
from s2group.content.publications.models import Publication
from s2group.content.samples.models import Sample
from s2group.content.stored_files.models import ContentFile
from s2group.core.localized import LocalizedText
from s2group.documents.models import Document
from s2group.documents.store import store

# MPEG-1, layer III, 32 kbit/s, 44.1 kHz, one channel: 104 bytes for 1152 samples.
MPEG_FRAME = bytes.fromhex("fffb10c4").ljust(104, b"\0")


def make_wav(seconds: float, rate: int = 100) -> bytes:
    """Silence of so many seconds."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(b"\x80" * round(seconds * rate))
    return out.getvalue()


def make_mp3(seconds: float) -> bytes:
    """Empty frames of so many seconds."""
    return MPEG_FRAME * round(seconds * 44_100 / 1152)


def make_opus(seconds: int) -> bytes:
    """The first and the last page of an Ogg stream: who reads them knows how long the rest would play."""
    head = b"OpusHead\x01\x01\0\0" + (48_000).to_bytes(4, "little") + b"\0\0\0"
    return _page(2, 0, head) + _page(0, 0, b"OpusTags" + b"\0" * 8) + _page(4, seconds * 48_000, b"\0")


def _page(kind: int, granule: int, data: bytes) -> bytes:
    return b"OggS\0" + bytes([kind]) + granule.to_bytes(8, "little") + bytes(12) + bytes([1, len(data)]) + data


def make_m4a(seconds: int) -> bytes:
    """The headers of an MP4 file that plays for so long."""
    length = (1000).to_bytes(4, "big") + (seconds * 1000).to_bytes(4, "big")
    return _box(b"ftyp", b"M4A \0\0\0\0") + _box(b"moov", _box(b"mvhd", bytes(12) + length + bytes(80)))


def _box(name: bytes, data: bytes) -> bytes:
    return (len(data) + 8).to_bytes(4, "big") + name + data


def add_sample(session: Session, *, now: datetime) -> Sample:
    """A recording of the paper jia2026first and of every research area, whose file is in the store."""
    data = make_wav(7)
    sha256 = store.put(io.BytesIO(data))
    paper = session.scalars(select(Publication).where(Publication.key == "jia2026first")).one()
    sample = Sample(
        key="a-sample", position=90, title=LocalizedText(zh="一段录音", en="A recording"), file="a-sample.wav",
        sha256=sha256, seconds=7, transcript=LocalizedText(zh="录音里说的话。"),
        speaker=LocalizedText(en="A synthetic voice"), licence="CC BY 4.0", publications=[paper],
        areas=list(session.scalars(select(ResearchArea))),
    )  # fmt: skip
    document = Document(
        token="of-a-sample", sha256=sha256, size=len(data), original_name=sample.file, media_type="audio/wav",
        inspection="checked", findings=[], stored_at=now, inspections=1,
    )  # fmt: skip
    session.add_all([sample, ContentFile(path=f"sounds/{sample.file}", document=document)])
    return sample
