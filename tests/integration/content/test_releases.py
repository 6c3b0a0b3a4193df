"""What releases.toml says, and the page that shows it."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from s2group.content.loading import load_content
from s2group.content.metrics.models import Metric
from s2group.content.records.errors import ContentError
from s2group.content.releases.models import Release
from s2group.core.database import transaction
from s2group.extensions import db
from tests.support.headings import headings
from tests.support.queries import recorded_statements
from tests.support.sample import NOW, ORGANIZATION, SAMPLE

PAPERS = ["jia2026first", "other2026second", "ding2023third"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "content"))


def entry(number: int, papers: list[str]) -> str:
    return (
        f'[[items]]\nkey = "item-{number}"\nkind = "code"\ntitle = {{ zh = "工具" }}\nurl = "https://example.org/"\n'
        f'repository = "example/tool-{number}"\npapers = {json.dumps(papers)}\n'
    )


def count_stars(repository: str, stars: int) -> None:
    with transaction() as session:
        session.add(Metric(subject=f"github:{repository}", value=stars, source="GitHub", counted_at=NOW))


def structured(page: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    graphs = [data["@graph"] for data in map(json.loads, found) if "@graph" in data]
    assert len(graphs) == 1
    return list(graphs[0])


def test_releases_stand_by_kind_with_terms_papers_and_stars(site: FlaskClient) -> None:
    count_stars("example/toolkit", 41)
    page = site.get("/en/releases/").text
    assert headings(page, "h2") == ["Datasets 1", "Code 1"]
    corpus, toolkit = re.findall(r'<article class="tile a\d" id="sample-\w+">(.*?)</article>', page, re.S)
    words = " ".join(re.sub(r"<[^>]+>", " ", corpus).split())
    assert words == (
        "Sample Corpus A hundred hours of made-up recordings. 2025 · Licence: CC BY 4.0 "
        "Paper: The First Sample: Schröder &amp; Friends SAMPLECONF 2026"
    )
    assert 'href="https://example.org/corpus" rel="noopener noreferrer nofollow"' in corpus
    assert 'href="/en/publications/jia2026first/"' in corpus
    assert '<span lang="zh-CN">示例工具</span>' in toolkit
    assert "41 stars on GitHub, counted on 1 March 2026" in toolkit


def test_a_repository_whose_stars_nobody_counted_shows_none(site: FlaskClient) -> None:
    assert "on GitHub" not in site.get("/en/releases/").text


def test_search_engines_are_told_what_each_is(site: FlaskClient) -> None:
    creator = ORGANIZATION
    assert structured(site.get("/en/releases/").text) == [
        {
            "@type": "Dataset",
            "name": "Sample Corpus",
            "description": "A hundred hours of made-up recordings.",
            "url": "https://example.org/corpus",
            "license": "CC BY 4.0",
            "datePublished": "2025",
            "creator": creator,
            "citation": ["http://127.0.0.1:8000/en/publications/jia2026first/"],
        },
        {
            "@type": "SoftwareSourceCode",
            "name": "示例工具",
            "url": "https://example.org/toolkit",
            "codeRepository": "https://github.com/example/toolkit",
            "creator": creator,
        },
    ]


def test_without_releases_the_page_says_what_belongs_here(client: FlaskClient) -> None:
    page = client.get("/en/releases/").text
    assert "None has been entered yet." in page
    assert 'href="/en/">To the home page' in page


def test_what_is_taken_out_of_the_file_is_gone(app: Flask, folder: Path) -> None:
    assert load_content(folder, now=NOW).releases == 2
    (folder / "releases.toml").unlink()
    assert load_content(folder, now=NOW).releases == 0
    assert db.session.scalars(select(Release)).all() == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('kind = "code"', 'kind = "book"', "kind is 'book'. Write one of: dataset, code, model, demo"),
        ('"item-1"', '"Item 1"', "key is 'Item 1'"),
        ('url = "https://example.org/"', 'url = "#"', "url '#' is not a web address"),
        ('"example/tool-1"', '"https://github.com/example/tool"', "Write it as owner/name, as GitHub does"),
        ('["jia2026first"]', '["nothing"]', "papers names 'nothing', which is not known"),
        ('kind = "code"', 'kind = "code"\nyear = "2025"', "year is '2025'. Write the year in four digits"),
        ('kind = "code"', 'kind = "code"\nlicense = "MIT"', "unknown field license"),
    ],
)
def test_a_mistake_is_said_with_its_place(app: Flask, folder: Path, old: str, new: str, complaint: str) -> None:
    (folder / "releases.toml").write_text(entry(1, ["jia2026first"]).replace(old, new))
    with pytest.raises(ContentError, match=r"^releases\.toml, items no\. 1: ") as raised:
        load_content(folder, now=NOW)
    assert complaint in str(raised.value)


def test_more_releases_ask_no_more(app: Flask, client: FlaskClient, folder: Path) -> None:
    asked = []
    for count in (1, 3):
        (folder / "releases.toml").write_text("".join(entry(n, PAPERS[:count]) for n in range(count)))
        load_content(folder, now=NOW)
        with recorded_statements() as statements:
            assert client.get("/releases/").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12
