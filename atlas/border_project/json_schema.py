"""The JSON Schema (2020-12) of a project file, made of the table of keys that the reader holds it to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from atlas.border_project.keys import FIGURES, LISTS, NAMED_TABLES, TABLES, WIDEST_GAP_M, Key
from atlas.border_project.model import GIVEN_LINE
from atlas.border_project.overlays import LEAST_ZOOM, MOST_ZOOM

_TEXT = {"type": "string", "pattern": "\\S"}
_BY_LANGUAGE = {"type": "object", "required": ["en", "es"], "additionalProperties": _TEXT}
_LONGITUDE = {"type": "number", "minimum": -180, "maximum": 180}
_LATITUDE = {"type": "number", "minimum": -90, "maximum": 90}
_POSITION = {"type": "array", "prefixItems": [_LONGITUDE, _LATITUDE], "minItems": 2, "maxItems": 2}
_KINDS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "text": _TEXT,
        "phrase": {"anyOf": [_TEXT, _BY_LANGUAGE]},
        "words": _BY_LANGUAGE,
        "tags": {
            "type": "object",
            "required": ["en", "es"],
            "additionalProperties": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"},
        },
        "names": {"type": "object", "minProperties": 1, "additionalProperties": _TEXT},
        "widths": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": 20},
                "minItems": 1,
            },
        },
        "texts": {"type": "array", "items": _TEXT},
        "code": {"type": "string", "pattern": "^[A-Za-z0-9]{1,12}$"},
        "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "frame": {"type": "string", "pattern": "^(EPSG:[0-9]{4,6}|\\+proj=.+)$"},
        "flag": {"type": "boolean"},
        "positive": {"type": "number", "exclusiveMinimum": 0},
        "gap": {"type": "number", "exclusiveMinimum": 0, "maximum": WIDEST_GAP_M},
        "hours": {
            "type": "array",
            "items": {"type": "number", "minimum": -12, "maximum": 14, "multipleOf": 0.25},
            "minItems": 1,
        },
        "run": {"type": "integer", "minimum": 5, "maximum": 15},
        "zoom": {"type": "number", "minimum": LEAST_ZOOM, "maximum": MOST_ZOOM},
        "year": {"type": "integer", "minimum": 1700, "maximum": 2100},
        "calling": {"type": "array", "items": {"type": "string", "pattern": "^[0-9]{1,4}$"}},
        "digits": {"type": "string", "pattern": "^[0-9](-[0-9])?$"},
        "counts": {"type": "array", "items": {"type": "string", "pattern": "^[1-9](-[1-9])?$"}, "minItems": 2},
        "languages": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[a-z]{2,3}$"},
            "allOf": [{"contains": {"const": "en"}}, {"contains": {"const": "es"}}],
            "uniqueItems": True,
        },
        "position": _POSITION,
        "positions": {"type": "array", "items": _POSITION},
        "box": {
            "type": "array",
            "prefixItems": [_LONGITUDE, _LATITUDE, _LONGITUDE, _LATITUDE],
            "minItems": 4,
            "maxItems": 4,
        },
    }
)
# what one key asks of another, by table
_TOGETHER: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "border": {"if": {"properties": {"way": {"const": GIVEN_LINE}}}, "then": {"required": ["source"]}},
        "border.start": {"if": {"properties": {"kind": {"const": "given point"}}}, "then": {"required": ["position"]}},
        "border.end": {"if": {"properties": {"kind": {"const": "given point"}}}, "then": {"required": ["position"]}},
        "telephones": {"anyOf": [{"required": ["groups"]}, {"required": ["digits"]}]},
        "disputes": {"dependentRequired": {"from": ["to"], "to": ["from"]}},
    }
)


def json_schema() -> dict[str, Any]:
    """The schema of a project file, for editors."""
    made = {name: _schema_of(name, keys) for name, keys in TABLES.items()}
    claims = made.pop("disputes.claims")
    made["disputes"]["properties"]["claims"] = {"type": "array", "items": claims, "minItems": 2}
    made["disputes"]["required"].append("claims")
    start, end, border = made.pop("border.start"), made.pop("border.end"), made["border"]
    border["properties"] |= {"start": start, "end": end}
    for name in LISTS:
        made[name] = {"type": "array", "items": made[name], "minItems": 1}
    for name in NAMED_TABLES:
        made[name] = {"type": "object", "additionalProperties": made[name]}
    made["figures"]["propertyNames"] = {"enum": list(FIGURES)}
    made["languages"]["propertyNames"] = {"pattern": "^[a-z]{2,3}$", "not": {"enum": ["en", "es"]}}
    made["texts"] = {
        "type": "object",
        "propertyNames": {"enum": ["en", "es"]},
        "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "atlas.toml: a border as a project",
        "type": "object",
        "additionalProperties": False,
        "required": ["project", "here", "neighbours", "border", "sources"],
        "properties": made,
    }


def _schema_of(name: str, keys: Mapping[str, Key]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key, about in keys.items() if about.required],
        "properties": {key: _property(about) for key, about in keys.items()},
        **_TOGETHER.get(name, {}),
    }


def _property(key: Key) -> dict[str, Any]:
    words = {"enum": list(key.words)} if key.words else {}
    return {**_KINDS[key.kind], "description": key.about, **words}
