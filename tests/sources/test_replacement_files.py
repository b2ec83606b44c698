"""A user's own file in place of a packaged one: the same layers from any format and CRS."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely

from atlas.errors import GeometryError, SourceError
from atlas.evidence import Evidence
from atlas.layers.border_segments import make_spine
from atlas.layers.trace import trace_border
from atlas.project import SourceOverride
from atlas.sources import SOUTHERN_STATES, Sources
from atlas.sources.outlines import Outlines, read_outlines
from atlas.sources.source_records import replacement_record

pytestmark = pytest.mark.slow(2)

Save = Callable[..., Path]
Run = Callable[..., tuple[int, str]]
Hashes = Callable[[Path], dict[str, str]]
Moved = Callable[[str], np.ndarray]

FORMATS = {
    "a shapefile in EPSG:6372": ("00mun.shp", "EPSG:6372", {}),
    "a GeoPackage in EPSG:4326": ("municipios.gpkg", "EPSG:4326", {}),
    "a FlatGeobuf in UTM 15": ("municipios.fgb", "EPSG:6369", {}),
}


@pytest.fixture(scope="session")
def written(
    tmp_path_factory: pytest.TempPathFactory, southern: dict[str, Any], moved: Moved, save: Save
) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("own files")

    def once(kind: str) -> Path:
        name, crs, options = FORMATS[kind]
        columns = {"CVEGEO": southern["codes"], "NOMGEO": southern["names"]}
        path = folder / name
        return path if path.exists() else save(path, moved(crs), columns, crs, **options)

    return once


def _southern(sources: Sources, override: Path) -> Outlines:
    assert sources
    return read_outlines(override, SourceOverride(override), digits=5, states=SOUTHERN_STATES)


@pytest.mark.parametrize("kind", FORMATS)
def test_outlines_come_out_the_same_from(kind: str, sources: Sources, written: Callable[[str], Path]) -> None:
    replaced, packaged = _southern(sources, written(kind)), sources.municipalities
    assert replaced.codes == packaged.codes
    assert replaced.names == packaged.names
    for mine, theirs in zip(replaced.areas, packaged.areas, strict=True):
        # formats begin rings elsewhere and turn them round, so positions are compared in an order of their own
        ours, packaged_ones = (np.sort(_ring_positions(area), axis=0) for area in (mine, theirs))
        assert ours.shape == packaged_ones.shape
        assert np.abs(ours - packaged_ones).max() < 1e-8


def _ring_positions(area: shapely.Geometry) -> np.ndarray:
    """Positions of all rings, the first of each not repeated."""
    rings = [ring for part in shapely.get_parts(area) for ring in shapely.get_rings(part)]
    return np.vstack([shapely.get_coordinates(ring)[1:] for ring in rings])


# that other formats give the same outlines, the test before shows
@pytest.mark.parametrize(
    "kind", ["a shapefile in EPSG:6372", pytest.param("a GeoPackage in EPSG:4326", marks=pytest.mark.long)]
)
def test_the_border_comes_out_the_same_from(
    kind: str, sources: Sources, evidence: Evidence, written: Callable[[str], Path], border: Any
) -> None:
    spine = make_spine(
        trace_border(replace(sources, municipalities=_southern(sources, written(kind))), evidence),
        evidence,
        accuracy_m=100,
    )
    assert len(spine.municipalities.codes) == 23
    assert spine.line.positions.shape == border.shape
    assert np.abs(spine.line.positions - border).max() <= 1.0000001e-6


@pytest.fixture(scope="session")
def border(repo: Path) -> np.ndarray:
    import json

    features = json.loads((repo / "geodata" / "layers" / "border.geojson").read_bytes())["features"]
    first = features[0]["geometry"]["coordinates"][0]
    return np.array([first, *(p for f in features for p in f["geometry"]["coordinates"][1:])])


def test_an_own_files_record_claims_nothing_that_is_not_known(written: Callable[[str], Path]) -> None:
    path = written("a shapefile in EPSG:6372")
    record = replacement_record("inegi_municipalities", SourceOverride(path))
    assert (record.package, record.version, record.as_of) == (None, None, "")
    assert "not stated" in record.edition
    assert "not stated" in record.accuracy_basis
    assert list(record.files) == ["00mun.shp"]
    stated = replacement_record(
        "inegi_municipalities", SourceOverride(path, edition="Marco Geoestadístico, December 2023")
    )
    assert stated.edition == "Marco Geoestadístico, December 2023"


MISSING = {
    "07087": r"Chiapas: about \d+ km² near -92\.\d+, 14\.\d+ are in no municipality",
    "07101": r"Chiapas: about \d+ km² near -9\d\.\d+, 16\.\d+ are in no municipality",
    "04010": r"Campeche: about 1\d\d\d\d km² near",
}


def test_missing_municipalities_are_named_by_their_places(sources: Sources, evidence: Evidence) -> None:
    assert set(MISSING) <= set(sources.municipalities.codes)
    without = sources.municipalities.where([code not in MISSING for code in sources.municipalities.codes])
    with pytest.raises(SourceError, match=r"incomplete; use the whole file of the edition:\n") as refused:
        trace_border(replace(sources, municipalities=without), evidence)
    lines = str(refused.value).splitlines()[1:]
    assert len(lines) == len(MISSING)
    for message in MISSING.values():
        assert [line for line in lines if re.search(message, line)], message


def test_a_file_without_a_border_municipality_ends_with_2_and_leaves_everything(
    project: Path, run: Run, hashes: Hashes, southern: dict[str, Any], save: Save
) -> None:
    kept = southern["codes"] != "07087"
    columns = {"CVEGEO": southern["codes"][kept], "NOMGEO": southern["names"][kept]}
    replacement = save(project / "own.gpkg", southern["shapes"][kept], columns, "EPSG:6372")
    before = hashes(project)
    code, output = run("refresh", "--project", project, "--source", f"inegi_municipalities={replacement}")
    assert code == 2
    assert "Error: the municipal outlines are incomplete; use the whole file of the edition:" in output
    assert "Chiapas: about" in output
    assert hashes(project) == before


def test_outlines_that_lie_elsewhere_do_not_make_a_border(sources: Sources, evidence: Evidence) -> None:
    # a datum or zone mistaken: everything some 30 km off, still in Mexico
    shifted = shapely.transform(sources.municipalities.areas, lambda xy: xy + np.array([0.3, 0.0]))
    moved = Outlines(sources.municipalities.codes, sources.municipalities.names, np.asarray(shifted))
    with pytest.raises((SourceError, GeometryError), match="in no municipality"):
        trace_border(replace(sources, municipalities=moved), evidence)


def test_neighbours_that_overlap_at_the_border_are_named(sources: Sources, evidence: Evidence) -> None:
    areas = sources.municipalities.areas.copy()
    tapachula, suchiate = (sources.municipalities.codes.index(code) for code in ("07089", "07087"))
    shared = shapely.get_coordinates(shapely.intersection(areas[tapachula], shapely.boundary(areas[suchiate])))[20]
    positions = shapely.get_coordinates(areas[tapachula])
    positions[(positions == shared).all(axis=1)] += 1e-4
    areas[tapachula] = shapely.set_coordinates(areas[tapachula], positions)
    spoiled = Outlines(sources.municipalities.codes, sources.municipalities.names, areas)
    with pytest.raises(SourceError, match=r"don't fit together; repair the source:\n.*its edge does not match"):
        trace_border(replace(sources, municipalities=spoiled), evidence)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:6365", "EPSG:4269", "EPSG:6372", "EPSG:32615"])
def test_modern_datums_leave_positions_where_they_are(tmp_path: Path, save: Save, squares: Any, crs: str) -> None:
    codes, names, shapes = squares
    degrees = pyproj.CRS(crs).geodetic_crs
    there = pyproj.Transformer.from_crs(degrees, crs, always_xy=True)
    moved = shapely.transform(shapes, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1])))
    path = save(tmp_path / "own.gpkg", moved, {"CVEGEO": codes, "NOMGEO": names}, crs)
    outlines = read_outlines(path, SourceOverride(path), digits=5)
    assert np.abs(shapely.get_coordinates(outlines.areas) - shapely.get_coordinates(shapes)).max() < 1e-8


def test_an_old_datum_is_brought_to_wgs_84(tmp_path: Path, save: Save, squares: Any) -> None:
    codes, names, shapes = squares
    path = save(tmp_path / "own.gpkg", shapes, {"CVEGEO": codes, "NOMGEO": names}, "EPSG:4267")
    off = shapely.get_coordinates(read_outlines(path, SourceOverride(path), digits=5).areas) - shapely.get_coordinates(
        shapes
    )
    # NAD27 lies some 200 m from WGS 84 here
    assert 50 < np.hypot(*(off * 111_000).T).max() < 400


def test_the_columns_may_have_other_names(tmp_path: Path, save: Save, squares: Any) -> None:
    codes, names, shapes = squares
    path = save(tmp_path / "own.gpkg", shapes, {"clave": codes, "nombre": names}, "EPSG:4326")
    with pytest.raises(
        SourceError, match=r"own\.gpkg has no column 'CVEGEO', 'NOMGEO'; it has clave, nombre.*columns = "
    ):
        read_outlines(path, SourceOverride(path), digits=5)
    columns = MappingProxyType({"CVEGEO": "clave", "NOMGEO": "nombre"})
    assert read_outlines(path, SourceOverride(path, columns=columns), digits=5).names == tuple(names)


def test_a_crs_may_be_stated_for_a_file_without_one(tmp_path: Path, save: Save, squares: Any) -> None:
    codes, names, shapes = squares
    path = save(tmp_path / "own.shp", shapes, {"CVEGEO": codes, "NOMGEO": names}, "EPSG:4326")
    path.with_suffix(".prj").unlink()
    with pytest.raises(
        SourceError, match=r'own\.shp says nothing of its CRS; add its \.prj file, or crs = "EPSG:6372"'
    ):
        read_outlines(path, SourceOverride(path), digits=5)
    assert read_outlines(path, SourceOverride(path, crs="EPSG:4326"), digits=5).codes == tuple(codes)
    with pytest.raises(SourceError, match=r"the CRS 'EPSG:999999' is not known .*name it as EPSG code"):
        read_outlines(path, SourceOverride(path, crs="EPSG:999999"), digits=5)


@pytest.fixture
def squares() -> tuple[list[str], list[str], list[shapely.Polygon]]:
    shapes = [shapely.box(-92, 15, -91, 16), shapely.box(-91, 15, -90, 16)]
    return ["07001", "07002"], ["Ácala", "Peñón"], shapes
