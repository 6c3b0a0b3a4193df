"""Recordings: their files, and pages on which they are heard."""

from typing import TypeVar

from flask import Response, abort, request, send_file

from s2group.content.samples.models import Sample
from s2group.content.samples.queries import sample_with_sound
from s2group.content.samples.rules import MEDIA_TYPES, as_clock, ending_of
from s2group.core.headers import A_YEAR, let_sounds_play
from s2group.core.i18n import ENGLISH_PREFIX, plain_text, public_url
from s2group.core.permissions import public
from s2group.documents.store import store
from s2group.site.views.blueprint import blueprint

T = TypeVar("T")


@blueprint.get("/sounds/<sha256>.<ending>")
@public
def sound(sha256: str, ending: str) -> Response:
    """A recording, whole or in parts. What is behind an address never changes, so it is asked for once."""
    sample = sample_with_sound(sha256, ending) or abort(404)
    if not store.has(sha256):
        abort(404)
    with store.local(sha256) as path:  # it is opened by then
        name = f"{sample.key}.{ending}"
        response = send_file(path, MEDIA_TYPES[f".{ending}"], download_name=name, etag=sha256, max_age=A_YEAR)
    response.cache_control.immutable = True
    return response


def heard(samples: T) -> T:
    """The samples of the page being made, which may play sounds if there are any."""
    if samples:
        let_sounds_play()
    return samples


def audio_object(sample: Sample) -> dict[str, str]:
    """A sample as schema.org describes recordings."""
    ending = ending_of(sample.file)
    data = {
        "@type": "AudioObject",
        "name": plain_text(sample.title),
        "contentUrl": public_url("site.sound", locale="zh", sha256=sample.sha256, ending=ending[1:]),
        "encodingFormat": MEDIA_TYPES[ending],
        "duration": f"PT{sample.seconds}S",
        "transcript": plain_text(sample.transcript),
        "license": sample.licence,
    }
    return {name: value for name, value in data.items() if value}


@blueprint.app_template_global()
def sound_address(sample: Sample) -> str:
    """Where the sound is, the same in both languages, so that a browser loads it once."""
    root = request.script_root.removesuffix(ENGLISH_PREFIX)
    return f"{root}/sounds/{sample.sha256}{ending_of(sample.file)}"


blueprint.add_app_template_filter(as_clock)
