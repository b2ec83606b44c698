"""Every layer in every format, read back by other programs' libraries and held against the layer itself."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pyogrio
import pytest
import shapely
from shapely.geometry import shape

from atlas.api import Atlas
from atlas.export import Exported
from atlas.layers.schema import layer_spec, layer_specs
from atlas.published import open_published_layers

pytestmark = pytest.mark.slow

LAYERS = list(layer_specs())
PARTS = ("", "_points", "_lines", "_areas", "_unplaced")
Row = tuple[dict[str, Any], Any]


def _source(opened: Atlas, layer: str) -> dict[str, Row]:
    features = open_published_layers(opened.project).features(layer)
    return {f["id"]: (f["properties"], f["geometry"] and shape(f["geometry"])) for f in features}


def _typed(layer: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the layer's schema has them, from whatever stands for them in a flat table."""
    types = {field.name: field.type for field in layer_spec(layer).fields}
    return {name: _value(kind, values[name]) for name, kind in types.items()}


def _value(kind: str, value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if kind in {"strings", "numbers", "intervals"}:
        return json.loads(value)
    if kind == "string":
        assert isinstance(value, str)
        return value
    if kind == "boolean":
        return bool(value)
    # an integer with gaps comes back from numpy as a float; a fraction would not be equal to the layer's
    return int(value) if kind == "integer" and float(value).is_integer() else float(value)


def _gdal(path: Path, table: str, layer: str, *, key: str = "id") -> Iterator[tuple[str, Row]]:
    meta, _, shapes, columns = pyogrio.raw.read(path, layer=table)
    names = list(meta["fields"])
    for number in range(len(columns[0])):
        values = {name: column[number].item() if hasattr(column[number], "item") else column[number]
                  for name, column in zip(names, columns, strict=True)}  # fmt: skip
        # LIBKML keeps the element <name> apart from the field of that name
        values = {**values, "name": values.get("name2", values.get("name"))} if key == "id" else values
        place = None if shapes is None or shapes[number] is None else shapely.from_wkb(shapes[number])
        yield values[key], (_typed(layer, values), place)


def _geopackage(folder: Path, layer: str) -> Iterator[tuple[str, Row]]:
    held = {name for name, _ in pyogrio.list_layers(folder / "atlas.gpkg")}
    for table in (layer + part for part in PARTS if layer + part in held):
        yield from _gdal(folder / "atlas.gpkg", table, layer)


def _flatgeobuf(folder: Path, layer: str) -> Iterator[tuple[str, Row]]:
    for part in PARTS:
        if (path := folder / "fgb" / f"{layer}{part}.fgb").is_file():
            yield from _gdal(path, layer + part, layer)


def _kml(folder: Path, layer: str) -> Iterator[tuple[str, Row]]:
    yield from _gdal(folder / "kml" / f"{layer}.kml", None, layer)  # type: ignore[arg-type]


def _csv(folder: Path, layer: str) -> Iterator[tuple[str, Row]]:
    words = {"true": True, "false": False}
    booleans = {field.name for field in layer_spec(layer).fields if field.type == "boolean"}
    with (folder / "csv" / f"{layer}.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            values = {key: words[text] if key in booleans else text or None for key, text in row.items()}
            yield row["id"], (_typed(layer, values), shapely.from_wkt(row["wkt"] or None))


def _geojson(folder: Path, layer: str) -> Iterator[tuple[str, Row]]:
    for feature in json.loads((folder / "geojson" / f"{layer}.geojson").read_text(encoding="utf-8"))["features"]:
        yield feature["id"], (feature["properties"], feature["geometry"] and shape(feature["geometry"]))


def _parquet(folder: Path, layer: str) -> Iterator[tuple[str, Row]]:
    for row in pyarrow.parquet.read_table(folder / "parquet" / f"{layer}.parquet").to_pylist():
        place = row.pop("geometry")
        box = row.pop("bbox")
        shape = None if place is None else shapely.from_wkb(place)
        assert (None if box is None else tuple(box.values())) == (None if shape is None else shape.bounds)
        yield row.pop("id"), (row, shape)


READERS: dict[str, Callable[[Path, str], Iterator[tuple[str, Row]]]] = {
    "geojson": _geojson,
    "gpkg": _geopackage,
    "fgb": _flatgeobuf,
    "parquet": _parquet,
    "csv": _csv,
    "kml": _kml,
}


def _same_place(one: Any, other: Any) -> bool:
    """The same positions in the same parts, to the last bit; a single part may have become the one of many."""
    if one is None or other is None:
        return one is other
    parts = [sorted(shapely.to_wkb(shapely.normalize(shapely.get_parts(shape)))) for shape in (one, other)]
    return bool(parts[0] == parts[1])


@pytest.fixture(autouse=True)
def _long_cells() -> Iterator[None]:
    # an outline as WKT is longer than a cell that Python's csv takes by default
    before = csv.field_size_limit(10_000_000)
    yield
    csv.field_size_limit(before)


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("layer", LAYERS)
def test_nothing_is_lost(exported: Exported, opened: Atlas, layer: str, form: str) -> None:
    source = _source(opened, layer)
    back = list(READERS[form](exported.folder, layer))
    assert sorted(feature_id for feature_id, _ in back) == sorted(source)
    for feature_id, (properties, place) in back:
        assert properties == source[feature_id][0]
        assert _same_place(place, source[feature_id][1]), feature_id


@pytest.mark.parametrize("layer", LAYERS)
def test_geojson_in_degrees_is_the_layer_itself(exported: Exported, opened: Atlas, layer: str) -> None:
    published = (opened.project.layers_dir / f"{layer}.geojson").read_bytes()
    assert (exported.folder / "geojson" / f"{layer}.geojson").read_bytes() == published


def test_lists_are_lists_in_parquet(exported: Exported) -> None:
    schema = pyarrow.parquet.read_schema(exported.folder / "parquet" / "municipalities.parquet")
    assert str(schema.field("source_ids").type).startswith("list<")
    assert "list<" in str(schema.field("chainage_intervals").type.value_type)
    assert schema.field("cvegeo").metadata[b"title_es"].decode() == "clave INEGI"


def test_codes_in_csv_stand_in_quotes_and_what_is_missing_is_nothing(exported: Exported) -> None:
    municipalities = (exported.folder / "csv" / "municipalities.csv").read_text(encoding="utf-8")
    assert '\n"mun-04010","04010","Calakmul",' in municipalities
    # the kind of this crossing is not known
    assert '"Unión Juárez","Toquián Grande",,"unknown",' in (
        exported.folder / "csv" / "crossings_formal.csv"
    ).read_text(encoding="utf-8")


def test_gdal_knows_the_types_of_a_csv_by_the_file_beside(exported: Exported) -> None:
    meta, _, shapes, columns = pyogrio.raw.read(exported.folder / "csv" / "municipalities.csv")
    kinds = dict(zip(meta["fields"], (column.dtype.kind for column in columns), strict=True))
    assert (kinds["cvegeo"], kinds["population_2020"], kinds["area_km2"]) == ("O", "i", "f")
    assert shapely.from_wkb(shapes[0]).geom_type == "Polygon"
    assert columns[list(meta["fields"]).index("population_2020")][0] == 31714
