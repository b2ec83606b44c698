"""Rings that do not come back to where they began are closed and said; what encloses nothing is put aside."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from atlas.check import Severity, check_file, failed
from atlas.field.change import Change
from atlas.field.export import export
from atlas.field.importing import import_files
from atlas.field.readers import read_file
from atlas.field.row import FieldRow
from atlas.field.store import open_store

Reading = Callable[..., Any]

_OPEN = [[-92.2, 14.6], [-92.1, 14.6], [-92.1, 14.7]]
_HOLE = [[-92.11, 14.61], [-92.11, 14.62], [-92.12, 14.61]]
_RING = [*_OPEN, _OPEN[0]]
_AREA = {"type": "Polygon", "coordinates": [_RING]}


def _collection(*geometries: dict[str, Any]) -> str:
    features = [
        {"type": "Feature", "geometry": one, "properties": {"note": str(n)}} for n, one in enumerate(geometries)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def _wkt(ring: list[list[float]]) -> str:
    return f"({', '.join(f'{lon} {lat}' for lon, lat in ring)})"


def _kml(ring: list[list[float]]) -> str:
    words = " ".join(f"{lon},{lat},0" for lon, lat in ring)
    area = f"<outerBoundaryIs><LinearRing><coordinates>{words}</coordinates></LinearRing></outerBoundaryIs>"
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon>{area}</Polygon></Placemark></kml>'


def _geopackage(path: Path, ring: list[list[float]]) -> None:
    frame = geopandas.GeoDataFrame({"note": ["a"]}, geometry=[shapely.Polygon(_RING)], crs="EPSG:4326")
    frame.to_file(path, layer="areas", driver="GPKG")
    whole, header = shapely.to_wkb(shapely.Polygon(_RING)), 8 + 32
    with closing(sqlite3.connect(path)) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        ((blob,),) = database.execute("SELECT geom FROM areas")
        positions = shapely.to_wkb(shapely.LineString(ring))[5:]
        database.execute("UPDATE areas SET geom = ?", [blob[:header] + whole[:9] + positions])


def _read(reading: Reading, form: str, ring: list[list[float]], folder: Path) -> Any:
    if form == "geojson":
        return reading(_collection({"type": "Polygon", "coordinates": [ring]}), "a.geojson")
    if form == "wkt":
        return reading(f"wkt;note\nPOLYGON ({_wkt(ring)});a\n")
    if form == "pair":
        return reading(f"location;note\nSRID=4326;POLYGON ({_wkt(ring)});a\n".replace("SRID=4326;", ""))
    if form == "kml":
        return reading(_kml(ring), "a.kml")
    _geopackage(folder / "a.gpkg", ring)
    return reading(folder / "a.gpkg")


@pytest.mark.parametrize("form", ["geojson", "wkt", "pair", "kml", "gpkg"])
def test_an_open_ring_is_closed_and_said_in_every_format(reading: Reading, tmp_path: Path, form: str) -> None:
    came = _read(reading, form, _OPEN, tmp_path)
    assert came.only.geometry == _AREA
    (note,) = came.notes
    assert "was not closed" in note
    assert came.only.where in note
    whole = _read(reading, form, _RING, tmp_path)
    assert whole.only.geometry == _AREA
    assert not whole.notes


@pytest.mark.parametrize("form", ["geojson", "wkt", "kml", "gpkg"])
def test_a_ring_that_encloses_nothing_is_put_aside(reading: Reading, tmp_path: Path, form: str) -> None:
    (bad,) = _read(reading, form, [_OPEN[0], _OPEN[1], _OPEN[0], _OPEN[1]], tmp_path).bad
    assert "fewer than 3 different positions" in bad.reason


def test_holes_parts_and_collections_are_closed_too(reading: Reading) -> None:
    parts = {"type": "MultiPolygon", "coordinates": [[_OPEN, _HOLE]]}
    came = reading(_collection(parts, {"type": "GeometryCollection", "geometries": [parts]}, _AREA), "a.geojson")
    made = {"type": "MultiPolygon", "coordinates": [[_RING, [*_HOLE, _HOLE[0]]]]}
    assert [row.geometry for row in came.good] == [made, {"type": "GeometryCollection", "geometries": [made]}, _AREA]
    assert "feature 1, feature 2" in came.notes[0]
    assert reading("wkt;note\nMULTIPOLYGON (((-92.2 14.6, -92.1 14.6, -92.1 14.7)));a\n").only.geometry["type"]


def test_what_the_store_writes_passes_check(tmp_path: Path) -> None:
    path, store, record_id = (
        tmp_path / "a.geojson",
        open_store(tmp_path / "store.gpkg"),
        "00000000-0000-4000-8000-000000000001",
    )
    store.create()
    path.write_text(_collection({"type": "Polygon", "coordinates": [_OPEN]}), encoding="utf-8")
    import_files(store, [path], read_file)
    # as an older atlas kept it
    old = Change.of(record_id, "geometry", {"type": "Polygon", "coordinates": [_OPEN]})
    import_files(store, [tmp_path], lambda _path: iter([FieldRow("row 1", record_id, changes=(old,))]))
    back = tmp_path / "back.geojson"
    back.write_bytes(export(store, "geojson", exact=True)[0])
    assert not failed(check_file(back), Severity.ERROR)
    for _ in range(2):
        import_files(store, [back], read_file)
        back.write_bytes(export(store, "geojson", exact=True)[0])
    ((done,), aside) = import_files(store, [back], read_file)
    assert (done.changes, aside) == (0, [])


def test_the_page_closes_rings_alike(on_page: Callable[..., list[dict[str, Any]]]) -> None:
    area, whole = {"type": "Polygon", "coordinates": [_OPEN]}, {"type": "MultiPolygon", "coordinates": [[_RING, _HOLE]]}
    both = {"type": "GeometryCollection", "geometries": [area, {"type": "Point", "coordinates": _OPEN[0]}, whole]}
    flat = {"type": "Polygon", "coordinates": [[_OPEN[0], _OPEN[1], _OPEN[0], _OPEN[1]]]}
    assert [made["result"] for made in on_page("rings", "open", [[area], [whole], [both], [_AREA]])] == [
        1,
        1,
        2,
        0,
    ]
    (made,) = on_page("rings", "closed", [[both]])
    assert made["result"]["geometries"][0] == _AREA
    assert made["result"]["geometries"][2]["coordinates"] == [[_RING, [*_HOLE, _HOLE[0]]]]
    assert [made["result"] for made in on_page("rings", "enclose", [[flat], [area], [both]])] == [
        False,
        True,
        True,
    ]


def test_the_page_reads_and_writes_well_known_text(on_page: Callable[..., list[dict[str, Any]]]) -> None:
    point = {"type": "Point", "coordinates": [-92.1, 14.6]}
    whole = {"type": "MultiPolygon", "coordinates": [[_RING, [*_HOLE, _HOLE[0]]]]}
    both = {"type": "GeometryCollection", "geometries": [_AREA, point, whole]}
    texts = [shapely.to_wkt(shapely.geometry.shape(one), rounding_precision=-1) for one in (_AREA, both)]
    texts += ["MULTIPOINT (-92 15, -91 15)", "MULTIPOINT ((-92 15))", "LINESTRING Z (-92 15 1, -91 15 2)"]
    flat = [shapely.force_2d(shapely.from_wkt(text)) for text in texts]
    shapes = [case["result"] for case in on_page("wkt", "read", [[text] for text in texts])]
    assert shapes == [json.loads(shapely.to_geojson(one)) for one in flat]
    written = [case["result"] for case in on_page("wkt", "write", [[one] for one in shapes])]
    assert [shapely.from_wkt(text) for text in written] == flat
    assert on_page("wkt", "read", [["POLYGON ((1 2, 3"], ["house"], ["POINT (1 a)"]]) == [{"result": None}] * 3
