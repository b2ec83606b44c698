"""Who draws the house from the list of its files is right: one name is one thing, and rooms only look down."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "atlas"
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if "vendor" not in path.parts]
# every command has its own, and so has what each room speaks in
OF_EACH_ROOM = {"__init__", "__main__", "command", "model"}
# a layer, its page and its figure bear one name, and so do readers of a format and what writes it
SHARING = {"pages", "layers", "readers"}


def test_a_module_has_a_name_that_no_other_has() -> None:
    named: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        if path.stem not in OF_EACH_ROOM and not SHARING & set(path.parts):
            named[path.stem].append(path.relative_to(PACKAGE).as_posix())
    assert {name: paths for name, paths in named.items() if len(paths) > 1} == {}


def test_a_rooms_first_line_says_what_it_is() -> None:
    doors = {path.parent.name: ast.parse(path.read_text("utf-8")) for path in FILES if path.name == "__init__.py"}
    assert [room for room, tree in doors.items() if not ast.get_docstring(tree)] == []


@pytest.mark.slow
def test_rooms_import_downwards_only() -> None:
    below: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("atlas."):
                target = node.module.split(".")[1]
                # the fields of the layers are a list that stands below everything
                if target != room and not node.module.startswith("atlas.layers.schema"):
                    below[room].add(target)
    while leaves := [room for room in {*below, *(t for ts in below.values() for t in ts)} if not below.get(room)]:
        for room in leaves:
            below.pop(room, None)
        for targets in below.values():
            targets.difference_update(leaves)
        if not any(below.values()):
            below = defaultdict(set)
            break
    assert dict(below) == {}
