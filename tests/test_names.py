"""A name says what a thing is in the field's word, never what somebody found, told or said; parts of names as well."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VAGUE = {"found", "told", "said", "says", "seen", "own", "ident", "idents"}
MODULES = [path for folder in ("atlas", "tools", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
SCRIPTS = [path for folder in ("src", "test") for path in sorted((ROOT / "web" / folder).rglob("*.js"))]
# what is no code: comments, texts (a template with all that it puts in), and members, which are keys of data too
_NO_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|\?*\.\w+", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_HUMP = re.compile(r"([a-z0-9])([A-Z])")


def _is_vague(name: str) -> bool:
    return not VAGUE.isdisjoint(_HUMP.sub(r"\1_\2", name).lower().split("_"))


def _given(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The names that a module gives to things, each with its line; a test is called by a sentence."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield from [(name, node.lineno)] * (not name.startswith("test_"))
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name, node.lineno
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node.lineno


@pytest.mark.slow
def test_python_names_things_by_what_they_are() -> None:
    vague = [path.as_posix() for path in MODULES if _is_vague(path.stem)]
    for path in MODULES:
        given = _given(ast.parse(path.read_text("utf-8")))
        vague += [f"{path.relative_to(ROOT)}:{line}: {name}" for name, line in given if _is_vague(name)]
    assert vague == []


def test_scripts_name_things_by_what_they_are() -> None:
    # the page of a user's own file is called own.html, and its script after it
    vague = [path.as_posix() for path in SCRIPTS if path.parent.name != "pages" and _is_vague(path.stem)]
    for path in SCRIPTS:
        code = _NO_CODE.sub("", path.read_text("utf-8"))
        vague += [f"{path.relative_to(ROOT)}: {name}" for name in _NAME.findall(code) if _is_vague(name)]
    assert vague == []


def test_vague_names_are_noticed() -> None:
    given = dict(_given(ast.parse("found_in = [said for said in x]\nclass Seen: ...\nfor known in found: pass\n")))
    assert sorted(filter(_is_vague, given)) == ["Seen", "found_in", "said"]
    assert _is_vague("saysTwo")
    assert not _is_vague("foundation")
