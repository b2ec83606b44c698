"""What a field record is: the fields of ``annotation.json``, and what a value of each may be."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.errors import InputError
from atlas.field.change import Json
from atlas.files import read_text
from atlas.geojson.strict import parse
from atlas.project import Project, embedded_geodata

SCHEMA_FILE = "schema/annotation.json"
_REMEDY = "restore geodata/schema/annotation.json"

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record; ``values`` maps the words of its vocabulary to their titles by language.

    ``types`` are JSON's words for what a value may be, ``kinds`` Python's. ``control`` says how a form asks for it
    (``none``: a form does not), ``default`` what holds where nobody said.
    """

    name: str
    types: tuple[str, ...]
    titles: Text
    descriptions: Text
    values: Mapping[str, Text]
    required: bool
    control: str
    default: Json
    pattern: str | None
    unit: str | None
    limits: Mapping[str, float]
    kinds: tuple[type, ...]

    def fault(self, value: Json) -> str | None:
        """Why a value cannot be kept in this field, as half a sentence; nothing when it can.

        Words that a vocabulary does not know are kept, except a sensitivity or a status: these decide what happens
        to a record, and a misspelt one must be seen.
        """
        if value is None or (self.values and isinstance(value, str) and value in self.values):
            return None
        # in Python a boolean is a number, in JSON it is none
        if not isinstance(value, self.kinds) or (isinstance(value, bool) and bool not in self.kinds):
            return f"expected {' or '.join(kind for kind in self.types if kind != 'null')}, got {value!r:.80}"
        if self.name in _CLOSED and value not in self.values:
            return f"{value!r:.80} is not one of {', '.join(self.values)}"
        if self.name == "observed_at":
            return _fault_in_date(str(value))
        if self.pattern and isinstance(value, str) and not re.fullmatch(self.pattern, value):
            return f"{value!r:.80} does not look like {_EXAMPLES.get(self.name, self.pattern)}"
        return _fault_in_size(value, self.limits)


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of a record in the order of a form, and the document they were read from."""

    fields: Mapping[str, Field]
    document: Mapping[str, Any]

    @property
    def form(self) -> tuple[Field, ...]:
        """The fields that a form asks for, in its order."""
        return tuple(field for field in self.fields.values() if field.control != "none")


_CLOSED = frozenset({"sensitivity", "status"})
_EXAMPLES = MappingProxyType({"reach": "a stretch such as R012"})
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "maxLength")
_KINDS: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {"string": (str,), "number": (int, float), "array": (list,), "object": (Mapping,), "boolean": (bool,)}
)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def annotation_schema(project: Project | None = None) -> Schema:
    """The schema of a record: the project's own where it has one, else the one that came with the atlas.

    Raises
    ------
    InputError
        The file is missing, or no schema of a record.
    """
    project_file = project.geodata / SCHEMA_FILE if project else None
    return read_schema(project_file if project_file and project_file.is_file() else embedded_geodata() / SCHEMA_FILE)


@cache
def read_schema(path: Path) -> Schema:
    """A schema of a record from a file.

    Raises
    ------
    InputError
        The file is missing, or no schema of a record.
    """
    try:
        document = parse(read_text(path, remedy=_REMEDY))
        described = document["properties"]["properties"]
        required = described.get("required", [])
        fields = {
            name: _field(name, described_field, name in required)
            for name, described_field in described["properties"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path} is not the schema of a field record ({type(error).__name__}: {error}); {_REMEDY}"
        raise InputError(msg) from error
    return Schema(MappingProxyType(fields), MappingProxyType(document))


def _field(name: str, stated: Mapping[str, Any], required: bool) -> Field:  # noqa: FBT001 - one of the parts
    kinds = stated["type"]
    words = {word["const"]: MappingProxyType(word["titles"]) for word in stated.get("oneOf", []) if "const" in word}
    types = tuple([kinds] if isinstance(kinds, str) else kinds)
    return Field(
        name=name,
        types=types,
        titles=MappingProxyType(stated["titles"]),
        descriptions=MappingProxyType(stated["descriptions"]),
        values=MappingProxyType(words),
        required=required,
        control=stated.get("control", "choice" if words else "text"),
        default=stated.get("default"),
        pattern=stated.get("pattern"),
        unit=stated.get("unit"),
        limits=MappingProxyType({key: stated[key] for key in _LIMITS if key in stated}),
        kinds=tuple(kind for word in types for kind in _KINDS.get(word, ())),
    )


def _fault_in_date(text: str) -> str | None:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        if not _MONTH.fullmatch(text):
            return f"{text!r:.80} is not a date of ISO 8601, such as 2026-05-04 or 2026-05-04T16:20"
    return None


def _fault_in_size(value: Json, limits: Mapping[str, float]) -> str | None:
    if isinstance(value, str):
        if len(value) > limits.get("maxLength", len(value)):
            return f"{len(value):,} characters are too many; at most {limits['maxLength']:,}"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low, high = limits.get("exclusiveMinimum", -math.inf), limits.get("maximum", math.inf)
        if not low < value <= high:
            return f"{value!r} is not between {low:g} and {high:g}"
    elif isinstance(value, Sequence) and not all(isinstance(v, str) for v in value):
        return f"expected a list of names, got {value!r:.80}"
    return None
