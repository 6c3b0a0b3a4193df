"""Reads code for statements over tables that belong to applications, and follows what it calls."""

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from s2group.admissions.models import Application
from s2group.documents.models import Document
from s2group.extensions import Base
from s2group.mail.models import OutboxMail

# What begins a statement, and what finds a row without one.
BEGINNINGS = {"select", "exists", "update", "delete", "insert", "aliased", "text", "query", "get_one", "get"}
# `request.args.get` finds nothing: these count only with a table as an argument.
WITH_A_TABLE = {"query", "get_one", "get", "aliased"}
WORD = re.compile(r"\w+")
Finding = tuple[str, str]


@cache
def tables_of_applications() -> frozenset[str]:
    """The names of the mapped classes whose rows belong to applications, or tell of them without a reference."""
    mapped = {mapper.local_table: mapper.class_.__name__ for mapper in Base.registry.mappers}
    found = {Application.__table__}
    while more := {table for table in mapped if {key.column.table for key in table.foreign_keys} & found} - found:
        found |= more
    told = {Document.__name__, OutboxMail.__name__}
    return frozenset(mapped[table] for table in found) | told


@cache
def handed() -> frozenset[str]:
    """Whoever has one of these as an argument was given what they look into."""
    return tables_of_applications() | {"AdmissionRoute", "Select", "ColumnElement"}


def modules_of(*rooms: str) -> Iterator[ModuleType]:
    """Every module of these packages that there are."""
    for room in rooms:
        if importlib.util.find_spec(f"s2group.{room}"):
            package = importlib.import_module(f"s2group.{room}")
            yield package
            for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                yield importlib.import_module(found.name)


def findings(source: str, names: Mapping[str, Any], inside: tuple[str, ...]) -> set[Finding]:
    """(where, what) for each function, and the rest of the module, that reaches applications by itself.

    `names` is what the source's names stand for; what stands in the packages `inside` is not followed, because it is
    looked at itself.
    """
    found = set()
    for where, nodes in _parts(ast.parse(textwrap.dedent(source))):
        if _makes_statement(nodes):
            found.add((where, "a statement"))
        for callee in _callees(nodes, names):
            if not callee.__module__.startswith(inside) and _reaches(callee, inside):
                found.add((where, f"{callee.__module__}.{callee.__qualname__}"))
    return found


def _parts(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Each function with its body, and what stands outside of all."""
    outside = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node.body
        elif isinstance(node, ast.ClassDef):
            yield from _parts(ast.Module(node.body, []))
        else:
            outside.append(node)
    yield "outside of functions", outside


def _makes_statement(nodes: list[ast.stmt]) -> bool:
    """Whether it begins one by itself, and names a table of applications anywhere."""
    every = [node for top in nodes for node in ast.walk(top)]
    named = _named(every) & tables_of_applications()
    calls = [node for node in every if isinstance(node, ast.Call) and _called(node) in BEGINNINGS]
    return (any(_called(call) not in WITH_A_TABLE for call in calls) and bool(named)) or any(
        _named([node for argument in call.args for node in ast.walk(argument)]) & tables_of_applications()
        for call in calls
    )


def _named(nodes: list[ast.AST]) -> set[str]:
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _callees(nodes: list[ast.stmt], names: Mapping[str, Any]) -> Iterator[FunctionType]:
    """The portal's functions that are named, called or handed on."""
    for node in (node for top in nodes for node in ast.walk(top)):
        found = None
        if isinstance(node, ast.Name):
            found = names.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            holder = names.get(node.value.id)
            found = getattr(holder, node.attr, None) if isinstance(holder, ModuleType) else None
        found = inspect.unwrap(found) if callable(found) else None
        if isinstance(found, FunctionType) and found.__module__.startswith("s2group."):
            yield found


@cache
def _reaches(function: FunctionType, inside: tuple[str, ...], depth: int = 12) -> bool:
    """Whether it finds applications without having been handed what they are."""
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    if not isinstance(definition, ast.FunctionDef) or _is_handed(definition) or depth == 0:
        return False
    callees = [callee for callee in _callees(definition.body, function.__globals__) if callee is not function]
    return _makes_statement(definition.body) or any(_reaches(callee, inside, depth - 1) for callee in callees)


def _is_handed(definition: ast.FunctionDef) -> bool:
    arguments = [*definition.args.args, *definition.args.kwonlyargs]
    words = {word for each in arguments if each.annotation for word in WORD.findall(ast.unparse(each.annotation))}
    return bool(words & handed())
