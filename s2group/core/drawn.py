"""Drawn pictures kept on disk, so that each is drawn once."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from s2group.core.disk import put_whole

# Goes up when a drawing changes its looks, so that what is kept of it is drawn anew.
LOOKS = 1


def kept_drawing(folder: Path, name: str, ending: str, says: object, draw: Callable[[], bytes]) -> Path:
    """The file of the drawing `name` that says `says`, drawn now if it is not there; an older one of it is removed.

    `says` is known by its repr. Raises OSError.
    """
    mark = sha256(name.encode()).hexdigest()[:24]
    path = folder / f"{mark}-{sha256(repr((LOOKS, says)).encode()).hexdigest()[:24]}{ending}"
    if not path.exists():
        put_whole(path, draw())
        for older in folder.glob(f"{mark}-*{ending}"):
            if older != path:
                older.unlink(missing_ok=True)
    return path
