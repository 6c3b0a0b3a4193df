"""In which widths a picture is shown, and where lies what editors send."""

from collections.abc import Sequence

# In pixels. No other width is ever made, so that nobody can fill the disk with sizes they think of.
WIDTHS = (160, 320, 640, 1280)
# Below the folder of pictures: what editors have sent. The files neither know it nor take it away.
UPLOADS = "uploads/"


def uploaded_path(digest: str) -> str:
    """Where a picture lies that an editor has sent."""
    return f"{UPLOADS}{digest[:16]}.webp"


def is_uploaded(path: str) -> bool:
    """Whether an editor has sent the picture at this path."""
    return path.startswith(UPLOADS)


def shown_widths(width: int, wanted: Sequence[int] = WIDTHS) -> list[tuple[int, int]]:
    """The widths of `wanted` in which a picture of `width` is offered, each with the pixels that it then really has.

    A picture is never enlarged: the first width that holds all of it is the last one offered.
    """
    offered: list[tuple[int, int]] = []
    for step in sorted(wanted):
        offered.append((step, min(step, width)))
        if step >= width:
            break
    return offered


def shown_height(width: int, height: int, shown: int) -> int:
    """How high a picture is where it is shown `shown` pixels wide; at least one pixel."""
    return max(1, round(height * shown / width))
