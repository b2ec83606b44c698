"""The columns of the form for QField and how each is asked for, from the schema of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from atlas.field.record import Field, Schema

POINTS, BY_REACH = "notes", "notes_by_reach"
PHOTOS = ("photo_1", "photo_2", "photo_3")
REACHES, MUNICIPALITIES = "border_reaches", "municipalities"
BASE = "base.gpkg"
_NOW = "format_date(now(), 'yyyy-MM-ddTHH:mm')"
# QField fills these in from the receiver; on a desk they are empty
_ACCURACY = "if(\"position_basis\" = 'gps', round(@position_horizontal_accuracy, 1), NULL)"
_WITHOUT_PLACE = frozenset({"reach", "unknown"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of notes: its name, SQL type, title, and QGIS' widget with its settings."""

    name: str
    kind: str
    title: str
    widget: str
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    default: str | None = None
    required: bool = False
    constraint: str | None = None
    why: str | None = None


def columns(schema: Schema, table: str) -> tuple[Column, ...]:
    """The columns of one of the two tables: notes with a point, or notes that only name a stretch of the border."""
    return tuple(_columns(schema, by_reach=table == BY_REACH))


def _columns(schema: Schema, *, by_reach: bool) -> Iterator[Column]:
    yield Column("id", "TEXT", "id", "Hidden", default="uuid('WithoutBraces')")
    for form_field in schema.form:
        if form_field.name == "photos":
            yield from (_photo(form_field, name) for name in PHOTOS)
        elif form_field.name == "reach":
            if by_reach:
                yield from _place(form_field)
        elif form_field.name == "position_basis":
            yield _basis(form_field, by_reach=by_reach)
        elif form_field.name == "coordinateUncertaintyInMeters":
            if not by_reach:
                yield _uncertainty(form_field)
        else:
            yield _column(form_field)


def titled(field: Field) -> str:
    """A field's title in both languages."""
    return f"{field.titles['en']} · {field.titles['es']}"


def _column(field: Field) -> Column:
    default = f"'{field.default}'" if isinstance(field.default, str) else None
    if field.values:
        return Column(field.name, "TEXT", titled(field), "ValueMap", _choices(field), default, field.required)
    if field.control == "datetime":
        shape = {"field_format": "yyyy-MM-ddTHH:mm", "display_format": "yyyy-MM-dd HH:mm", "calendar_popup": True}
        rule = f'{_match(field)} OR "{field.name}" IS NULL'
        return Column(
            field.name,
            "TEXT",
            titled(field),
            "DateTime",
            {**shape, "allow_null": True},
            _NOW,
            field.required,
            rule,
            "2026-05-04T16:20",
        )
    lines = {"IsMultiline": field.control == "multiline", "UseHtml": False}
    return Column(field.name, "TEXT", titled(field), "TextEdit", lines, default, field.required)


def _match(field: Field) -> str:
    pattern = (field.pattern or "").replace("\\", "\\\\")
    return f"regexp_match(\"{field.name}\", '{pattern}') > 0"


def _choices(field: Field, *, without: frozenset[str] = frozenset()) -> Mapping[str, Any]:
    return {
        "map": [
            (f"{titles['en']} · {titles['es']}", code) for code, titles in field.values.items() if code not in without
        ]
    }


def _basis(field: Field, *, by_reach: bool) -> Column:
    if by_reach:
        return Column(field.name, "TEXT", titled(field), "Hidden", default="'reach'")
    choices = _choices(field, without=_WITHOUT_PLACE)
    return Column(field.name, "TEXT", titled(field), "ValueMap", choices, "'gps'", field.required)


def _uncertainty(field: Field) -> Column:
    rule = f'"{field.name}" IS NULL OR "{field.name}" > 0'
    return Column(
        field.name, "REAL", titled(field), "TextEdit", {"IsMultiline": False}, _ACCURACY, constraint=rule, why="> 0"
    )


def _photo(field: Field, name: str) -> Column:
    settings = {
        "DocumentViewer": 1,
        "FileWidget": True,
        "FileWidgetButton": True,
        "RelativeStorage": 1,
        "StorageMode": 0,
        "UseLink": False,
        "FullUrl": False,
    }
    return Column(name, "TEXT", f"{titled(field)} {name[-1]}", "ExternalResource", settings)


def _place(field: Field) -> Iterator[Column]:
    base = {"AllowMulti": False, "AllowNull": False, "NofColumns": 1, "OrderByValue": False, "UseCompleter": False}
    yield Column(
        "municipality_cvegeo",
        "TEXT",
        "Municipality · Municipio",
        "ValueRelation",
        {**base, **_layer(MUNICIPALITIES), "Key": "cvegeo", "Value": "name", "OrderByValue": True},
        required=True,
    )
    within = "\"municipality_cvegeos\" LIKE '%' || current_value('municipality_cvegeo') || '%'"
    label = '"reach" || \' · km \' || round("chainage_from_km") || \'–\' || round("chainage_to_km")'
    yield Column(
        field.name,
        "TEXT",
        titled(field),
        "ValueRelation",
        {
            **base,
            **_layer(REACHES),
            "Key": "reach",
            "Value": "reach",
            "FilterExpression": within,
            "Description": label,
        },
        required=True,
    )


def _layer(name: str) -> Mapping[str, str]:
    """How QGIS finds a table of the base map again, by its id or by its file."""
    source = f"./{BASE}|layername={name}"
    return {"Layer": f"atlas_table_{name}", "LayerName": name, "LayerProviderName": "ogr", "LayerSource": source}
