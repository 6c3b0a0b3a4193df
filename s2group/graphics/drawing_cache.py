"""Drawn pictures kept on disk, so that each is drawn once."""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from s2group.core.disk import write_atomically

# Goes up when a drawing changes its looks, so that what is kept of it is drawn anew.
LOOKS = 1


def kept_drawing(folder: Path, name: str, ending: str, says: object, draw: Callable[[], bytes]) -> tuple[bytes, str]:
    """The drawing `name` that says `says`, and a mark of both; drawn now if it is not kept, and an older one removed.

    `says` is known by its repr.
    """
    mark = sha256(name.encode()).hexdigest()[:24]
    path = folder / f"{mark}-{sha256(repr((LOOKS, says)).encode()).hexdigest()[:24]}{ending}"
    with suppress(OSError):  # not kept yet, or removed a moment ago by who draws it anew
        return path.read_bytes(), path.stem
    data = draw()
    with suppress(OSError):  # on a full disk it is drawn again each time
        write_atomically(path, data)
        for older in folder.glob(f"{mark}-*{ending}"):
            if older != path:
                older.unlink(missing_ok=True)
    return data, path.stem
