"""A group that has entered little: every page says why it is empty, and nothing promises what is not there."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from s2group.content.loading import load_content
from tests.support.headings import headings, text_of
from tests.support.sample import NOW, SAMPLE
from tests.support.walking import public_pages

pytestmark = pytest.mark.usefixtures("on_the_day")

# Each list with what it says while it is empty; nothing leads to it then.
EMPTY = {
    "/research/": (
        "研究方向会列在这里，目前还没有录入。",
        "The research areas of the group will be listed here. None has",
    ),
    "/members/": (
        "组内成员会列在这里，目前还没有录入。",
        "The people of the group will be listed here. Nobody has been",
    ),
    "/publications/": (
        "研究组的论文会列在这里，目前还没有录入。",
        "The papers of the group will be listed here. None has been",
    ),
    "/projects/": (
        "研究组的项目会列在这里，目前还没有录入。",
        "The projects of the group will be listed here. None has been",
    ),
    "/news/": (
        "研究组的新闻会出现在这里，目前还没有发布。",
        "News of the group will appear here. Nothing has been published",
    ),
    "/alumni/": (
        "离组成员和他们的去向会列在这里，目前还没有录入。",
        "Those who have left the group, and where they went, will",
    ),
    "/releases/": (
        "这里会列出研究组开放的数据集、代码和演示，目前还没有录入。",
        "Datasets, code and demos that the group has released will be listed here.",
    ),
    "/partners/": (
        "这里会列出与研究组合作的单位，目前还没有录入。",
        "The institutions that the group works with will be listed here.",
    ),
}


def load(folder: Path, **files: str) -> None:
    """The sample's profile without anything else, and `files` beside it."""
    folder.mkdir()
    profile = (SAMPLE / "group.toml").read_text().partition("[[research_lines]]")[0]
    (folder / "group.toml").write_text(profile)
    for name in ("members.csv", "projects.csv"):
        first_line = (SAMPLE / name).read_text().splitlines()[0]
        (folder / name).write_text(f"{first_line}\n{files.get(name.partition('.')[0], '')}")
    (folder / "news.toml").write_text("")
    (folder / "publications.bib").write_text(files.get("publications", ""))
    load_content(folder, now=NOW)


def main_of(page: str) -> str:
    return page.split("<main")[1].split("</main>")[0]


def over_nothing(page: str) -> list[str]:
    """The headings that no word follows before the next of their rank."""
    found = re.findall(r"<(h[1-6])\b[^>]*>(.*?)</\1>(.*?)(?=<h[1-6]\b|$)", main_of(page), re.S)
    deeper = [tag for tag, _words, _rest in found[1:]] + [""]
    return [
        words for (tag, words, rest), after in zip(found, deeper, strict=True) if not text_of(rest) and after <= tag
    ]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_group_with_only_a_profile_promises_nothing(
    app: Flask, client: FlaskClient, tmp_path: Path, prefix: str
) -> None:
    load(tmp_path / "content")
    pages = public_pages(client, f"{prefix}/")
    for path, page in pages.items():
        assert over_nothing(page) == [], path
        assert not re.search(r"(?<!\d)0 (?:papers?|篇|people|人|projects?|项)", text_of(main_of(page))), path
        assert re.search(r"<(?:a|button)\b", main_of(page)), path
    sections = {f"{prefix}{path}" for path in EMPTY}
    assert sections & pages.keys() == set()
    home = pages[f"{prefix}/"]
    assert "facts" not in home
    assert headings(home, "h2") == ["About the group" if prefix else "关于研究组"]
    said = "Nothing of them has been entered yet." if prefix else "成员、论文、项目和新闻会出现在这里，目前还没有录入。"
    assert said in text_of(home)
    buttons = re.findall(r'<a class="btn[^"]*" href="([^"]+)"', home)
    assert buttons == ["mailto:group@example.org"]
    nav = home.split("<nav")[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', nav) == [f"{prefix}/", f"{prefix}/search/"]
    assert re.search(rf'<div class="cta">\s*<a href="{prefix}/admissions/"', home)
    for path, said_in in EMPTY.items():
        page = client.get(prefix + path).text
        assert said_in[bool(prefix)] in text_of(page), path
        links = re.findall(r'<a\b[^>]*href="([^"]+)"', main_of(page))
        assert links == [f"{prefix}/"], path
    assert [path for path in EMPTY if path in client.get("/sitemap.xml").text] == []


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_one_member_and_one_paper_are_shown_plainly(
    app: Flask, client: FlaskClient, tmp_path: Path, prefix: str
) -> None:
    paper = "@article{one,\n title={On One},\n author={Test Only},\n journal={J},\n year={2026}\n}\n"
    load(tmp_path / "content", members="测试唯,Test Only,pi,,,current,,\n", publications=paper)
    pages = public_pages(client, f"{prefix}/")
    for path, page in pages.items():
        assert over_nothing(page) == [], path
    nav = pages[f"{prefix}/"].split("<nav")[1].split("</nav>")[0]
    there = ["/", "/members/", "/publications/", "/search/"]
    assert re.findall(r'href="([^"]+)"', nav) == [prefix + path for path in there]
    facts = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", pages[f"{prefix}/"], re.S)
    assert facts == (
        [("Admissions", "Closed for now"), ("Papers", "1"), ("Papers of the last three years", "1")]
        if prefix
        else [("招生", "暂未开放"), ("论文", "1"), ("近三年论文", "1")]
    )
    publications = pages[f"{prefix}/publications/"]
    assert ("1 paper" if prefix else "1 篇论文") in text_of(publications)
    assert 'class="facets"' not in publications and 'class="seek"' not in publications
