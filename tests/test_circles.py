"""No module imports itself by way of others: not at its top, not within a function, not by the package's own door."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_dotted(path): path for path in sorted((ROOT / "atlas").rglob("*.py")) if "vendor" not in path.parts}


def _imported(name: str) -> Iterator[str]:
    """Modules that a module imports anywhere in it; what only a type checker reads is no import."""
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    package = name.split(".") if FILES[name].name == "__init__.py" else name.split(".")[:-1]
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            yield from (
                f"{origin}.{alias.name}" if f"{origin}.{alias.name}" in FILES else origin for alias in node.names
            )


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield from _nodes(child)


def components(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Strongly connected components of more than one node, or of one that leads to itself (Tarjan 1972)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    closed: set[str] = set()
    circles: list[list[str]] = []

    def visit(node: str) -> None:
        number[node] = lowest[node] = len(number)
        stack.append(node)
        for target in sorted(graph[node]):
            if target not in number:
                visit(target)
            if target not in closed:
                lowest[node] = min(lowest[node], lowest[target])
        if lowest[node] == number[node]:
            component = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            closed.update(component)
            if len(component) > 1 or node in graph[node]:
                circles.append(sorted(component))

    for node in graph:
        if node not in number:
            visit(node)
    return circles


def test_components_are_the_circles() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set(), "e": {"e"}}
    assert components(graph) == [["b", "c"], ["e"]]


@pytest.mark.slow
def test_no_import_leads_back_to_where_it_started() -> None:
    graph = {name: {target for target in _imported(name) if target in FILES} for name in FILES}
    assert components(graph) == []
