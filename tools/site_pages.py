"""Pages of the documentation that are made: of docstrings, of executed notebooks, of a JSON Schema."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "docs" / "notebooks"
PROJECT_SCHEMA = ROOT / "atlas" / "border_project" / "project.schema.json"
# the parts of the library's one object, and what its words give that has words of its own
_OBJECT = ("api", "contents", "depiction", "placing", "derivation", "releasing")
_GIVEN = ("pipeline/composed_map", "pipeline/notebook", "deposit/citation", "deposit/citable", "errors")
_PLURAL = {"text": "texts", "number": "numbers", "whole number": "whole numbers"}
_SECTION = re.compile(r"^(?=\w+\n-{3,}$)", re.MULTILINE)


def python_page() -> str:
    """The library's object with its methods, and the classes that these give, out of their docstrings."""
    lead = "`import atlas`, then `atlas.open()` gives the open project, with these words. Degrees are longitude first."
    parts = ["# Python", lead]
    for module in _OBJECT:
        parts += [part for node in _classes(module) for method in _methods(node) for part in _described(method, "##")]
    parts.append("## What the words give")
    for module in _GIVEN:
        for node in _classes(module):
            head, *sections = _parts(node)
            parts += [f"### `{node.name}`", head, *map(_section, sections)]
            parts += [part for method in _methods(node) for part in _described(method, "####")]
    return "\n\n".join(parts) + "\n"


def notebook_pages() -> dict[str, str]:
    """A page for each notebook, with its outputs as they stand in it, by its path in the documentation."""
    return {f"notebooks/{path.stem}.md": _notebook(path) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}


def project_file_page() -> str:
    """The tables and keys of ``atlas.toml``, out of its JSON Schema."""
    schema = json.loads(PROJECT_SCHEMA.read_text("utf-8"))
    lead = (
        "Every table and key of `atlas.toml`, out of the JSON Schema that comes with the program "
        "(`atlas/border_project/project.schema.json`). [Any border](borders.md) shows how they are used."
    )
    tables = "\n\n".join(_tables(schema, "", schema.get("$defs", {})))
    return f"# The project file\n\n{lead}\n\n{tables}\n"


def _classes(module: str) -> list[ast.ClassDef]:
    tree = ast.parse((ROOT / "atlas" / f"{module}.py").read_text("utf-8"))
    return [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def _methods(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
            yield member


def _parts(node: ast.ClassDef | ast.FunctionDef) -> list[str]:
    head, *sections = _SECTION.split(re.sub(r"``|(?<!`)`(?!`)", "`", ast.get_docstring(node) or ""))
    return [head.strip(), *sections]


def _described(method: ast.FunctionDef, level: str) -> list[str]:
    decorators = {item.id for item in method.decorator_list if isinstance(item, ast.Name)}
    arguments = [argument.arg for argument in (*method.args.args, *method.args.kwonlyargs)]
    shown = ", ".join(name for name in arguments if name not in {"self", "cls"})
    signature = method.name if "property" in decorators else f"{method.name}({shown})"
    head, *sections = _parts(method)
    return [f"{level} `{signature}`", *_typed(method, "property" in decorators), head, *map(_section, sections)]


def _typed(method: ast.FunctionDef, as_property: bool) -> list[str]:  # noqa: FBT001 - a fact of the method
    """The signature with types and defaults, as Python writes it."""
    if as_property or len([*method.args.args, *method.args.kwonlyargs]) < 2:  # noqa: PLR2004 - self alone
        return []
    returns = f" -> {ast.unparse(method.returns)}" if method.returns else ""
    listed = ast.unparse(method.args).removeprefix("self, ").removeprefix("cls, ")
    return [f"```python\n{method.name}({listed}){returns}\n```"]


def _section(text: str) -> str:
    """A section of numpydoc as Markdown: its heading bold, its names as a list, examples as code."""
    title, _, *lines = text.strip().split("\n")
    if title == "Examples":
        return "**Examples**\n\n```pycon\n" + "\n".join(lines).strip() + "\n```"
    items: list[str] = []
    for line in lines:
        if line.strip() and not line.startswith(" "):
            items.append(f"- `{line.strip()}`:")
        elif line.strip() and items:
            items[-1] += f" {line.strip()}"
    return f"**{title}**\n\n" + "\n".join(items)


def _notebook(path: Path) -> str:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    first, *others = [part for cell in cells for part in _cell(cell)]
    note = f"[This notebook]({path.name}) is executed, and a test holds what it printed."
    return "\n\n".join([first, note, *others]) + "\n"


def _cell(cell: Mapping[str, Any]) -> Iterator[str]:
    source = "".join(cell["source"]).strip()
    if cell["cell_type"] != "code":
        yield source
        return
    yield f"```python\n{source}\n```"
    for output in cell["outputs"]:
        text = "".join(output.get("text") or output.get("data", {}).get("text/plain", ""))
        yield f"```text\n{text.rstrip()}\n```"


def _tables(node: Mapping[str, Any], name: str, shared: Mapping[str, Any]) -> Iterator[str]:
    """A table of the file with its keys, then the tables within it."""
    keys, within = [], []
    for key, value in node.get("properties", {}).items():
        inner, brackets = _inner(value, shared)
        if inner is None:
            required = "yes" if key in node.get("required", []) else ""
            keys.append(f"| `{key}` | {_kind(value)} | {required} | {value.get('description', '')} |")
        else:
            within.append((inner, f"{name}.{key}".lstrip("."), brackets))
    if keys:
        yield "| key | kind | required | what it says |\n|---|---|---|---|\n" + "\n".join(keys)
    for inner, path, (begin, end) in within:
        yield f"## `{begin}{path}{end}`"
        yield from _tables(inner, path, shared)


def _inner(value: Mapping[str, Any], shared: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, tuple[str, str]]:
    """The table that a key holds, and the brackets that begin it: two for one of many."""
    resolved = shared.get(str(value.get("$ref", "")).rpartition("/")[2], value)
    if resolved.get("type") == "array":
        items = resolved.get("items", {})
        items = shared.get(str(items.get("$ref", "")).rpartition("/")[2], items)
        return (items, ("[[", "]]")) if "properties" in items else (None, ("", ""))
    if "properties" in resolved:
        return resolved, ("[", "]")
    named = resolved.get("additionalProperties")
    if isinstance(named, dict) and "properties" in named:
        return named, ("[", ".NAME]")
    return None, ("", "")


def _kind(value: Mapping[str, Any]) -> str:
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    kind = str(value.get("type", "text"))
    if kind == "array":
        kind = _kind(value.get("items", {}))
        return f"list of {_PLURAL.get(kind, kind)}"
    if kind == "object":
        return "table of texts"
    return {"string": "text", "boolean": "`true` or `false`", "integer": "whole number"}.get(kind, kind)
