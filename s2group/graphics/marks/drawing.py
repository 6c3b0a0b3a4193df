"""Drawing a subject in the manner that its group or area has chosen."""

from functools import lru_cache

from markupsafe import Markup

from s2group.graphics.marks.families import FAMILIES
from s2group.graphics.marks.plate import Plate
from s2group.graphics.marks.subject import Subject

# What a group may choose; with "none" nothing is drawn.
MOTIFS = (*FAMILIES, "none")


@lru_cache(maxsize=2048)
def strip(motif: str, subject: Subject, width: int = 320, height: int = 96) -> Markup:
    """A drawing along time; empty where the group draws none."""
    return _drawn(motif, subject, Plate(width, height), "")


@lru_cache(maxsize=2048)
def portrait(motif: str, subject: Subject, name: str, size: int = 64) -> Markup:
    """A ring round a surname; empty where the group draws none."""
    return _drawn(motif, subject, Plate(size, size, ring=True), name)


def _drawn(motif: str, subject: Subject, plate: Plate, name: str) -> Markup:
    if motif not in FAMILIES:
        return Markup("")
    FAMILIES[motif](plate, subject)
    return plate.svg(name)
