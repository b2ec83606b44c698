"""Every regular expression of the atlas takes time in proportion to its text, also on texts made to hold it up."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.slow

TINY, SMALL, LARGE = 1_000, 12_500, 50_000
# four times the text may take so many times as long
RATIO = 8
# what takes less for the small text is too short to be measured, and cannot be quadratic
MEASURABLE_S = 0.008
ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "atlas"
METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")
# what stands often in data, in pages and between numbers
PIECES = (
    *"aA10-+.,;:/_=&%#@([{<>)]}'\"\\°éñ",
    *(" ", "\t", "\n", "\r\n", "\x00"),
    *("a ", "Aa ", "1 ", "1,", "1.", "-1.5,", "a.", "a@", "<a ", "<!--", "</", "[1,", '{"a":', '"a",', "\\u", "&#1"),
)


class Pattern(NamedTuple):
    where: str
    method: str
    compiled: re.Pattern[Any]


def _modules() -> Iterator[tuple[Path, Any, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if (
            "vendor" not in path.parts
            and path.name != "__main__.py"
            and re.search(r"\bre\.|\.(?:sub|finditer)\(", text)
        ):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield path, importlib.import_module(dotted), ast.parse(text)


def _called(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names of patterns, and what is asked of them: ``_WORD.findall`` anywhere, also without a call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            yield name, node.attr


def _asked() -> dict[tuple[Path | None, str], set[str]]:
    """What is asked of a pattern, by its name: a private one in its module, another anywhere."""
    asked: dict[tuple[Path | None, str], set[str]] = {}
    for path, _, tree in _modules():
        for name, method in _called(tree):
            asked.setdefault((path if name.startswith("_") else None, name), set()).add(method)
    return asked


def _listed() -> Iterator[tuple[str, re.Pattern[Any], set[str]]]:
    """Patterns that a module holds by name or in a collection, those written where they are used, and the schema's."""
    asked = _asked()
    for path, module, tree in _modules():
        here = path.relative_to(PACKAGE).as_posix()
        for name, value in vars(module).items():
            methods = asked.get((path if name.startswith("_") else None, name), set())
            yield from ((f"{here} {name}", compiled, methods) for compiled in _held(value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_written_here(node) and (compiled := _written(node, module)):
                yield f"{here}:{node.lineno}", compiled, {node.func.attr}  # type: ignore[attr-defined]
    for file in sorted((ROOT / "geodata" / "schema").glob("*.json")):
        for text in _schema_patterns(json.loads(file.read_text(encoding="utf-8"))):
            yield f"schema/{file.name}", re.compile(text), {"search"}


@cache
def _patterns() -> tuple[Pattern, ...]:
    kept: dict[tuple[Any, int, str], Pattern] = {}
    for where, compiled, methods in _listed():
        # looking for all is the dearest that can be asked
        for method in {"finditer" if one in METHODS[3:] else one for one in methods or {"finditer"}}:
            kept.setdefault((compiled.pattern, compiled.flags, method), Pattern(where, method, compiled))
    return tuple(kept.values())


def _is_written_here(node: ast.Call) -> bool:
    function = node.func
    owner = function.value if isinstance(function, ast.Attribute) and function.attr in METHODS else None
    # what is compiled has a name
    return isinstance(owner, ast.Name) and owner.id == "re" and bool(node.args)


def _held(value: object, depth: int = 2) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _held(one, depth - 1)
    elif depth and isinstance(value, Mapping):
        for one in value.values():
            yield from _held(one, depth - 1)


def _written(node: ast.Call, module: Any) -> re.Pattern[Any] | None:
    flags = [word.value for word in node.keywords if word.arg == "flags"]
    flags += node.args[{"sub": 4, "subn": 4, "split": 3, "compile": 1}.get(node.func.attr, 2) :]  # type: ignore[attr-defined]
    try:
        text, *more = (eval(ast.unparse(part), vars(module)) for part in (node.args[0], *flags))  # noqa: S307
        return re.compile(text, *more)
    except (NameError, TypeError):
        # made of what is only known when it runs: with numbers of the usual size
        text = re.sub(r"\{%d\}", "{40}", str(getattr(getattr(node.args[0], "left", None), "value", b""), "latin-1"))
        return re.compile(text.encode()) if text else None


def _schema_patterns(document: Any) -> Iterator[str]:
    for key, value in document.items() if isinstance(document, dict) else enumerate(document):
        if key == "pattern" and isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            yield from _schema_patterns(value)


def _samples(parsed: Any) -> Iterator[tuple[str, str]]:
    """Of a parsed pattern: texts that lead to each repetition in it, and what is repeated there."""
    before = ""
    for kind, value in parsed:
        name = str(kind)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            one = _text(value[2])
            yield from ((before + lead, inner) for lead, inner in _samples(value[2]))
            if value[1] > 8:
                yield before, one
        elif name == "SUBPATTERN":
            yield from ((before + lead, inner) for lead, inner in _samples(value[3]))
        elif name == "BRANCH":
            for branch in value[1]:
                yield from ((before + lead, inner) for lead, inner in _samples(branch))
        before += _text([(kind, value)])
    yield "", before


def _text(parsed: Any) -> str:
    """A text that a parsed pattern matches, more or less."""
    pieces = []
    for kind, value in parsed:
        name = str(kind)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            pieces.append(_text(value[2]) * min(max(value[0], 1), 300))
        elif name == "SUBPATTERN":
            pieces.append(_text(value[3]))
        elif name == "ATOMIC_GROUP":
            pieces.append(_text(value))
        elif name == "BRANCH":
            pieces.append(_text(value[1][0]))
        elif name == "LITERAL":
            pieces.append(chr(value))
        elif name == "NOT_LITERAL":
            pieces.append("a" if value != ord("a") else "b")
        elif name == "ANY":
            pieces.append("a")
        elif name == "IN":
            pieces.append(_member(value))
    return "".join(pieces)


CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_SPACE": "a"}


def _member(members: Any) -> str:
    names = [(str(kind), value) for kind, value in members]
    if names[0][0] == "NEGATE":
        pattern = re.compile("".join(re.escape(chr(value)) for name, value in names if name == "LITERAL") or "\x00")
        return next(one for one in "a1 ([" if not pattern.match(one))
    name, value = names[0]
    return chr(value) if name == "LITERAL" else chr(value[0]) if name == "RANGE" else CATEGORIES.get(str(value), "!")


def _texts(pattern: re.Pattern[Any]) -> Iterator[str]:
    """What is to be repeated, with what leads to it."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for before, inner in dict.fromkeys(_samples(re._parser.parse(source, pattern.flags & ~re.UNICODE))):  # type: ignore[attr-defined]
        yield f"{before}\x01{inner}"
        for cut in {1, len(before + inner) // 2, len(before + inner) - 1}:
            yield f"\x01{(before + inner)[:cut]}"
        yield f"\x01{before}{inner}"
        yield f"\x01{before}{inner * 3}"


def _made(recipe: str, size: int) -> str:
    before, _, inner = recipe.partition("\x01")
    return before + (inner or "a") * ((size - len(before)) // len(inner or "a")) + "\x02"


def _seconds(run: Callable[[], object], times: int) -> float:
    spent = []
    for _ in range(times):
        start = time.process_time()
        run()
        spent.append(time.process_time() - start)
    return min(spent)


def _run(pattern: Pattern, text: str) -> Callable[[], object]:
    data: Any = text if isinstance(pattern.compiled.pattern, str) else text.encode("latin-1", "replace")
    if pattern.method == "finditer":
        return lambda: sum(1 for _ in pattern.compiled.finditer(data))
    return lambda: getattr(pattern.compiled, pattern.method)(data)


def _slow(pattern: Pattern) -> str | None:
    """A text on which a pattern takes more than its share of time."""
    recipes = dict.fromkeys([*(f"\x01{piece}" for piece in PIECES), *_texts(pattern.compiled)])
    usual = MEASURABLE_S / 1.5
    for recipe in recipes:
        # what is worse than quadratic would never end
        if _seconds(_run(pattern, _made(recipe, TINY)), 1) > 5 * MEASURABLE_S:
            return f"{pattern.where} ({pattern.method}) on {recipe[:60]!r}: much for {TINY:,} characters"
        small = _seconds(_run(pattern, _made(recipe, SMALL)), 1)
        if small > 20 * MEASURABLE_S:
            return f"{pattern.where} ({pattern.method}) on {recipe[:60]!r}: {small:.3f} s for {SMALL:,} characters"
        if small < 1.5 * usual:
            continue
        # most that are slow are so in proportion, which shows at less cost
        if small < RATIO * 0.75 * _seconds(_run(pattern, _made(recipe, SMALL // 4)), 2):
            usual = max(usual, small)
            continue
        small = min(small, _seconds(_run(pattern, _made(recipe, SMALL)), 2))
        large = _run(pattern, _made(recipe, LARGE))
        if small >= MEASURABLE_S and _seconds(large, 1) > RATIO * small and _seconds(large, 2) > RATIO * small:
            return f"{pattern.where} ({pattern.method}) on {recipe[:60]!r}: {small:.3f} s for {SMALL:,} characters"
    return None


@pytest.mark.slow(20)
def test_patterns_take_time_in_proportion() -> None:
    patterns = _patterns()
    assert len(patterns) > 150
    assert [fault for fault in map(_slow, patterns) if fault] == []


def test_a_pattern_that_backtracks_is_noticed() -> None:
    for text in (r"<script\b[^>]*>", r"\s+$"):
        assert _slow(Pattern("here", "finditer", re.compile(text))), text


def test_patterns_in_scripts_take_time_in_proportion() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    files = sorted((PACKAGE.parent / "web" / "src").rglob("*.js"))
    names = [str(path) for path in files]
    command = [node, str(Path(__file__).parent / "data" / "patterns.mjs"), str(SMALL), str(LARGE), str(RATIO), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 15
