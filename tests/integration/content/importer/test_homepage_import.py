"""Taking over a home page: what of it arrives in the record, and what the report says."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from s2group.content.importer.inline import tidy
from s2group.content.loading import load_content
from s2group.content.people.models import Member, ProfileEntry
from s2group.content.publications.models import Authorship, Publication
from s2group.core.database import transaction
from s2group.core.localized import LocalizedText
from s2group.extensions import db
from tests.support.sample import NOW, SAMPLE

PAGES = Path(__file__).parents[3] / "homepages"


@pytest.fixture(autouse=True)
def members(app: Flask) -> None:
    with transaction() as session:
        for position, (slug, zh, en) in enumerate(
            [("jia-ceshi", "贾测试", "Jia Ceshi"), ("test-person", "", "Test Person")]
        ):
            session.add(
                Member(
                    slug=slug, position=position, name=LocalizedText(zh=zh, en=en), sort_name=slug, aliases=[],
                    role="phd",
                    degree="", status="current", destination=LocalizedText(), co_supervision=LocalizedText(),
                    focus=LocalizedText(), biography=LocalizedText(), email="", links=[], selected=[],
                )
            )  # fmt: skip


def take_over(app: Flask, page: str | Path, member: str = "jia-ceshi", *more: str, exit_code: int = 0) -> list[str]:
    """Run the command; the lines that it prints."""
    result = app.test_cli_runner().invoke(
        args=["content", "import-homepage", str(PAGES / page), "--member", member, *more]
    )
    assert result.exit_code == exit_code, result.output
    return result.output.splitlines()


def member(slug: str) -> Member:
    return db.session.scalars(select(Member).where(Member.slug == slug)).one()


def entries(slug: str) -> list[tuple[str, str, str, str]]:
    """Kind, period, words and address of every line of a profile but the biography."""
    return [
        (entry.kind, entry.period, entry.text.zh or entry.text.en, entry.url)
        for entry in member(slug).entries
        if entry.kind != "biography"
    ]


def biography(slug: str) -> LocalizedText:
    return next(entry.text for entry in member(slug).entries if entry.kind == "biography")


def paper(title: str) -> Publication:
    return db.session.scalars(select(Publication).where(Publication.title == title)).one()


def cited(found: Publication) -> tuple[str, int, list[str], bool, dict[str, str]]:
    return found.venue, found.year, [author.name for author in found.authors], found.and_others, found.links


def owned(slug: str) -> list[str]:
    """The titles of the papers that the member is an author of."""
    titles = select(Publication.title).join(Authorship).join(Member).where(Member.slug == slug)
    return list(db.session.scalars(titles.order_by(Publication.position)))


def everything() -> list[object]:
    """All that an import may write, row by row."""
    tables = (Member.__table__, ProfileEntry.__table__, Publication.__table__, Authorship.__table__)
    return [tuple(row) for table in tables for row in db.session.execute(select(table).order_by(*table.primary_key))]


def test_papers_of_a_numbered_list(app: Flask) -> None:
    take_over(app, "numbered.md")
    pond = paper("PondSinger: Frogs that Sing by Diffusion")
    assert cited(pond) == (
        "AAAI",
        2022,
        ["Jia Ceshi", "Bo Sample", "Example Third"],
        False,
        {
            "arXiv": "https://arxiv.org/abs/2105.00001",
            "demo": "https://pondsinger.example.org/",
            "code": "https://github.com/example-org/PondSinger",
        },
    )
    assert (pond.kind, pond.arxiv, pond.repository, pond.source) == (
        "inproceedings",
        "2105.00001",
        "example-org/PondSinger",
        "homepage",
    )
    assert pond.impact == [
        "论文开源项目[PondSinger](https://github.com/example-org/PondSinger)，获 关注，"
        "被[例子公众号](https://mp.example.org/s/abc)报道。",
        "登上[Example News](https://news.example.org/item?id=1)首页。",
    ]
    curricula = paper("Leaping Curricula for Pond Translation")
    assert (curricula.venue, curricula.doi) == ("ACM-MM", "10.1145/1234567.7654321")
    assert curricula.links == {"paper": "https://dl.acm.org/doi/abs/10.1145/1234567.7654321"}
    assert owned("jia-ceshi") == [
        "PondSinger: Frogs that Sing by Diffusion",
        "SimulFrog: Simultaneous Croak Translation",
        "Leaping Curricula for Pond Translation",
    ]


def test_lines_of_the_profile(app: Flask) -> None:
    take_over(app, "numbered.md")
    assert entries("jia-ceshi") == [
        ("education", "2020.09 - 2022.02 (now)", "Master, Test University, Exampleton.", ""),
        ("education", "2016.09 - 2020.06", "Undergraduate, Test University, Exampleton.", ""),
        ("honour", "", "Test Scholarship (Top 1%)", ""),
        ("internship", "2020.06 - 2020.09", "Example Works, Sampleville.", ""),
        ("software", "", "TestSpeech", "https://github.com/example-org/TestSpeech"),
        ("software", "", "PondSinger", "https://github.com/example-org/PondSinger"),
    ]
    assert biography("jia-ceshi") == LocalizedText(
        zh="- 本科毕业于测试大学，目前在例子研究所攻读硕士，导师：样本教授。\n- 兴趣方向是语音合成&唇语识别。",
        en="- I graduated from Test University.\n- My research interest is speech & singing synthesis.",
    )


def test_the_report_tells_what_every_line_became(app: Flask) -> None:
    report = take_over(app, "numbered.md")
    for line in [
        'line 3: skipped (front matter: title: "个人简介")',
        "line 11: biography: 兴趣方向是语音合成&唇语识别。",
        "line 12: software, added: TestSpeech, PondSinger",
        "line 17: skipped (the same as line 12)",
        "line 19: heading (papers): Publications",
        "lines 21–22, 24–26: paper, added: PondSinger: Frogs that Sing by Diffusion (AAAI 2022)",
        "    line 21: left out, for a paper has no field for it: Test University",
        "    line 21: CCF-A is left out: the table of venues decides",
        "    line 31: link left out: [Demo](#)",
        "line 32: paper, the same as line 27: SimulFrog: Simultaneous Croak Translation (ACL 2020)",
        "line 33: NOT PLACED: a paper, but the page names no year",
        "    1. [A Paper of No Year](https://arxiv.org/abs/2109.00002), **Jia Ceshi** \\| Test University",
        "line 36: honour, added: Test Scholarship (Top 1%)",
        "line 45: heading (nothing that is known): Hobbies",
        "line 46: NOT PLACED: its heading does not say what it is",
        "    - Frogs.",
    ]:
        assert line in report
    assert report[-2] == "To look at: lines 33, 46."
    assert report[-1] == (
        "Of 36 lines: 8 skipped; 4 biography; 1 software, added; 8 heading; 3 paper, added; "
        "1 paper, the same as line 27; 2 NOT PLACED; 1 honour, added; 2 education, added; 1 internship, added."
    )


def test_papers_of_boxes_and_badges(app: Flask) -> None:
    take_over(app, "boxes.md", "test-person")
    croak = paper("Robust and Controllable Croaking")
    assert cited(croak) == (
        "NeurIPS",
        2019,
        ["Yi Yangben", "Bo Sample", "Example Third"],
        False,
        {"paper": "https://papers.example.org/8580-croak.pdf", "project": "https://croak.example.org/"},
    )
    assert croak.impact == [
        "FastCroak is the first parallel croaking model.",
        "**Industry Impact**: FastCroak has been deployed in ..., and more.",
    ]
    frogs = paper("Frogs that Sing by Diffusion")
    assert frogs.repository == "example-org/PondSinger"
    assert frogs.links == {
        "arXiv": "https://arxiv.org/abs/2105.00001",
        "project": "https://pondsinger.example.org/",
        "code": "https://github.com/example-org/TestSpeech",
        "code 2": "https://github.com/example-org/PondSinger",
        "demo": "https://huggingface.co/spaces/example/Pond",
    }
    assert frogs.impact == ["Used by [ToadKit](https://github.com/other/ToadKit)."]
    dictionary = paper("DictFrog: Learning to Pronounce")
    assert (dictionary.repository, dictionary.and_others) == ("example-org/DictFrog", True)
    toad = paper("Real3D-Toad: One-shot Realistic Toads")
    assert (toad.award, toad.repository, toad.links["project"]) == (
        "Spotlight",
        "example-org/Real3DToad",
        "https://toad3d.example.org/",
    )
    assert cited(paper("FrogSinger: A Corpus of Cut Lists")) == ("NeurIPS", 2022, ["Lichao Sample"], True, {})
    assert cited(paper("A Study of Syntactic Leaps")) == ("NAACL", 2022, ["Kexun Sample", "Rui Example"], True, {})
    assert db.session.scalar(select(func.count()).select_from(Publication)) == 8


def test_the_marked_author_is_the_member_whatever_their_name(app: Flask) -> None:
    report = take_over(app, "boxes.md", "test-person")
    assert report[0] == (
        "The page marks 'Yi Yangben' as its owner (5 times), which the record does not know as a name of Test Person. "
        "It is taken for one in this run; make it an alias if it is one."
    )
    unowned = {"FrogSinger: A Corpus of Cut Lists", "A Study of Syntactic Leaps"}
    titles = set(db.session.scalars(select(Publication.title)))
    assert set(owned("test-person")) == titles - unowned
    # The other member is an author of one of them by name.
    assert owned("jia-ceshi") == ["Frogs that Sing by Diffusion"]


def test_garbled_letters_and_contacts(app: Flask) -> None:
    report = take_over(app, "boxes.md", "test-person")
    owner = member("test-person")
    assert owner.email == "owner@example.org"
    assert owner.links == [{"kind": "scholar", "url": "https://scholar.google.com/citations?user=ABCDEFGAAAAJ"}]
    assert biography("test-person").en.split("\n\n") == [
        "I work at Example Lab as a tester.",
        "Please email me at owner (at) example (dot) org. I graduated from Test University (测试大学竺可学院).",
        "I have published papers at conferences.",
    ]
    assert entries("test-person") == [
        ("education", "2015.09 - 2019.06", "Test University, bachelor.", ""),
        ("honour", "2021.09", "Frog Prize of the Example Society.", ""),
        ("news", "2023.05", "🎉 Two papers were accepted by ICPond 2023.", ""),
    ]
    assert "Wrongly decoded letters were mended in lines 14, 19–21, 23–24, 59, 68, 72." in report
    assert report[1] == "line 14: email owner@example.org, added"
    assert "line 20: skipped (placeholder)" in report
    assert "line 69: skipped (placeholder)" in report
    assert "To look at: line 56." in report
    assert "    line 33: a counter of citations is left out: the portal has its own" in report
    assert any(
        line.startswith("    line 56: NOT PLACED, the line is torn here: Xu  to Croak with Toads](") for line in report
    )


def test_contacts_outlive_the_loading_of_files_that_do_not_name_them(app: Flask, tmp_path: Path) -> None:
    folder = shutil.copytree(SAMPLE, tmp_path / "content")
    with (folder / "members.csv").open("a") as file:
        file.write("测试人,Test Person,phd,,,current,,\n")
    load_content(folder, now=NOW)
    take_over(app, "boxes.md", "test-person")
    scholar = {"kind": "scholar", "url": "https://scholar.google.com/citations?user=ABCDEFGAAAAJ"}
    orcid = {"kind": "orcid", "url": "https://orcid.org/0000"}
    profile = folder / "people" / "test-person.toml"
    for said, email, links in (
        ("", "owner@example.org", [scholar]),
        (f'[links]\norcid = "{orcid["url"]}"', "owner@example.org", [orcid, scholar]),
        ('email = "mine@example.org"\n[links]\nscholar = "https://example.org/s"', "mine@example.org",
         [{"kind": "scholar", "url": "https://example.org/s"}]),
        ("", "owner@example.org", [scholar]),
    ):  # fmt: skip
        profile.write_text(said)
        load_content(folder, now=NOW)
        owner = member("test-person")
        assert (owner.email, owner.links) == (email, links)
    assert take_over(app, "boxes.md", "test-person")[-1] == "Nothing to change."


@pytest.mark.parametrize("page", ["numbered.md", "boxes.md", "two-people.md"])
def test_a_second_run_changes_nothing(app: Flask, page: str) -> None:
    take_over(app, page)
    before = everything()
    report = take_over(app, page)
    assert report[-1] == "Nothing to change."
    assert everything() == before
    assert not any(", added" in line for line in report)


def test_a_trial_run_writes_nothing_and_tells_the_same(app: Flask) -> None:
    before = everything()
    trial = take_over(app, "numbered.md", "jia-ceshi", "--dry-run")
    assert everything() == before
    assert trial == [*take_over(app, "numbered.md"), "Nothing was written: this was a trial run."]


def test_what_stands_in_the_record_stays(app: Flask) -> None:
    with transaction():
        owner = member("test-person")
        owner.email = "mine@example.org"
        owner.links = [{"kind": "scholar", "url": "https://scholar.google.com/citations?user=MINE"}]
        owner.entries.append(
            ProfileEntry(
                kind="honour", position=0, period="", text=LocalizedText(en="Of the files"), url="", source="files"
            )
        )
    report = take_over(app, "boxes.md", "test-person")
    owner = member("test-person")
    assert (owner.email, len(owner.links)) == ("mine@example.org", 1)
    assert entries("test-person")[1:3] == [
        ("honour", "", "Of the files", ""),
        ("honour", "2021.09", "Frog Prize of the Example Society.", ""),
    ]
    assert "line 14: email owner@example.org, left out, for the record has mine@example.org" in report


def test_a_page_that_has_changed_takes_the_place_of_the_old_one(app: Flask, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    shutil.copy(PAGES / "numbered.md", page)
    take_over(app, page)
    page.write_text(
        page.read_text(encoding="utf-8").replace("Test Scholarship (Top 1%)", "Pond Prize"), encoding="utf-8"
    )
    report = take_over(app, page)
    assert "Taken out, for the page no longer says it: honour Test Scholarship (Top 1%)" in report
    assert "line 36: honour, added: Pond Prize" in report
    assert [entry[2] for entry in entries("jia-ceshi") if entry[0] == "honour"] == ["Pond Prize"]
    assert report[-1] != "Nothing to change."


def test_two_pages_tell_of_one_paper(app: Flask) -> None:
    take_over(app, "boxes.md", "test-person")
    report = take_over(app, "numbered.md")
    pond = paper("Frogs that Sing by Diffusion")
    assert (pond.links["project"], pond.arxiv) == ("https://pondsinger.example.org/", "2105.00001")
    assert len(pond.links) == 5
    assert [author.member.slug for author in pond.authors if author.member] == ["jia-ceshi", "test-person"]
    assert any("paper, known already, completed (impact" in line and "lines 21–22" in line for line in report)
    assert take_over(app, "numbered.md")[-1] == "Nothing to change."
    assert take_over(app, "boxes.md", "test-person")[-1] == "Nothing to change."


def test_a_page_that_names_all_authors_completes_one_that_did_not(app: Flask, tmp_path: Path) -> None:
    short, whole = tmp_path / "short.md", tmp_path / "whole.md"
    short.write_text("# Papers\n- `X 2020` [A Title](), **Jia Ceshi**, et al.", encoding="utf-8")
    whole.write_text("# Papers\n- `X 2020` [A Title](), Jia Ceshi, **Test Person**, A Bo", encoding="utf-8")
    take_over(app, short)
    report = take_over(app, whole, "test-person")
    assert "line 2: paper, known already, completed (authors): A Title (X 2020)" in report
    assert cited(paper("A Title")) == ("X", 2020, ["Jia Ceshi", "Test Person", "A Bo"], False, {})
    assert "others" not in paper("A Title").bibtex
    assert take_over(app, short)[-1] == "Nothing to change."


def test_the_lines_about_somebody_else_are_not_placed(app: Flask) -> None:
    report = take_over(app, "two-people.md")
    assert "line 5: NOT PLACED: it seems to be about somebody else" in report
    assert "Sample Other" not in biography("jia-ceshi").en


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xfe", "Error: page.md: the file is not UTF-8 text. Save it again as UTF-8."),
        (None, "Error: page.md: the file cannot be read: No such file or directory. Name a file."),
    ],
)
def test_a_file_that_cannot_be_read(app: Flask, tmp_path: Path, data: bytes | None, message: str) -> None:
    if data is not None:
        (tmp_path / "page.md").write_bytes(data)
    assert take_over(app, tmp_path / "page.md", exit_code=1) == [message]


def test_an_unknown_member(app: Flask) -> None:
    message = "Error: nobody-here: no member has this address. Look at the addresses under /members/."
    assert take_over(app, "numbered.md", "nobody-here", exit_code=1) == [message]


def test_everything_or_nothing_is_stored(app: Flask) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk went away")

    before = everything()
    event.listen(ProfileEntry, "before_insert", fail)
    try:
        runner = app.test_cli_runner()
        result = runner.invoke(args=["content", "import-homepage", str(PAGES / "numbered.md"), "--member", "jia-ceshi"])
    finally:
        event.remove(ProfileEntry, "before_insert", fail)
    assert result.exit_code == 1
    assert everything() == before


def test_a_later_version_on_arxiv_is_no_second_link(app: Flask, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    for version in (1, 2):
        page.write_text(
            f"# Publications\n- [A Study of Ponds and Frogs](https://arxiv.org/abs/2105.00001v{version}), **Jia Ceshi**"
            " \\| ICLR 2024\n"
        )
        report = take_over(app, page)
    assert report[-1] == "Nothing to change."
    assert paper("A Study of Ponds and Frogs").links == {"arXiv": "https://arxiv.org/abs/2105.00001v1"}


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def published(slug: str) -> str:
    """All that an import made public of a member, in one text."""
    papers = db.session.scalars(select(Publication).where(Publication.source == "homepage"))
    told = [f"{each.title} {each.venue} {each.links} {[author.name for author in each.authors]}" for each in papers]
    return " · ".join([*told, *(f"{each.text.zh}{each.text.en} {each.url}" for each in member(slug).entries)])


STYLED = """<script async src="https://stats.example.org/a.js"></script>
<script>
  window.queue = window.queue || [];

  note('start', 'X-1');
</script>

<style>
.tag {
  font-weight: 600;
}

#box {
  color: #000000;
}
</style>

Jia Ceshi is a doctoral student <script>track()</script>who teaches lamps to talk.

# Education
- *2021.09 - now*, PhD, Example University.
"""


def test_styles_and_scripts_are_no_content_and_hide_none(app: Flask, tmp_path: Path) -> None:
    take_over(app, write(tmp_path / "styled.md", STYLED))
    assert biography("jia-ceshi").en == "Jia Ceshi is a doctoral student who teaches lamps to talk."
    assert entries("jia-ceshi") == [("education", "2021.09 - now", "PhD, Example University.", "")]


def test_a_style_that_is_never_closed_is_to_be_looked_at(app: Flask, tmp_path: Path) -> None:
    report = take_over(app, write(tmp_path / "open.md", "I teach lamps.\n\n<style>\n.a { color: red }\n\nLost.\n"))
    assert biography("jia-ceshi").en == "I teach lamps."
    assert "line 6: NOT PLACED: <style> begins here or above and is never closed" in report


BOX = """<div class='paper-box'><div class='paper-box-image'><div><div class="badge">ROOMS 2025</div></div></div>
<div class='paper-box-text' markdown="1">

{title}

{names}

{more}
</div>
</div>
"""


def test_a_persons_name_is_no_title(app: Flask, tmp_path: Path) -> None:
    names = "**Jia Ceshi**, Er Bao, [Ming Rao](https://rao.example.org), Jun Tan, [Yu Zhang](https://zhang.example.org)"
    box = BOX.format(title="Curtains: Hearing Colours through Cloth", names=names, more="")
    report = take_over(app, write(tmp_path / "names.md", f"# Papers\n\n{box}"))
    assert published("jia-ceshi") == ""
    assert any("NOT PLACED: a paper, but the page names no title" in line for line in report)


def test_what_is_left_of_the_template_is_not_taken_over(app: Flask, tmp_path: Path) -> None:
    title = "[A Sample Paper by Somebody Famous](https://example.org/sample.pdf)"
    box = BOX.format(title=title, names="**Karl Exampleman**, Ann Other", more="- Lorem ipsum dolor sit amet.")
    stay = "# Internships\n- *2019.05 - 2020.02*, [Lorem](https://github.com/), China.\n"
    report = take_over(app, write(tmp_path / "left.md", f"# Publications\n\n{box}\n{stay}"))
    assert published("jia-ceshi") == ""
    assert any("NOT PLACED: the author it marks has no name of the member's" in line for line in report)
    assert any(line.endswith("skipped (placeholder)") for line in report)


def test_a_box_of_another_kind_is_no_paper_and_a_role_no_author(app: Flask, tmp_path: Path) -> None:
    role = '<span class="role">Team Member</span>'
    box = BOX.format(title="[Chair Atlas of Town](https://example.org/atlas)", names=role, more="- A map.")
    paper = BOX.format(
        title="[A Chair that Knows](https://example.org/chair)", names=f"{role}\n\n**Jia Ceshi**", more=""
    )
    take_over(app, write(tmp_path / "atlas.md", f"# Projects\n\n{box}\n# Papers\n\n{paper}"))
    found = db.session.scalars(select(Publication).where(Publication.source == "homepage")).all()
    assert [[author.name for author in each.authors] for each in found] == [["Jia Ceshi"]]


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("它首个开源。发布迄今Github Star ![s](https://img.shields.io/a.svg)，下载量![d](https://img.shields.io/d.svg)。被报道。",
         "它首个开源。被报道。"),
        ("两个系统。迄今 Star ![s](https://img.shields.io/a.svg)，被[甲](https://a.example.org)报道。",
         "两个系统。被[甲](https://a.example.org)报道。"),
        ("A toolkit (![s](https://img.shields.io/github/stars/a/b)) for lamps.", "A toolkit for lamps."),
        ("A toolkit ![s](https://img.shields.io/github/stars/a/b) for lamps.", "A toolkit for lamps."),
        ("It is used, with ![s](https://img.shields.io/github/stars/a/b) stars.", "It is used."),
        ("A picture ![p](images/p.png), and words.", "A picture, and words."),
    ],
)  # fmt: skip
def test_a_badge_that_is_taken_out_leaves_no_hole(written: str, left: str) -> None:
    assert tidy(written)[0] == left
