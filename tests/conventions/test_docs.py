"""What the documentation names exists: paths, modules, functions, commands, make targets and settings."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask_migrate.cli import db as migrations

from s2group import cli
from s2group.site.static_site import commands as static_site

ROOT = Path(__file__).parent.parent.parent
DOCS = sorted({*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "content" / "README.md"})
READMES = [path for path in DOCS if path.parent == ROOT]
ROOMS = {path.stem for path in (ROOT / "s2group").iterdir() if not path.name.startswith("_")}
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")} - {"data", "build"}
QUOTED = re.compile(r"`([^`\n]+)`")
MODULE = re.compile(r"(?:s2group\.)?([a-z0-9_]+(?:\.\w+)+)")
SETTING = re.compile(r"(?<![.\w])(?:S2|MAIL)_[A-Z_]*[A-Z]\b")
# The runbook calls the same commands by a name of its own.
COMMAND = re.compile(r"(?:flask --app app|^s2group) ([a-z-]+(?: [^\n`|#;]*)?)", re.MULTILINE)

every_document = pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))


def _quoted(path: Path) -> Iterator[str]:
    return (text for text in QUOTED.findall(path.read_text()))


def _leads_somewhere(pattern: str) -> bool:
    """Whether there is such a path below ROOT; `<name>` and `…` stand for anything."""
    return any(ROOT.glob(re.sub(r"<\w+>|…", "*", pattern).rstrip("/")))


def _is_named(dotted: str) -> bool:
    """Whether there is such a module in a room, or such a thing in one."""
    *parts, last = dotted.split(".")
    try:
        importlib.import_module(f"s2group.{dotted}")
    except ModuleNotFoundError:
        return bool(parts) and hasattr(_thing(parts), last)
    return True


def _thing(parts: list[str]) -> object:
    name = ".".join(("s2group", *parts))
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return getattr(_thing(parts[:-1]), parts[-1], None) if len(parts) > 1 else None


def _read_settings() -> set[str]:
    """All but what gunicorn tells the processes that it starts."""
    read = re.findall(r'env(?:\.\w+\(|, )"([A-Z0-9_]+)"', (ROOT / "config.py").read_text())
    return set(read) - {"PROMETHEUS_MULTIPROC_DIR"}


@every_document
def test_paths_exist(path: Path) -> None:
    named = [text for text in _quoted(path) if text.split("/")[0] in FOLDERS and "/" in text and " " not in text]
    files = [text for text in _quoted(path) if re.fullmatch(r"[\w.]+\.py", text)]
    assert [text for text in named if not _leads_somewhere(text)] == []
    assert [text for text in files if not any(ROOT.glob(text)) and not any(ROOT.glob(f"*/**/{text}"))] == []


@every_document
def test_links_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text())
    ours = [link for link in links if not re.match(r"https?:|mailto:", link)]
    assert [link for link in ours if not (path.parent / link).exists()] == []


@every_document
def test_modules_and_functions_exist(path: Path) -> None:
    named = [match[1] for text in _quoted(path) if (match := MODULE.fullmatch(text))]
    ours = [name for name in named if name.split(".")[0] in ROOMS and not (ROOT / name).exists()]
    assert [name for name in ours if not _is_named(name)] == []


@every_document
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:`|^\s+|\.\.\. |… |= )make (?:-C \S+ )?([a-z-]+)", path.read_text(), re.MULTILINE)
    assert [name for name in named if name not in targets] == []


@every_document
def test_commands_exist(path: Path) -> None:
    app = Flask(__name__)
    cli.init_app(app)
    static_site.init_app(app)
    commands: dict[str, click.Command] = {**app.cli.commands, "db": migrations}
    for line in COMMAND.findall(path.read_text()):
        words = line.split()
        command = commands[words[0]]
        for word in words[1:]:
            if isinstance(command, click.Group):
                command = command.commands[word]
        known = {option for parameter in command.params for option in parameter.opts}
        assert [word for word in words if word.startswith("--") and word not in known] == [], line


@every_document
def test_settings_exist(path: Path) -> None:
    assert set(SETTING.findall(path.read_text())) - _read_settings() == set()


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_every_setting_is_explained(path: Path) -> None:
    text = path.read_text()
    assert [name for name in sorted(_read_settings()) if not re.search(rf"\b{name}\b", text)] == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"^(\d+)\. \[.+\]\((\d{4})-.+\.md\)$", (folder / "README.md").read_text(), re.MULTILINE)
    files = sorted(path.name[:4] for path in folder.glob("0*.md"))
    assert [f"{int(number):04}" for number, _file in listed] == [file for _number, file in listed] == files


@pytest.mark.parametrize("name", ["README", "docs/operations", "docs/performance", "docs/scale"])
def test_both_languages_name_the_same(name: str) -> None:
    """All that is quoted, and the commands without their remarks."""
    english, chinese = ((ROOT / f"{name}{ending}").read_text() for ending in (".md", ".zh.md"))
    for what in (QUOTED.pattern, r"^    (?:\.venv|[A-Z]\w+=).*"):
        assert set(re.findall(what, english, re.MULTILINE)) == set(re.findall(what, chinese, re.MULTILINE))
    blocks = [
        re.sub(" +#.*", "", "".join(re.findall("^```sh\n.*?^```", text, re.M | re.S))) for text in (english, chinese)
    ]
    assert blocks[0] == blocks[1]
    headings = [re.findall(r"^#+ ", text, re.MULTILINE) for text in (english, chinese)]
    assert headings[0] == headings[1]


def test_the_unreleased_changes_are_told_once() -> None:
    unreleased = (ROOT / "CHANGELOG.md").read_text().partition("## Unreleased\n")[2].partition("\n## ")[0]
    assert re.findall(r"^### (.+)$", unreleased, re.MULTILINE) == ["Added", "Changed", "Fixed"]
    sentences = re.findall(r"^- .+$", unreleased, re.MULTILINE)
    assert [sentence for sentence in set(sentences) if sentences.count(sentence) > 1] == []


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.name)
def test_pictures_are_there_in_both_schemes_and_light(path: Path) -> None:
    shown = re.findall(r'src(?:set)?="([^"]+)"', path.read_text())
    schemes = {(re.sub("-(light|dark).webp$", "", name), "dark" in name) for name in shown}
    assert {name for name, dark in schemes if dark} == {name for name, dark in schemes if not dark} != set()
    assert [name for name in shown if not (ROOT / name).is_file()] == []
    assert sum(file.stat().st_size for file in (ROOT / "docs" / "faces").iterdir()) < 600_000
