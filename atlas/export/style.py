"""How QGIS draws a table: the signs of ``signs.toml`` put into QGIS' own XML by templates."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, Undefined

from atlas.border_project import FOLDER, with_names
from atlas.border_project.expected_region import region
from atlas.export.layer_tables import Table, table_title, titles

_SYMBOLS = {"points": "marker", "lines": "line", "areas": "fill"}
_GEOMETRIES = {"points": "Point", "lines": "Line", "areas": "Polygon"}
# around the point, curved along the line, horizontal in the area: QGIS' numbers for them
_PLACEMENTS = {"points": 6, "lines": 3, "areas": 4}
_PRIORITIES = {"points": 6, "lines": 4, "areas": 3}
_NO_GEOMETRY = 4
_PLAIN: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "marker": ({"class": "SimpleMarker", "name": "circle", "color": "#5b5b5b", "size": "2"},),
    "line": ({"class": "SimpleLine", "line_color": "#5b5b5b", "line_width": "0.4"},),
    "fill": ({"class": "SimpleFill", "color": "#335b5b5b", "outline_color": "#5b5b5b"},),
}


def signs() -> Mapping[str, Any]:
    """What ``signs.toml`` says, by table, from the top of the map to the bottom, of the border in force."""
    text = resources.files("atlas.export").joinpath("signs.toml").read_text("utf-8")
    return _parsed(with_names(text, region().border.here))


@cache
def _parsed(text: str) -> Mapping[str, Any]:
    named = tomllib.loads((FOLDER / "signs.toml").read_text("utf-8"))
    return {table: {**rules, **named.get(table, {})} for table, rules in tomllib.loads(text).items()}


@cache
def environment() -> Environment:
    """The templates of QGIS' XML and of KML; every value is escaped."""
    loader = PackageLoader("atlas.export", "templates")
    return Environment(loader=loader, autoescape=True, undefined=_Absent, keep_trailing_newline=True)


class _Absent(Undefined):
    """A key that a sign leaves out counts as false; printing it is an error."""

    def __str__(self) -> str:
        """Nothing is there that could be printed."""
        return str(self._fail_with_undefined_error())


def qml(table: Table) -> str:
    """The style of a table, as QGIS keeps it in ``layer_styles``."""
    return environment().get_template("style.qml.j2").render(table=drawn(table))


def drawn(table: Table) -> dict[str, Any]:
    """What the templates say of a table: rules, symbols, labels, aliases, title and licence."""
    known = signs().get(table.name, {})
    record = table.layer.record
    symbol = _SYMBOLS.get(table.kind, "line")
    plain = [{"title": _words(record["title"]), "signs": _PLAIN[symbol]}]
    return {
        "name": table.name,
        # QGIS gives a layer whose id is no longer than ten characters another one, and then misses it
        "key": f"atlas_table_{table.name}",
        "title": table_title(table),
        "description": "\n".join(_words(record["description"])),
        "attribution": _both(record, "attribution"),
        "licence": _both(record, "licence"),
        "renderable": table.geometry_type is not None,
        "geometry": _GEOMETRIES.get(table.kind, "No geometry"),
        "geometry_number": list(_GEOMETRIES).index(table.kind) if table.geometry_type else _NO_GEOMETRY,
        "symbol": symbol,
        "rules": [rule for rule in known.get("rules", plain) if _applies(rule, table)],
        "labels": known.get("labels", []),
        "placement": _PLACEMENTS.get(table.kind, 0),
        "priority": _PRIORITIES.get(table.kind, 0),
        "shown": known.get("shown", False),
        "aliases": [("id", "id"), *((field["name"], titles(field)) for field in table.layer.fields)],
    }


def _applies(rule: Mapping[str, Any], table: Table) -> bool:
    """Whether a table can have what a rule is ``of``: a coded value that not every border has."""
    if "of" not in rule:
        return True
    name, code = rule["of"]
    return any(code in (field.get("values") or ()) for field in table.layer.fields if field["name"] == name)


def _words(text: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys([text["en"], text["es"]]))


def _both(record: Mapping[str, Any], key: str) -> str:
    return " · ".join(_words({"en": record[key], "es": record[f"{key}_es"]}))
