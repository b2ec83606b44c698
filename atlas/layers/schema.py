"""What the layers are: titles, geometry, and each field with its type and unit, read from ``schema.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from atlas.border_project import FOLDER, shipped_border, with_names
from atlas.errors import UsageError

Text = Mapping[str, str]

_JSON_TYPES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "string": {"type": "string", "minLength": 1},
        "integer": {"type": "integer"},
        "number": {"type": "number"},
        "boolean": {"type": "boolean"},
        "strings": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "numbers": {"type": "array", "items": {"type": "number"}},
        "intervals": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        },
    },
)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A property of a layer's features; ``values`` maps codes to their names by language.

    ``description`` says what the title cannot, where there is something to say.
    """

    name: str
    type: str
    title: Text
    unit: str | None = None
    nullable: bool = False
    values: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    description: Text | None = None

    def as_json(self) -> dict[str, Any]:
        """The field as the registry carries it."""
        described: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "unit": self.unit,
            "nullable": self.nullable,
            "title": dict(self.title),
        }
        if self.description:
            described["description"] = dict(self.description)
        if self.values:
            described["values"] = {code: dict(text) for code, text in self.values.items()}
        return described

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of the property's value."""
        schema: dict[str, Any] = dict(_JSON_TYPES[self.type])
        if self.values:
            codes = {"enum": list(self.values)}
            schema = (
                {**schema, "items": {**schema["items"], **codes}} if self.type == "strings" else {**schema, **codes}
            )
        about = {"description": self.description["en"]} if self.description else {}
        titled = {"title": self.title["en"], **about, **schema}
        return {"anyOf": [titled, {"type": "null"}]} if self.nullable else titled


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A layer: what it is called, what shapes it has, which sources it is drawn from, its fields in order."""

    name: str
    title: Text
    description: Text
    geometry_types: tuple[str, ...]
    unplaced: bool
    sensitivity: str
    source_keys: tuple[str, ...]
    fields: tuple[FieldSpec, ...]

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of the layer's file."""
        shapes: list[dict[str, Any]] = [
            {
                "type": "object",
                "required": ["type", "coordinates"],
                "properties": {"type": {"enum": list(self.geometry_types)}},
            },
        ]
        if self.unplaced:
            shapes.append({"type": "null"})
        properties = {spec.name: spec.json_schema() for spec in self.fields}
        one = {
            "type": "object",
            "required": ["type", "id", "geometry", "properties"],
            "additionalProperties": False,
            "properties": {
                "type": {"const": "Feature"},
                "id": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
                "geometry": {"anyOf": shapes},
                "properties": {
                    "type": "object",
                    "required": list(properties),
                    "additionalProperties": False,
                    "properties": {**properties, "source_ids": {**properties["source_ids"], "minItems": 1}},
                },
            },
        }
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.title["en"],
            "description": self.description["en"],
            "type": "object",
            "required": ["type", "features"],
            "additionalProperties": False,
            "properties": {
                "type": {"const": "FeatureCollection"},
                "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
                "features": {"type": "array", "items": one},
            },
        }


@cache
def layer_specs() -> Mapping[str, LayerSpec]:
    """All layers of the border that the atlas comes with by name, in the order in which they are listed."""
    words = tomllib.loads((FOLDER / "layers.toml").read_text("utf-8"))
    names = {side.code: [side.name["en"], side.name["es"]] for side in shipped_border().neighbours}
    words["fields"] |= {name: {"values": names} for name in ("neighbour", "neighbours")}
    tables = _tables()
    tables = {**tables, "shared": _merged(tables["shared"], words.pop("fields"))}
    layers = _merged(tables["layer"], words)
    return MappingProxyType({name: _layer(name, table, tables) for name, table in layers.items()})


@cache
def general_spec(name: str) -> LayerSpec:
    """A layer of any border, whose title, description and sources are still to be said."""
    tables = _tables()
    unsaid = {"en": name, "es": name, "about_en": "", "about_es": "", "sources": ()}
    return _layer(name, {**unsaid, **tables["layer"][name]}, tables)


def _tables() -> dict[str, Any]:
    return tomllib.loads(with_names(resources.files("atlas.layers").joinpath("schema.toml").read_text("utf-8")))


def _merged(tables: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    """Tables with the words of others of the same names in them, however deep."""
    made = dict(tables)
    for name, table in words.items():
        made[name] = _merged(made.get(name, {}), table) if isinstance(table, dict) else table
    return made


def layer_spec(name: str) -> LayerSpec:
    """One layer.

    Raises
    ------
    UsageError
        There is no layer of this name.
    """
    specs = layer_specs()
    if name not in specs:
        msg = f"there is no layer {name!r}; the layers are {', '.join(specs)}"
        raise UsageError(msg)
    return specs[name]


def _layer(name: str, table: Mapping[str, Any], tables: Mapping[str, Any]) -> LayerSpec:
    known = {**tables["shared"], **table.get("own", {})}
    listed = [
        _field(key.removesuffix("?"), known[key.removesuffix("?")], nullable=key.endswith("?"))
        for key in table["fields"]
    ]
    common = [_field(key, value) for key, value in tables["common"].items()]
    return LayerSpec(
        name=name,
        title=MappingProxyType({"en": table["en"], "es": table["es"]}),
        description=_about(table),
        geometry_types=tuple(table["geometry"]),
        unplaced=table.get("unplaced", False),
        sensitivity=table.get("sensitivity", "open"),
        source_keys=tuple(table["sources"]),
        fields=(*listed, *common),
    )


def _field(name: str, table: Mapping[str, Any], *, nullable: bool = False) -> FieldSpec:
    values = {code: MappingProxyType({"en": en, "es": es}) for code, (en, es) in table.get("values", {}).items()}
    return FieldSpec(
        name=name,
        type=table["type"],
        title=MappingProxyType({"en": table["en"], "es": table["es"]}),
        unit=table.get("unit"),
        nullable=nullable or table.get("null", False),
        values=MappingProxyType(values),
        description=_about(table) if "about_en" in table else None,
    )


def _about(table: Mapping[str, Any]) -> Text:
    return MappingProxyType({"en": table["about_en"], "es": table["about_es"]})
