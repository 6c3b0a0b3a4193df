"""sounds/: the files of recordings, looked at before anything is loaded."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask_babel import lazy_gettext
from tinytag import TinyTag, TinyTagException

from s2group.content.records.errors import ContentError
from s2group.content.samples.rules import begins_like, ending_of

FOLDER = "sounds"
# Minutes of speech as MP3, and less than a minute of WAV in the quality of a CD.
MOST_BYTES = 8_000_000


@dataclass(frozen=True)
class Sound:
    """A file that browsers play."""

    sha256: str
    seconds: int


def sound_at(folder: Path, path: str) -> Sound:
    """The sound at `path` below the folder of sounds. Raises ContentError."""
    file, place = folder / FOLDER / path, f"{FOLDER}/{path}"
    data = _bytes(file, place)
    if not begins_like(ending_of(path), data[:12]):
        raise ContentError(
            place,
            lazy_gettext("the file is not what its ending says"),
            lazy_gettext("Save it again as .mp3, .m4a, .ogg or .wav"),
        )
    return Sound(sha256(data).hexdigest(), _seconds(file, place))


def _bytes(file: Path, place: str) -> bytes:
    try:
        if not file.is_file():
            raise ContentError(
                place,
                lazy_gettext("the file is missing"),
                lazy_gettext("Put it there, or correct its name in samples.toml"),
            )
        if (size := file.stat().st_size) > MOST_BYTES:
            raise ContentError(
                place,
                lazy_gettext("the file has %(count)s bytes", count=size),
                lazy_gettext("Make it smaller than %(count)s", count=MOST_BYTES),
            )
        return file.read_bytes()
    except OSError as error:
        raise ContentError(
            place,
            lazy_gettext("the file cannot be read: %(strerror)s", strerror=error.strerror),
            lazy_gettext("Mend it, or take it out"),
        ) from error


def _seconds(file: Path, place: str) -> int:
    """In whole seconds; what is shorter counts as one."""
    try:
        length = TinyTag.get(file, tags=False).duration
    except (TinyTagException, OSError):
        length = None
    if not length:
        raise ContentError(
            place,
            lazy_gettext("nobody can tell for how long it plays"),
            lazy_gettext("Save it again, or in another format"),
        )
    return max(1, round(length))
