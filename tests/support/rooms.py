"""The rooms of the house, drawn from the imports of the code."""

import ast
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent.parent
ARCHITECTURE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: drawn by tests/conventions/test_architecture.py -->\n", "<!-- end of rooms -->\n"
PACKAGE = "s2group"


def drawing() -> str:
    """A Mermaid flowchart of the packages, and a table of what each is for.

    An arrow leads to what a room imports; one that other arrows lead to anyway is left out.
    """
    graph = grimp.build_graph(PACKAGE)
    rooms = sorted(graph.find_children(PACKAGE))
    for room in rooms:
        if graph.find_children(room):
            graph.squash_module(room)
    found = {room: graph.find_modules_directly_imported_by(room) & set(rooms) for room in rooms}
    imports = {room: found[room] - {room} for room in rooms}
    arrows = [f"  {_name(room)} --> {_name(to)}" for room in rooms for to in sorted(_reduced(room, imports))]
    rows = [f"| `{_name(room)}` | {_purpose(room)} |" for room in rooms]
    return "\n".join(
        ["```mermaid", "flowchart TD", *arrows, "```", "", "| room | what it is for |", "|---|---|", *rows, ""]
    )


def drawn() -> str:
    """The drawing as the documentation has it."""
    text = ARCHITECTURE.read_text()
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)]


def redraw() -> None:
    """Put the drawing of today's code into the documentation."""
    text = ARCHITECTURE.read_text()
    ARCHITECTURE.write_text(text.replace(BEGIN + drawn() + END, BEGIN + drawing() + END))


def _name(module: str) -> str:
    return module.removeprefix(f"{PACKAGE}.")


def _reduced(room: str, imports: dict[str, set[str]]) -> set[str]:
    """What it imports, without what it reaches through another of them."""
    return {to for to in imports[room] if not any(to in _reach(other, imports) for other in imports[room] - {to})}


def _reach(room: str, imports: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [room]
    while waiting:
        new = imports[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _purpose(module: str) -> str:
    path = ROOT.joinpath(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return (ast.get_docstring(ast.parse(source.read_text())) or "").split("\n")[0]
