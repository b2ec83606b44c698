"""GDAL's own programs: every file of an export read, turned into other formats and back, held against the layers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from atlas.export import Exported
from atlas.layers.schema import layer_spec, layer_specs

Run = Callable[..., str]
Row = tuple[dict[str, Any], Any]
FORMATS = ("geojson", "gpkg", "fgb", "csv", "kml")
PARTS = ("", "_points", "_lines", "_areas", "_unplaced")
LISTS = {"strings", "numbers", "intervals"}
# a millimetre is 0.00000001 degrees; six decimals are what the layers have
MILLIMETRE_DEG = 2e-8
EXACT = ["-lco", "COORDINATE_PRECISION=15", "-lco", "SIGNIFICANT_FIGURES=17"]


def _tables(exported: Exported, form: str, layer: str) -> Iterator[tuple[Path, str]]:
    """Files of a layer in a format, each with the name of the table in it, where it holds several."""
    if form in {"gpkg", "fgb"}:
        for name in (layer + part for part in PARTS):
            path = exported.folder / ("atlas.gpkg" if form == "gpkg" else f"fgb/{name}.fgb")
            if f"fgb/{name}.fgb" in exported.sizes:
                yield path, name
        return
    (path,) = (
        exported.folder / table
        for table in exported.sizes
        if re.fullmatch(rf"{form}/{layer}(\.epsg\d+)?\.{form}", table)
    )
    yield path, ""


def _moved(form: str, table: str, crs: str) -> list[str]:
    """How to bring a table back into degrees."""
    if crs == "EPSG:4326" or form == "kml" or table.endswith("_unplaced"):
        return []
    return ["-t_srs", "EPSG:4326", *(["-s_srs", crs] if form == "csv" else [])]


def _read(path: Path) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def _row(layer: str, feature: dict[str, Any]) -> tuple[str, Row]:
    properties = feature["properties"]
    # LIBKML keeps the element <name> apart from the field of that name, or before GDAL 3.8 takes it for that
    values = {**properties, "name": properties.get("name2", properties.get("name", properties.get("Name")))}
    types = {field.name: field.type for field in layer_spec(layer).fields}
    typed = {name: _value(kind, values.get(name)) for name, kind in types.items()}
    place = feature["geometry"] and shape(feature["geometry"])
    return str(properties.get("id") or feature.get("id")), (typed, place)


def _value(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind in LISTS:
        return json.loads(value) if isinstance(value, str) else value
    if kind == "boolean":
        return {"true": True, "false": False, "0": False, "1": True}[str(value).lower()]
    if kind == "string":
        assert isinstance(value, str)
        return value
    # no text in a field of numbers
    assert isinstance(value, int | float)
    return value


def _far(one: Any, other: Any) -> float:
    """The greatest difference in degrees between the positions of two shapes; no program changes their order."""
    ours, theirs = (shapely.get_coordinates(place) for place in (one, other))
    assert ours.shape == theirs.shape
    return float(abs(ours - theirs).max()) if len(ours) else 0.0


def _holds(
    layer: str, features: list[dict[str, Any]], published: list[dict[str, Any]], *, tolerance: float, form: str = ""
) -> None:
    rows = dict(_row(layer, feature) for feature in features)
    assert len(features) == len(published)
    assert set(rows) == {feature["id"] for feature in published}
    for feature in published:
        properties, place = rows[feature["id"]]
        if form == "kml" and feature["properties"].get("name", "") is None:
            # the element <name> always says something
            properties["name"] = None
        assert properties == feature["properties"], feature["id"]
        assert (place is None) == (feature["geometry"] is None)
        assert _far(place, feature["geometry"] and shape(feature["geometry"])) <= tolerance, feature["id"]


def _rows_of_table(layer: str, table: str, published: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The features of a layer that belong into one of its tables."""
    part = table.removeprefix(layer).removeprefix("_")
    if not part:
        return published
    wanted = {"points": "Point", "lines": "LineString", "areas": "Polygon", "unplaced": ""}[part]
    kinds = [(feature["geometry"] or {"type": ""})["type"].removeprefix("Multi") for feature in published]
    return [feature for feature, kind in zip(published, kinds, strict=True) if kind == wanted]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:6372"])
@pytest.mark.parametrize("form", FORMATS)
def test_ogr2ogr_reads_every_table_without_loss(  # noqa: PLR0913, PLR0917 - fixtures and parameters
    run: Run, ogr2ogr: str, request: pytest.FixtureRequest, tmp_path: Path, form: str, crs: str
) -> None:
    exported = request.getfixturevalue("in_degrees" if crs == "EPSG:4326" else "in_metres")
    published = request.getfixturevalue("published")
    for layer in layer_specs():
        features = []
        for path, table in _tables(exported, form, layer):
            out = tmp_path / f"{path.stem}.{table}.geojson"
            nothing = ["-oo", "EMPTY_STRING_AS_NULL=YES"] if form == "csv" else []
            options = [*EXACT, *nothing, *_moved(form, table, crs), out, path, *filter(None, [table])]
            run(ogr2ogr, "-f", "GeoJSON", *options)
            features += _read(out)
        _holds(layer, features, published[layer], tolerance=0.0 if crs == "EPSG:4326" else MILLIMETRE_DEG, form=form)


def test_ogrinfo_finds_the_system_the_index_and_the_counts(
    run: Run, program: Callable[[str, str], str], in_metres: Exported, published: dict[str, list[Any]]
) -> None:
    output = run(program("ogrinfo", "gdal-bin"), "-so", "-al", in_metres.folder / "atlas.gpkg")
    sections = dict(re.findall(r"^Layer name: (\w+)\n(.*?)(?=^Layer name|\Z)", output, re.DOTALL | re.MULTILINE))
    for layer in layer_specs():
        tables = [table for _, table in _tables(in_metres, "gpkg", layer)]
        for table in tables:
            section = sections.pop(table)
            count = re.search(r"Feature Count: (\d+)", section)
            assert count
            published_rows = _rows_of_table(layer, table, published[layer])
            # what has no place is a table of its own, also where all else is of one kind
            apart = table == layer and f"{layer}_unplaced" in tables
            assert int(count[1]) == len(
                [feature for feature in published_rows if feature["geometry"]] if apart else published_rows
            )
            assert ('ID["EPSG",6372]' in section) == (not table.endswith("_unplaced"))
    assert set(sections) <= {"layer_styles"}


OTHERS = {
    "gpkg": ("GPKG", []),
    "fgb": ("FlatGeobuf", []),
    "geojsonl": ("GeoJSONSeq", EXACT),
    # it makes the names of columns small without being asked
    "sqlite": ("SQLite", ["-lco", "LAUNDER=NO"]),
    "gml": ("GML", ["-dsco", "FORMAT=GML3.2"]),
}


@pytest.mark.parametrize("suffix", OTHERS)
def test_other_formats_and_back_lose_nothing(  # noqa: PLR0913, PLR0917 - fixtures and parameters
    run: Run, ogr2ogr: str, in_degrees: Exported, published: dict[str, list[Any]], tmp_path: Path, suffix: str
) -> None:
    driver, options = OTHERS[suffix]
    for layer in ("municipalities", "checkpoints", "containment"):
        for _, table in _tables(in_degrees, "gpkg", layer):
            if suffix in {"fgb", "sqlite"} and table.endswith("_unplaced"):
                # what GDAL 3.6 writes of a table without shapes in these, it does not find again itself
                continue
            there, back = tmp_path / f"{table}.{suffix}", tmp_path / f"{table}.back.geojson"
            run(ogr2ogr, "-f", driver, *options, there, in_degrees.folder / "atlas.gpkg", table, quiet=False)
            run(ogr2ogr, "-f", "GeoJSON", *EXACT, back, there, quiet=False)
            # GML writes no more than 15 figures
            _holds(layer, _read(back), _rows_of_table(layer, table, published[layer]), tolerance=1e-12)


def test_a_shapefile_keeps_codes_counts_and_accents(
    run: Run, ogr2ogr: str, in_degrees: Exported, published: dict[str, list[Any]], tmp_path: Path
) -> None:
    # names of columns are cut to ten letters there, so nothing else can be asked of it
    out, back = tmp_path / "municipalities.shp", tmp_path / "back.geojson"
    encoding = ["-lco", "ENCODING=UTF-8"]
    run(
        ogr2ogr, "-f", "ESRI Shapefile", *encoding, out, in_degrees.folder / "atlas.gpkg", "municipalities", quiet=False
    )
    run(ogr2ogr, "-f", "GeoJSON", *EXACT, back, out, quiet=False)
    rows = {feature["properties"]["cvegeo"]: feature["properties"]["name"] for feature in _read(back)}
    assert rows == {f["properties"]["cvegeo"]: f["properties"]["name"] for f in published["municipalities"]}
    assert any(code.startswith("0") for code in rows)
