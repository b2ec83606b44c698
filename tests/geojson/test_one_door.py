"""One room makes values of JSON text: who parses beside it has rules of their own about what stands twice or is NaN."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "atlas"
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if "vendor" not in path.parts]
PARSERS = {"json", "orjson", "simplejson", "ujson", "rapidjson", "msgspec", "ijson", "geojson"}
READING = {"loads", "load", "JSONDecoder", "decoder", "scanner", "raw_decode", "from_geojson", "read_json"}
# none: package data, ledgers and cells of tables go through atlas/geojson/strict.py, the store through stored.py
ELSEWHERE: dict[str, str] = {}


def _parsing(path: Path) -> Iterator[str]:
    """Where a module parses JSON text: by a function of a parser or of a library for shapes, or by another name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in READING:
            owner = ast.unparse(node.value)
            if owner in PARSERS or node.attr in {"JSONDecoder", "raw_decode", "from_geojson", "read_json"}:
                yield f"line {node.lineno}: {owner}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PARSERS:
            yield from (f"line {node.lineno}: {name.name}" for name in node.names if name.name in READING)
        elif isinstance(node, ast.Import):
            yield from (
                f"line {node.lineno}: {n.name} as {n.asname}" for n in node.names if n.name in PARSERS and n.asname
            )


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_only_one_room_parses_json() -> None:
    others = [path for path in FILES if not _room(path).startswith("geojson/") and _room(path) not in ELSEWHERE]
    assert len(others) > 500
    assert {_room(path): beside for path in others if (beside := list(_parsing(path)))} == {}


def test_the_room_parses_in_its_profiles_only() -> None:
    here = {_room(path) for path in FILES if _room(path).startswith("geojson/") and list(_parsing(path))}
    assert here == {
        f"geojson/{name}.py"
        # the atlas' own shapes, long coordinates, names of members, what the program stored, and the three profiles
        for name in (
            "shapely_geometries",
            "lazy_json",
            "plain_line",
            "position_text",
            "repeated",
            "stored",
            "strict",
            "tolerant",
            "streaming",
            "text_offset",
        )
    }
