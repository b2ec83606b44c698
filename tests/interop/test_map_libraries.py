"""The flat edition of every layer in the hands of Python's map libraries: each takes it at the first natural try."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest

from atlas.api import Atlas
from atlas.layers.schema import layer_specs


def _explore(frame: Any) -> object:
    return frame.explore().get_root().render()


def _altair(frame: Any) -> object:
    import altair as alt

    return alt.Chart(frame).mark_geoshape().encode(color="id:N").to_dict()


def _plotly(frame: Any) -> object:
    import plotly.express as px

    indexed = frame.set_index("id")
    return px.choropleth_map(indexed, geojson=indexed.geometry, locations=indexed.index).to_json()


def _bokeh(frame: Any) -> object:
    from bokeh.models import GeoJSONDataSource

    return GeoJSONDataSource(geojson=frame.to_json()).geojson


def _lonboard(frame: Any) -> object:
    import lonboard

    return lonboard.viz(frame)


LIBRARIES: dict[str, Callable[[Any], object]] = {
    "folium": _explore, "altair": _altair, "plotly": _plotly, "bokeh": _bokeh, "lonboard": _lonboard,
}  # fmt: skip


@pytest.fixture(scope="module")
def flat(atlas: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return atlas.export(tmp_path_factory.mktemp("flat"), flat=True).folder / "flat"


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("layer", layer_specs())
def test_a_library_takes_every_file_of_a_layer(
    layer: str, library: str, flat: Path, lacking: Callable[[str], None]
) -> None:
    try:
        __import__(library)
    except ImportError:
        lacking(f"no {library} here: pip install 'border-atlas[peers]'")
    paths = [path for path in sorted(flat.glob(f"{layer}*.gpkg")) if not path.stem.endswith("_unplaced")]
    assert paths
    for path in paths:
        _take(library, path)


def _take(library: str, path: Path) -> None:
    with warnings.catch_warnings():
        # each has its own about versions to come
        warnings.simplefilter("ignore")
        assert LIBRARIES[library](geopandas.read_file(path))


@pytest.fixture(scope="module")
def flat_file(atlas: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flat edition of a file of somebody's own, with shapes of several kinds, lists, objects and dates."""
    folder = tmp_path_factory.mktemp("own")
    area = {"type": "Polygon", "coordinates": [[[-92, 15], [-91, 15], [-91, 16], [-92, 15]]]}
    line = {"type": "LineString", "coordinates": [[-92, 15, 10], [-91, 16, 20]]}
    point = {"type": "Point", "coordinates": [-92, 15]}
    shapes = [area, line, point, None, {"type": "GeometryCollection", "geometries": [point, area]}]
    held = {"list": ["a", 1], "object": {"b": None}, "day": "2024-05-31", "at": "2024-05-31T10:00:00Z", "mixed": 1}
    rows = [
        {"type": "Feature", "id": n, "geometry": shape, "properties": {**held, "mixed": n if n % 2 else str(n)}}
        for n, shape in enumerate(shapes)
    ]
    path = folder / "mine.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), "utf-8")
    atlas.export_files([path], folder / "flat", flat=True, formats=["gpkg", "fgb"])
    return folder / "flat"


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("kind", ["points", "lines", "areas"])
@pytest.mark.parametrize("ending", ["gpkg", "fgb"])
def test_a_library_takes_the_flat_edition_of_any_file(
    kind: str, ending: str, library: str, flat_file: Path, lacking: Callable[[str], None]
) -> None:
    try:
        __import__(library)
    except ImportError:
        lacking(f"no {library} here: pip install 'border-atlas[peers]'")
    _take(library, flat_file / f"mine_{kind}.{ending}")
