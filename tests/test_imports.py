"""The layout in docs/architecture.md, held against the code: who imports whom, how long, and how light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import atlas

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "atlas"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "vendor" not in path.parts)
HEAVY = ("folium", "branca", "geopandas", "pandas", "shapely", "numpy", "pyproj", "pyogrio")


def _rooms() -> dict[str, set[str]]:
    """The table of rooms: what each may import, as written on the page."""
    lines = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## The rooms")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    names = [[name.strip("` /") for name in row[0].split(",")] for row in rows]
    every = {name for group in names for name in group}
    allowed: dict[str, set[str]] = {}
    for group, row in zip(names, rows, strict=True):
        words = {word.strip("` /") for word in row[2].split(",")} - {"–"}
        if row[2].startswith("all"):
            words = every - {word.strip("` ") for word in row[2].removeprefix("all").removeprefix(" but ").split(",")}
        for name in group:
            allowed[name] = words | set(group)
    return allowed


ROOMS = _rooms()


def _dotted(path: Path) -> str:
    """Name of a module without the package: ``layers.schema``, ``errors``, nothing for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports anywhere in it, with the line."""
    here = ["atlas", *_dotted(path).split(".")] if _dotted(path) else ["atlas"]
    folder = here if path.name == "__init__.py" else here[:-1]
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(folder[: len(folder) - node.level + 1]) if node.level else ""
            origin = ".".join(part for part in (start, node.module) if part)
            # `from atlas.layers import schema` names a module, `from atlas.errors import AtlasError` does not
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def _may(room: str, target: str) -> bool:
    top = room.split(".", maxsplit=1)[0]
    return any(target == word or target.startswith(f"{word}.") for word in (top, "_version", *ROOMS[top]))


def test_imports_go_one_way() -> None:
    inside = {path: _dotted(path) for path in MODULES if _dotted(path)}
    homeless = [room for room in inside.values() if room.split(".")[0] not in ROOMS]
    assert not homeless, "in no room of docs/architecture.md"
    wrong = [
        f"{room}, line {line}: {name}; it may import {sorted(ROOMS[room.split('.')[0]])} only"
        for path, room in inside.items()
        for line, name in _imports(path)
        if name.startswith("atlas.") and not _may(room, name.removeprefix("atlas."))
    ]
    assert not wrong


def test_the_package_imports_errors_and_on_demand_its_api() -> None:
    # the package's own door: errors at the top, the api when somebody opens a project
    named = {name.split(".")[1] for _, name in _imports(PACKAGE / "__init__.py") if name.startswith("atlas.")}
    assert named <= {"_version", "errors", "moved", "api"}


def test_every_room_on_the_page_exists() -> None:
    missing = [name for name in ROOMS if not (PACKAGE / name).is_dir() and not (PACKAGE / f"{name}.py").is_file()]
    assert not missing


def test_only_render_knows_folium() -> None:
    others = [path for path in MODULES if _dotted(path).split(".")[0] != "render"]
    assert not [
        f"{_dotted(path)}, line {line}: {name}"
        for path in others
        for line, name in _imports(path)
        if name.split(".")[0] in {"folium", "branca"}
    ]


def test_modules_stay_short() -> None:
    lines = {_dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert not {room: count for room, count in lines.items() if count > 300}


def test_functions_stay_short() -> None:
    functions = [
        (path, node)
        for path in MODULES
        for node in _nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert not [
        f"{_dotted(path)}.{node.name}: {_body_lines(node)} lines" for path, node in functions if _body_lines(node) > 40
    ]


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of what a function does: without its signature and its docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not [path for path in MODULES if path.stem in {"utils", "util", "helpers", "misc", "common"}]


def test_the_export_list_is_the_namespace() -> None:
    modules = {name for name, value in vars(atlas).items() if isinstance(value, type(sys))}
    outside = modules | {"annotations", "Any", "TYPE_CHECKING"}
    public = {name for name in vars(atlas) if not name.startswith("_")} - outside
    # types are loaded when somebody asks for one
    types = {name for name in atlas.__all__ if isinstance(getattr(atlas, name), type)}
    assert set(atlas.__all__) == public | types | {"__version__"}


def test_the_citation_is_of_this_version() -> None:
    assert f"\nversion: {atlas.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize("module", ["atlas", "atlas.errors", "atlas.evidence"])
def test_importing_stays_light(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def test_maps_of_ones_own_need_no_extra() -> None:
    """Without pyarrow, which comes with an extra, everything but clouds of points is there."""
    rooms = "atlas.cli, atlas.render.single, atlas.figure, atlas.pipeline.build"
    code = f"import sys; sys.modules['pyarrow'] = None; import {rooms}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
