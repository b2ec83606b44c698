"""Holds features against a layer's JSON Schema: the words of JSON Schema that the atlas' schemas use, no others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atlas.check.messages import kind_of
from atlas.check.model import Findings
from atlas.errors import UsageError
from atlas.geojson.model import Item, JsonPath
from atlas.geojson.path import shown

Schema = Mapping[str, Any]

_ANNOTATIONS = {"$schema", "$id", "title", "description"}
_KNOWN = _ANNOTATIONS | {
    *("type", "enum", "const", "anyOf", "required", "properties", "additionalProperties"),
    *("items", "minItems", "maxItems", "minLength", "pattern", "minimum", "maximum"),
}
_KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}


@dataclass(frozen=True, slots=True)
class LayerSchema:
    """The part of a schema for one feature, and that for the outermost object."""

    feature: Schema
    root: Schema

    def check(self, item: Item, findings: Findings) -> None:
        """Hold one feature against it."""
        for path, message in _faults(item.value, self.feature, ()):
            findings.add("schema", item, message, path=path)

    def look_at_root(self, item: Item, findings: Findings) -> None:
        """Hold the outermost object, but for its features, against it."""
        for path, message in _faults(item.value, self.root, ()):
            findings.add("schema", item, message, path=path)


def layer_schema(schema: Schema) -> LayerSchema:
    """Make a schema of a FeatureCollection ready.

    Raises
    ------
    UsageError
        It is not the schema of a layer, or says something that this check does not know.
    """
    if unknown := sorted(set(_words(schema)) - _KNOWN):
        msg = f"the schema uses {', '.join(unknown)}, which `atlas check` does not know; use a full validator for it"
        raise UsageError(msg)
    try:
        feature = schema["properties"]["features"]["items"]
    except (KeyError, TypeError) as error:
        msg = "the schema is not that of a layer: it says nothing about properties.features.items"
        raise UsageError(msg) from error
    others = {key: value for key, value in schema["properties"].items() if key != "features"}
    required = [key for key in schema.get("required", []) if key != "features"]
    return LayerSchema(feature, {**schema, "properties": others, "required": required})


def _words(schema: Schema) -> Iterator[str]:
    if not isinstance(schema, Mapping):
        return
    yield from schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    for part in (*inner, schema.get("items"), schema.get("additionalProperties")):
        if isinstance(part, Mapping):
            yield from _words(part)


def _faults(value: object, schema: Schema, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    if "anyOf" in schema:
        each = [list(_faults(value, one, path)) for one in schema["anyOf"]]
        if all(each):
            # the deepest look says most: a value of the wrong kind fails at once in the others
            yield max(each, key=lambda faults: (len(faults[0][0]), len(faults[0][1])))[0]
        return
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield path, f"The schema wants {' or '.join(kinds)} here, not {kind_of(value)}."
        return
    if "const" in schema and value != schema["const"]:
        yield path, f"The schema wants {shown(str(schema['const']))} here."
    if "enum" in schema and value not in schema["enum"]:
        wanted = ", ".join(str(one) for one in schema["enum"])
        yield path, f"{shown(str(value))} is not one of {wanted}."
    yield from _inner_faults(value, schema, path)


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _KINDS.get(kind, ()))


def _inner_faults(value: object, schema: Schema, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    if isinstance(value, str):
        yield from _text_faults(value, schema, path)
    elif isinstance(value, int | float):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            yield path, f"{value} is outside what the schema allows."
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield path, f"The schema does not want {len(value)} elements here."
        for n, one in enumerate(value if "items" in schema else ()):
            yield from _faults(one, schema["items"], (*path, n))
    elif isinstance(value, dict):
        yield from _members(value, schema, path)


def _text_faults(value: str, schema: Schema, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    if len(value) < schema.get("minLength", 0):
        yield path, f"The schema wants at least {schema['minLength']} characters here."
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield path, f"{shown(value)} is not of the form {schema['pattern']}."


def _members(value: Mapping[str, object], schema: Schema, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    for key in schema.get("required", []):
        if key not in value:
            yield path, f"The schema wants {shown(key)}, which is missing."
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for key, one in value.items():
        if key in known:
            yield from _faults(one, known[key], (*path, key))
        elif others is False:
            yield (*path, key), f"{shown(key)} is not in the schema: remove it, or correct its spelling."
        elif isinstance(others, Mapping):
            yield from _faults(one, others, (*path, key))
