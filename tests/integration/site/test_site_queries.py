"""A page asks the database as often for three rows as for one, and two hundred papers stay light."""

import gzip
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from s2group.content.loading import load_content
from tests.support.queries import recorded_statements
from tests.support.real import copy_content
from tests.support.sample import NOW, SAMPLE

PATHS = [
    "/", "/members/", "/members/test-a/", "/publications/", "/publications/paper-1/", "/publications.bib",
    "/projects/", "/news/", "/news/item-1/", "/news/feed.atom", "/sitemap.xml",
]  # fmt: skip
PEOPLE = ["Test A", "Test B", "Test C"]


def write_content(folder: Path, rows: int) -> Path:
    """A group with `rows` of everything; everybody is an author of everything."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(SAMPLE / "group.toml", folder)
    people, numbers = PEOPLE[:rows], range(1, rows + 1)
    write_table(folder / "members.csv", [f"测试,{name},phd,,2024,current,示例,sample" for name in people])
    write_table(folder / "projects.csv", [f"项目,Project,基金,Fund,{n},2025-01,2028-12,lead" for n in numbers])
    authors = " and ".join(people)
    (folder / "publications.bib").write_text(
        "".join(
            f"@article{{paper-{n}, title={{Paper {n}}}, author={{{authors}}}, journal={{J}}, year={{2026}},"
            f" url={{https://example.org/{n}}}}}\n"
            for n in numbers
        )
    )
    (folder / "news.toml").write_text(
        "".join(
            f'[[items]]\nslug = "item-{n}"\nday = 2026-01-0{n}\ntitle = {{ zh = "新闻" }}\nbody = {{ zh = "正文" }}\n'
            for n in numbers
        )
    )
    return folder


def write_table(path: Path, rows: list[str]) -> None:
    first_line = (SAMPLE / path.name).read_text().splitlines()[0]
    path.write_text("\n".join([first_line, *rows]) + "\n")


def statements_for(client: FlaskClient, path: str) -> list[str]:
    with recorded_statements() as statements:
        assert client.get(path).status_code == 200
    return statements


@pytest.mark.parametrize("path", PATHS)
def test_the_number_of_queries_does_not_grow(app: Flask, client: FlaskClient, tmp_path: Path, path: str) -> None:
    load_content(write_content(tmp_path / "content", 1), now=NOW)
    with_one = statements_for(client, path)
    load_content(write_content(tmp_path / "content", 3), now=NOW)
    with_three = statements_for(client, path)
    assert len(with_three) == len(with_one)
    assert len(with_three) <= (19 if path == "/" else 13)


@pytest.mark.parametrize("path", ["/", "/members/", "/members/rui-liu/", "/publications/", "/projects/", "/news/"])
def test_the_groups_own_pages_are_light(app: Flask, client: FlaskClient, path: str) -> None:
    load_content(config.ROOT / "content", now=NOW)
    for prefix in ("", "/en"):
        page = client.get(prefix + path).data
        assert len(page) < 60_000 and len(gzip.compress(page)) <= 15_000


def test_two_hundred_publications_stay_light(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    assert load_content(copy_content(tmp_path, papers=200), now=NOW).publications == 200
    for path in ("/publications/", "/en/publications/"):
        page = client.get(path).data
        assert len(page) <= 115_000 and len(gzip.compress(page)) <= 20_000
