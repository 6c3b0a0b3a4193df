"""What samples.toml says, the files that it names, and the pages where they are heard."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.kinds import KINDS
from s2group.content.loading import load_content
from s2group.content.records.errors import ContentError
from s2group.content.records.models import Revision
from s2group.content.samples.models import Sample
from s2group.content.samples.sounds import MOST_BYTES
from s2group.content.stored_files.queries import stored_hashes
from s2group.core.headers import CONTENT_SECURITY_POLICY
from s2group.documents.store import read_bytes, store
from s2group.extensions import db
from tests.support.headings import headings
from tests.support.queries import recorded_statements
from tests.support.sample import NOW, SAMPLE
from tests.support.sounds import make_m4a, make_mp3, make_opus, make_wav

ENTRY = """
[[items]]
key = "hello"
title = { en = "Hello" }
file = "speech/hello.wav"
transcript = { zh = "你好。\\n再见。" }
speaker = { en = "A synthetic voice" }
licence = "CC BY 4.0"
papers = ["jia2026first"]
lines = ["first-line"]
"""
PAPER, AREA = "/en/publications/jia2026first/", "/en/research/first-line/"
HEARD = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """The sample's content with a recording, not loaded yet."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "content"))
    (folder / "sounds" / "speech").mkdir(parents=True)
    (folder / "sounds/speech/hello.wav").write_bytes(make_wav(6.6))
    (folder / "samples.toml").write_text(ENTRY)
    return folder


def address() -> str:
    sample = db.session.scalars(select(Sample)).one()
    return f"/sounds/{sample.sha256}.wav"


def test_a_recording_is_heard_where_it_belongs_and_its_words_are_read(folder: Path, client: FlaskClient) -> None:
    group = folder / "group.toml"
    group.write_text(f'{group.read_text()}\n[[selected]]\npaper = "jia2026first"\nsays = {{ en = "One." }}\n')
    load_content(folder, now=NOW)
    for page in (PAPER, AREA, "/en/"):
        answer = client.get(page)
        [player] = re.findall(r'<figure class="sound">.*?</figure>', answer.text, re.S)
        assert " ".join(player.split()) == (
            '<figure class="sound"> <figcaption> <span id="sound-hello">Hello</span> '
            '<time class="quiet" datetime="PT7S">0:07</time> </figcaption> '
            f'<audio controls preload="none" src="{address()}" aria-labelledby="sound-hello"></audio> '
            '<p class="quiet"> Speaker: A synthetic voice · Licence: CC BY 4.0 </p> '
            '<details> <summary>Text of the recording<span class="sr"> Hello</span></summary> '
            '<p class="text words" lang="zh-CN">你好。 再见。</p> </details> </figure>'
        )
        assert answer.headers["Content-Security-Policy"] == HEARD
    assert "Listen" in headings(client.get(PAPER).text, "h2")
    for page in ("/en/publications/ding2023third/", "/en/research/second-line/", "/en/publications/", "/en/nothing/"):
        answer = client.get(page)
        assert ("<audio" in answer.text, "Listen" in answer.text) == (False, False)
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_the_search_finds_it_by_its_words_and_leads_to_where_it_is_heard(folder: Path, client: FlaskClient) -> None:
    more = [f'key = "{key}"\ntitle = {{ en = "{key}" }}\n' for key in ("hello-again", "of-an-area")]
    again, of_area = [ENTRY.replace('key = "hello"\ntitle = { en = "Hello" }\n', each) for each in more]
    of_area = of_area.replace('papers = ["jia2026first"]\n', "")
    counts = []
    for said in (ENTRY, ENTRY + again + of_area):
        (folder / "samples.toml").write_text(said)
        load_content(folder, now=NOW)
        with recorded_statements() as statements:
            page = client.get("/en/search/?q=再见").text
        counts.append(len(statements))
    found = re.findall(r'<a href="(.*?)">\s*<span(?: lang="en")?>(.*?)</span>', page.partition("Recordings")[2])
    assert [tuple(each) for each in found] == [
        (f"{PAPER}#sound-hello", "Hello"), (f"{PAPER}#sound-hello-again", "hello-again"),
        (f"{AREA}#sound-of-an-area", "of-an-area"),
    ]  # fmt: skip
    assert all(f'id="{link.partition("#")[2]}"' in client.get(link).text for link, _title in found)
    assert counts[0] == counts[1]


def test_search_engines_are_told_of_it(folder: Path, client: FlaskClient) -> None:
    load_content(folder, now=NOW)
    [article] = [
        found
        for found in map(
            json.loads, re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(PAPER).text)
        )
        if "audio" in found
    ]
    assert article["audio"] == [
        {
            "@type": "AudioObject",
            "name": "Hello",
            "contentUrl": f"http://127.0.0.1:8000{address()}",
            "encodingFormat": "audio/wav",
            "duration": "PT7S",
            "transcript": "你好。\n再见。",
            "license": "CC BY 4.0",
        }
    ]


def test_the_file_is_served_from_the_store_whole_and_in_parts(folder: Path, client: FlaskClient) -> None:
    load_content(folder, now=NOW)
    data = (folder / "sounds/speech/hello.wav").read_bytes()
    shutil.rmtree(folder / "sounds")
    with client.get(address()) as whole:
        assert (whole.status_code, whole.data, whole.content_type) == (200, data, "audio/wav")
        assert whole.headers["Accept-Ranges"] == "bytes"
        assert set(whole.headers["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
    with client.get(address(), headers={"Range": "bytes=0-1"}) as part:  # what Safari asks for first
        assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"RI", f"bytes 0-1/{len(data)}")
    with client.get(address(), headers={"Range": f"bytes={len(data)}-"}) as beyond:
        assert beyond.status_code == 416
    assert client.get(address().replace(".wav", ".mp3")).status_code == 404
    assert client.get(f"/sounds/{'0' * 64}.wav").status_code == 404
    store.delete(address()[len("/sounds/") : -len(".wav")])
    assert client.get(address()).status_code == 404


@pytest.mark.parametrize(
    ("name", "made", "seconds", "media"),
    [
        ("a.mp3", make_mp3(61), 61, "audio/mpeg"),
        ("a.m4a", make_m4a(7), 7, "audio/mp4"),
        ("a.ogg", make_opus(7), 7, "audio/ogg"),
        ("a.opus", make_opus(8), 8, "audio/ogg"),
        ("a.wav", make_wav(0.1), 1, "audio/wav"),
    ],
)
def test_its_length_is_read_from_the_file(
    folder: Path, client: FlaskClient, name: str, made: bytes, seconds: int, media: str
) -> None:
    (folder / "sounds" / name).write_bytes(made)
    (folder / "samples.toml").write_text(ENTRY.replace("speech/hello.wav", name))
    load_content(folder, now=NOW)
    sample = db.session.scalars(select(Sample)).one()
    assert sample.seconds == seconds
    with client.get(f"/sounds/{sample.sha256}.{name.partition('.')[2]}") as answer:
        assert (answer.status_code, answer.content_type) == (200, media)


def test_another_file_of_the_same_name_takes_its_place_and_what_is_taken_out_is_gone(folder: Path) -> None:
    assert load_content(folder, now=NOW).samples == 1
    before = stored_hashes()["sounds/speech/hello.wav"]
    (folder / "sounds/speech/hello.wav").write_bytes(make_wav(75))
    load_content(folder, now=NOW)
    sample = db.session.scalars(select(Sample)).one()
    assert (sample.seconds, sample.sha256) == (75, stored_hashes()["sounds/speech/hello.wav"])
    assert (read_bytes(sample.sha256), store.has(before)) == (make_wav(75), False)
    assert load_content(folder, now=NOW).changes == []
    (folder / "samples.toml").unlink()
    assert load_content(folder, now=NOW).samples == 0
    assert db.session.scalars(select(Sample)).all() == []
    assert [path for path in stored_hashes() if path.startswith("sounds/")] == []


def test_a_version_that_knows_no_recordings_and_back_again(folder: Path) -> None:
    load_content(folder, now=NOW)
    before = stored_hashes()
    db.session.remove()
    [migration] = Path("migrations/versions").glob("*_samples.py")
    flask_migrate.downgrade(revision=f"{migration.name[:4]}-1")
    kinds = set(db.session.scalars(select(Revision.kind)))
    assert (kinds <= KINDS.keys(), "sample" in kinds, "release" in kinds) == (True, False, True)
    db.session.remove()
    flask_migrate.upgrade()
    assert (db.session.scalars(select(Sample)).all(), stored_hashes()) == ([], before)
    [change] = load_content(folder, now=NOW).changes
    assert (change.what, change.kind, change.key) == ("added", "sample", "hello")
    assert db.session.scalars(select(Sample.seconds)).all() == [7]


HELLO, ITEM = "sounds/speech/hello.wav", "samples.toml, items no. 1"


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda file: file.unlink(), f"{HELLO}: the file is missing"),
        (lambda file: file.write_bytes(b""), f"{HELLO}: the file is not what its ending says"),
        (lambda file: file.write_bytes(make_mp3(1)), f"{HELLO}: the file is not what its ending says"),
        (lambda file: file.write_bytes(make_wav(0)), f"{HELLO}: nobody can tell for how long it plays"),
        (lambda file: file.write_bytes(make_wav(1)[:20]), f"{HELLO}: nobody can tell for how long it plays"),
        (lambda file: file.write_bytes(b"0" * (MOST_BYTES + 1)), f"{HELLO}: the file has 8000001 bytes"),
    ],
)
def test_a_file_that_cannot_be_played_is_named(folder: Path, spoil: Callable[[Path], object], complaint: str) -> None:
    spoil(folder / HELLO)
    with pytest.raises(ContentError) as raised:
        load_content(folder, now=NOW)
    assert str(raised.value).startswith(complaint)
    assert stored_hashes() == {}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('transcript = { zh = "你好。\\n再见。" }', "", "transcript is missing"),
        (
            '{ zh = "你好。\\n再见。" }',
            '{ zh = " " }',
            "transcript is empty. Fill in Chinese (zh), English (en) or both",
        ),
        ("speech/hello.wav", "speech/hello.flac", "file is 'speech/hello.flac'. Write its path below sounds/"),
        ("speech/hello.wav", "../hello.wav", "file is '../hello.wav'. Write its path below sounds/"),
        ('["jia2026first"]', '["nothing"]', "papers names 'nothing', which is not known"),
        ('["first-line"]', '["nothing"]', "lines names 'nothing', which is not known"),
        ('papers = ["jia2026first"]\nlines = ["first-line"]', "", "it belongs to no paper and no area"),
        ('key = "hello"', "", "key is missing"),
    ],
)
def test_a_mistake_is_said_with_its_place(folder: Path, old: str, new: str, complaint: str) -> None:
    (folder / "samples.toml").write_text(ENTRY.replace(old, new))
    with pytest.raises(ContentError) as raised:
        load_content(folder, now=NOW)
    assert str(raised.value).startswith(f"{ITEM}: {complaint}")
