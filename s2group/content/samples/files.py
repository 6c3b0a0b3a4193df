"""samples.toml: recordings that the group lets visitors hear, and where they are heard."""

import re
from dataclasses import dataclass
from pathlib import Path

from flask_babel import lazy_gettext

from s2group.content.records.entries import Entry, TomlTables
from s2group.content.records.errors import ContentError
from s2group.content.records.fields import NO_TEXT, Known, Localized, References, Slug, Text
from s2group.content.records.kinds import Kind, Values
from s2group.content.records.loading import Loader
from s2group.content.samples.models import Sample
from s2group.content.samples.rules import MEDIA_TYPES
from s2group.content.samples.sounds import Sound, sound_at

PATH_LENGTH = 200
NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
PATH = re.compile(rf"({NAME}/)*{NAME}({'|'.join(map(re.escape, MEDIA_TYPES))})")


def _belongs_somewhere(values: Values, place: str) -> None:
    if not values["papers"] and not values["lines"]:
        raise ContentError(
            place,
            lazy_gettext("it belongs to no paper and no area"),
            lazy_gettext("Name a paper or a research area: it is heard there"),
            field="papers",
        )


SAMPLE = Kind(
    "sample",
    Sample,
    key="key",
    fields=(
        Slug("key"),
        Localized("title"),
        Text(
            "file",
            longest=PATH_LENGTH,
            shape=PATH,
            remedy=lazy_gettext(
                "Write its path below sounds/ in Latin letters and digits, ending in %(words)s",
                words=", ".join(MEDIA_TYPES),
            ),
        ),
        Localized("transcript"),
        Localized("speaker", NO_TEXT),
        Text("licence", "", longest=60),
        References("papers", (), "publications", kind="publication"),
        References("lines", (), "areas", kind="research_area"),
    ),
    check=_belongs_somewhere,
)
SAMPLES = TomlTables(SAMPLE, "samples.toml", optional=True)


@dataclass(frozen=True)
class Recordings:
    """The samples, and the sounds that they name by their paths."""

    samples: list[Entry]
    sounds: dict[str, Sound]


def read_samples(folder: Path) -> Recordings:
    """The samples of a folder, each with a file that can be played. Raises ContentError at the first mistake."""
    samples = SAMPLES.read(folder)
    return Recordings(samples, {path: sound_at(folder, path) for path in (entry.values["file"] for entry in samples)})


def store_samples(loader: Loader, recordings: Recordings, known: Known) -> None:
    """Make the database know the samples, and what their files hold now."""
    for row in loader.load(SAMPLE, recordings.samples, known):
        if sound := recordings.sounds.get(row.file):
            row.sha256, row.seconds = sound.sha256, sound.seconds
