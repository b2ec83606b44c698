"""What the public functions say of themselves is numpydoc, names each parameter, and its examples run."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import atlas
from atlas import errors

DOORS = [
    "check",
    "claims",
    "clean",
    "disclosure",
    "evidence",
    "export",
    "field",
    "field.forms",
    "field.readers",
    "figure",
    "published",
    "release",
    "render",
    "sources",
]
_HEAD = re.compile(r"(?m)^([A-Z][a-z]+)\n-+\n")
_ENTRY = re.compile(r"(?m)^(\*{0,2}\w+(?:, \*{0,2}\w+)*)(?: : .*)?$")
# what a reader is told of in this order, as the standard has it
ORDER = ("Attributes", "Parameters", "Returns", "Yields", "Raises", "Notes", "Examples")


def _public() -> Iterator[tuple[str, Any]]:
    """Every function and class that the package and its doors give, and the methods of the classes of the package."""
    yield "atlas.open", atlas.open
    for name in atlas.__all__:
        if inspect.isclass(thing := getattr(atlas, name)):
            yield f"atlas.{name}", thing
            if not issubclass(thing, Exception):
                yield from _methods(f"atlas.{name}", thing)
    for door in DOORS:
        module = importlib.import_module(f"atlas.{door}")
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isfunction(thing) or inspect.isclass(thing):
                yield f"atlas.{door}.{name}", thing


def _methods(of: str, kind: type) -> Iterator[tuple[str, Any]]:
    for name, member in inspect.getmembers_static(kind):
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(function):
            yield f"{of}.{name}", member if isinstance(member, property) else function


PUBLIC = dict(_public())
FUNCTIONS = {name: thing for name, thing in PUBLIC.items() if inspect.isfunction(thing)}
# what the methods take and return; the fields of the fact tables are described in geodata/evidence/README.md
TYPES = {name: thing for name, thing in PUBLIC.items() if name.count(".") == 1 and dataclasses.is_dataclass(thing)}
EXAMPLES = [
    test
    for thing in PUBLIC.values()
    for test in doctest.DocTestFinder(recurse=False).find(thing, "example")
    if test.examples
]


def _sections(thing: Any) -> Mapping[str, str]:
    parts = _HEAD.split(inspect.getdoc(thing) or "")
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _entries(section: str) -> list[str]:
    """The names that a section lists, where its lines begin."""
    return [name.strip("* ") for line in _ENTRY.findall(section) for name in line.split(",")]


# one test for all: there are hundreds of names, and each looks at a text only
def test_each_begins_with_one_sentence_and_keeps_the_order() -> None:
    assert len(PUBLIC) > 100
    texts = {name: inspect.getdoc(thing) or "" for name, thing in PUBLIC.items()}
    assert {name: text for name, text in texts.items() if not re.match(r"\S[^\n]*[.:](\n\n|\Z)", text)} == {}
    orders = {name: list(_sections(thing)) for name, thing in PUBLIC.items()}
    assert orders == {name: sorted(order, key=ORDER.index) for name, order in orders.items()}


def test_each_parameter_is_named_in_order() -> None:
    assert {name: _entries(_sections(thing).get("Parameters", "")) for name, thing in FUNCTIONS.items()} == {
        name: [one for one in inspect.signature(thing).parameters if one not in {"self", "cls"}]
        for name, thing in FUNCTIONS.items()
    }


def test_what_comes_back_is_described() -> None:
    assert {name: {"Returns", "Yields"}.intersection(_sections(thing)) for name, thing in FUNCTIONS.items()} == {
        name: _section_of_result(thing) for name, thing in FUNCTIONS.items()
    }


def _section_of_result(function: Any) -> set[str]:
    returned = str(inspect.signature(function).return_annotation)
    return {"" if returned == "None" else "Yields" if returned.startswith("Iterator") else "Returns"} - {""}


def test_errors_are_those_of_the_atlas() -> None:
    raised = {name: _entries(_sections(thing).get("Raises", "")) for name, thing in PUBLIC.items()}
    strange = {name: [one for one in names if not _is_error(one)] for name, names in raised.items()}
    assert {name: names for name, names in strange.items() if names} == {}


def _is_error(name: str) -> bool:
    return isinstance(getattr(errors, name, None), type)


def test_each_field_of_a_type_is_named() -> None:
    types = {name: thing for name, thing in TYPES.items() if name != "atlas.Evidence"}
    # fields that belong together share a line
    assert {name: sorted(_entries(_sections(thing).get("Attributes", ""))) for name, thing in types.items()} == {
        name: sorted(field.name for field in dataclasses.fields(thing) if not field.name.startswith("_"))
        for name, thing in types.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.globs["__name__"] + ":" + str(one.lineno))
def test_examples_run(example: doctest.DocTest, repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)
    faults: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(example, out=faults.append)
    assert faults == []
