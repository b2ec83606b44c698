"""The municipalities of southern states, whose edges differ along some state limits, become one coverage."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest
import shapely
from shapely.geometry import shape

from atlas.check import check_file
from atlas.clean import clean_files, options
from atlas.sources import SOUTHERN_STATES
from atlas.sources.outlines import read_outlines
from atlas.sources.source_records import packaged_files, pinned

pytestmark = pytest.mark.slow


@pytest.mark.slow(6)
@pytest.mark.parametrize(
    ("without", "municipalities", "faulty"),
    [
        # most of the 944 are in Oaxaca and Veracruz, half of the faulty edges elsewhere
        pytest.param(("20", "30", "31"), 162, 24, id="four states"),
        pytest.param(("31",), 944, 47, id="six states", marks=pytest.mark.long),
    ],
)
def test_neither_gap_nor_overlap_is_left_and_no_municipality_is_lost(
    tmp_path: Path, without: tuple[str, ...], municipalities: int, faulty: int
) -> None:
    states = [state for state in SOUTHERN_STATES if state not in without]
    outlines = read_outlines(packaged_files(pinned("inegi_municipalities"))[0], None, digits=5, states=states)
    before = shapely.coverage_invalid_edges(outlines.areas)
    assert (len(outlines.codes), int((~shapely.is_empty(before)).sum())) == (municipalities, faulty)
    path, out = tmp_path / "in.geojson", tmp_path / "out.geojson"
    columns = {"cvegeo": outlines.codes, "name": outlines.names}
    geopandas.GeoDataFrame(columns, geometry=outlines.areas, crs=4326).to_file(path, driver="GeoJSON")
    done = clean_files([path], out, options())
    assert done.rejected == 0
    # half the diagonal of a cell of six decimals: nothing moves farther than by rounding it once
    assert done.total["greatest_displacement_m"] < 0.078
    features = json.loads(out.read_bytes())["features"]
    assert [one["properties"]["cvegeo"] for one in features] == list(outlines.codes)
    assert [one["properties"]["name"] for one in features] == list(outlines.names)
    areas = [shape(one["geometry"]) for one in features]
    assert shapely.is_valid(areas).all()
    assert shapely.coverage_is_valid(areas)
    union = shapely.coverage_union_all(areas)
    assert shapely.get_num_interior_rings(shapely.get_parts(union)).sum() == 0
    assert float(shapely.area(areas).sum()) == pytest.approx(float(shapely.area(union)), rel=1e-12)
    # clean does not compare again what it has seen to match; check does
    assert set(check_file(out).counts) == {"member-foreign"}
    again = clean_files([out], tmp_path / "again.geojson", options())
    assert again.total["changes"] == 0
    assert (tmp_path / "again.geojson").read_bytes() == out.read_bytes()
