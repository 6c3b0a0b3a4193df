"""The group's own record as it is in content/, with as many papers and photos more as somebody needs."""

import csv
import io
import random
import shutil
from pathlib import Path

from PIL import Image

from config import ROOT
from s2group.content.records.rules import slug_of

# As long, and with about as many members and links, as the group's own; the names beside theirs are of nobody.
PAPER = """
@inproceedings{{fictional{n},
  title = {{Fictional paper {n} on the expressive synthesis of speech in long conversations}},
  author = {{Person, Test and Liu, Rui and Example, Sample and Hu, Yifan and Nobody, Some}},
  booktitle = {{FICTCONF}}, year = {{{year}}}, doi = {{10.5555/fictional.{n}}},{more}
}}
"""
PHOTO = (1200, 1600)


def copy_content(folder: Path, *, papers: int = 0, members: int = 0, photos: bool = False) -> Path:
    """A copy of content/ in `folder`, filled up to `papers` papers and `members` people, every third of whom has left.

    With `photos` of nobody for everybody.
    """
    content = shutil.copytree(ROOT / "content", folder / "content")
    bibliography = content / "publications.bib"
    known = bibliography.read_text().count("\n@")
    more = "".join(_paper(n) for n in range(known, papers))
    bibliography.write_text(bibliography.read_text() + more)
    _add_people(content / "members.csv", members)
    if photos:
        _add_photos(content)
    return content


def _add_people(file: Path, wanted: int) -> None:
    people = file.read_text().rstrip("\n")
    known = people.count("\n")
    more = (
        f"虚{n},Nobody Number{n},{'phd' if n % 2 else 'master'},,{2000 + n % 26},{'current' if n % 3 else 'alumni'},,,"
        for n in range(known, wanted)
    )
    file.write_text("\n".join([people, *more]) + "\n")


def _paper(n: int) -> str:
    """Every third has a second link."""
    code = "" if n % 3 else f" code = {{https://example.org/code/{n}}},"
    return PAPER.format(n=n, year=2000 + n % 27, more=code)


def _add_photos(content: Path) -> None:
    folder = content / "pictures/people"
    folder.mkdir(parents=True)
    with (content / "members.csv").open() as file:
        for number, member in enumerate(csv.DictReader(file)):
            (folder / f"{slug_of(member['name_en'])}.jpg").write_bytes(make_photo(number))


def make_photo(seed: int) -> bytes:
    """A JPEG as large as a camera's, with about as much detail as a face: coarse and fine noise."""
    noise = random.Random(seed)
    coarse = Image.frombytes("RGB", (12, 16), noise.randbytes(12 * 16 * 3)).resize(PHOTO, Image.Resampling.BICUBIC)
    fine = Image.frombytes("RGB", (150, 200), noise.randbytes(150 * 200 * 3)).resize(PHOTO, Image.Resampling.BILINEAR)
    data = io.BytesIO()
    Image.blend(coarse, fine, 0.1).save(data, "JPEG", quality=90)
    return data.getvalue()
