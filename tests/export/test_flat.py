"""The flat edition: the step after reading works, for every layer."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest

from atlas.api import Atlas
from atlas.errors import UsageError
from atlas.export import Exported
from atlas.layers.schema import layer_specs
from atlas.published import open_published_layers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def flat(opened: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return opened.export(tmp_path_factory.mktemp("flat"), flat=True)


@pytest.mark.parametrize("layer", layer_specs())
def test_every_layer_is_read_and_written_as_json(layer: str, opened: Atlas, flat: Exported) -> None:
    paths = [flat.folder / name for name in flat.sizes if name.startswith(f"flat/{layer}") and name.endswith(".gpkg")]
    paths = [
        path for path in paths if path.stem.removeprefix(layer) in {"", "_points", "_lines", "_areas", "_unplaced"}
    ]
    assert paths
    ids: list[str] = []
    for path in paths:
        frame = geopandas.read_file(path)
        ids += frame["id"].tolist()
        if path.stem.endswith("_unplaced"):
            continue
        assert len({kind.removeprefix("Multi") for kind in frame.geom_type}) == 1
        assert len(json.loads(frame.to_json())["features"]) == len(frame)
        assert not any("date" in str(kind) for kind in frame.dtypes)
    features = open_published_layers(opened.project).features(layer)
    assert sorted(ids) == sorted(str(feature["id"]) for feature in features)


def test_what_does_not_go_with_flat_is_named(opened: Atlas, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"takes? texts for dates"):
        opened.export(tmp_path, formats=["geojson"], flat=True)
    with pytest.raises(UsageError, match="'kml' is no format of the flat edition"):
        opened.export(tmp_path, formats=["kml"], flat=True)
    with pytest.raises(UsageError, match="--flat does not go with --crs"):
        opened.export(tmp_path, flat=True, crs="EPSG:6372")
    with pytest.raises(UsageError, match="--hxl is for --format csv"):
        opened.export(tmp_path, hxl=True)


def test_hashtags_are_an_option_of_csv(opened: Atlas, tmp_path: Path) -> None:
    opened.export(tmp_path / "a", layers=["corridor"], formats=["csv"])
    opened.export(tmp_path / "b", layers=["corridor"], formats=["csv"], hxl=True)
    plain, tagged = ((tmp_path / name / "csv" / "corridor.csv").read_bytes().decode().split("\r\n") for name in "ab")
    assert plain == [tagged[0], *tagged[2:]]
    assert tagged[1].startswith("#meta+id,")


def test_new_formats_of_a_layer(opened: Atlas, tmp_path: Path) -> None:
    forms = ["shp", "parquet2", "topojson", "xlsx", "geojsonl", "pygeoapi", "postgis"]
    made = opened.export(tmp_path, layers=["corridor"], formats=forms)
    assert {
        "shp/corridor.zip",
        "parquet/corridor.2.parquet",
        "topojson/corridor.topojson",
        "xlsx/corridor.xlsx",
        "geojsonl/corridor.geojsonl",
        "pygeoapi/corridor.geojson",
        "pygeoapi-config.yml",
        "load-postgis.sql",
    } <= set(made.sizes)
