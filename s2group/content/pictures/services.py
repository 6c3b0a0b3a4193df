"""Pictures of the group as browsers get them: WebP in a few widths, upright, without what the camera noted."""

from contextlib import suppress
from pathlib import Path

from flask import current_app, request
from sqlalchemy import select

from s2group.content.pictures.models import Picture
from s2group.content.pictures.rules import WIDTHS, shown_height, shown_widths
from s2group.core.disk import write_atomically
from s2group.core.i18n import ENGLISH_PREFIX
from s2group.documents import images
from s2group.documents.store import store
from s2group.extensions import db


def picture_file(picture: Picture, width: int) -> bytes | None:
    """The picture as WebP, at most `width` pixels wide and never larger than it is; drawn once, then kept.

    None where `width` is none of WIDTHS, the store does not have the picture, or it cannot be drawn, which is kept as
    well. Raises NotInTimeError where the child process does not draw it within some seconds.
    """
    if width not in WIDTHS:
        return None
    with suppress(FileNotFoundError):  # not in the store
        return _read_or_draw(picture, width) or None
    return None


def draw_missing() -> int:
    """Draw what pages show of every picture and is not kept yet, so that no visitor waits; how many that were."""
    pictures = db.session.scalars(select(Picture)).all()
    db.session.expunge_all()
    db.session.rollback()  # drawing may take minutes: hold no view of the database meanwhile
    wanted = ((picture, step) for picture in pictures for step, _shown in shown_widths(picture.width))
    return sum(_draw_ahead(picture, step) for picture, step in wanted if not _place(picture, step).exists())


def forget_pictures(known: set[str]) -> None:
    """Remove what is kept of pictures whose digests are not among `known`; what the disk will not let go of stays."""
    try:
        for kept in _cache().glob("*.webp"):
            if kept.name.partition("-")[0] not in known:
                kept.unlink(missing_ok=True)
    except OSError as error:
        current_app.logger.warning("old copies of pictures could not be removed: %s", error)


def picture_sources(picture: Picture, widths: tuple[int, ...] = WIDTHS) -> list[tuple[str, int, int]]:
    """Address, width and height of the picture in those of `widths` that make sense for it, the smallest first.

    The addresses are the same in both languages, so that a browser loads a picture once.
    """
    root = request.script_root.removesuffix(ENGLISH_PREFIX)
    return [
        (f"{root}/pictures/{picture.digest}-{step}.webp", shown, shown_height(picture.width, picture.height, shown))
        for step, shown in shown_widths(picture.width, widths)
    ]


def _cache() -> Path:
    data_dir: Path = current_app.config["DATA_DIR"]
    return data_dir / "cache" / "pictures"


def _place(picture: Picture, width: int) -> Path:
    return _cache() / f"{picture.digest}-{width}.webp"


def _read_or_draw(picture: Picture, width: int) -> bytes:
    try:
        return _place(picture, width).read_bytes()
    except FileNotFoundError:
        return _draw(picture, width, somebody_waits=True)


def _draw_ahead(picture: Picture, width: int) -> bool:
    try:
        _draw(picture, width, somebody_waits=False)
    except (FileNotFoundError, images.NotInTimeError) as error:
        current_app.logger.warning("picture %s was not drawn: %s", picture.digest, type(error).__name__)
        return False
    return True


def _draw(picture: Picture, width: int, *, somebody_waits: bool) -> bytes:
    """Draw and keep it; empty where it cannot be drawn."""
    with store.local(picture.digest) as path:
        drawn = images.in_width(path, width, somebody_waits=somebody_waits) or b""
    with suppress(OSError):  # on a full disk it is drawn again each time
        write_atomically(_place(picture, width), drawn)
    return drawn
