"""A release takes records out of any GeoPackage, as it takes them out of GeoJSON; of a store only accepted ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import pytest

import atlas
from atlas.errors import InputError
from atlas.field.export import export
from atlas.field.importing import import_files
from atlas.field.readers import read_file
from atlas.field.releasable import database_records, is_database
from atlas.field.store import Store, open_store

pytestmark = pytest.mark.slow


def _records(count: int, **properties: Any) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "type": "Feature",
            "id": f"6f0d1c1e-8f2b-4a94-9d6a-3c1b7a52e{number:03d}",
            "geometry": {"type": "Point", "coordinates": [-92.15, 14.68 + number / 1000]},
            "properties": {
                "category": "checkpoint",
                "sensitivity": "generalised",
                "observed_at": f"2024-05-{number + 1:02d}",
                **properties,
            },
        }


@pytest.fixture
def geojson(tmp_path: Path) -> Path:
    path = tmp_path / "notes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(_records(8))}), encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path, geojson: Path) -> Store:
    made = open_store(tmp_path / "store.gpkg")
    made.create()
    import_files(made, [geojson], read_file)
    return made


@pytest.mark.parametrize("name", ["notes.gpkg", "NOTES.GPKG", "notes.sqlite"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32615"])
def test_records_of_a_geopackage_are_released_as_those_of_geojson(
    releasing: Path, tmp_path: Path, geojson: Path, name: str, crs: str
) -> None:
    path = tmp_path / name
    geopandas.read_file(geojson).to_crs(crs).to_file(path.with_suffix(".gpkg"), driver="GPKG")
    if path.suffix != ".gpkg":
        path.with_suffix(".gpkg").rename(path)
    project = atlas.open(releasing)
    plain, packed = (project.release([one], tmp_path / one.suffix) for one in (geojson, path))
    assert packed.count == plain.count == 1
    assert (packed.folder / "records.geojson").read_bytes() == (plain.folder / "records.geojson").read_bytes()
    assert project.audit([packed.folder], against=path).against == 8


def test_what_nobody_accepted_stays_in_a_store_of_any_spelling(releasing: Path, tmp_path: Path, store: Store) -> None:
    path = Path(store.address).rename(tmp_path / "STORE.GPKG")
    assert atlas.open(releasing).release([path], tmp_path / "out").count == 0


def test_a_copy_of_a_store_is_not_released_past_its_review(tmp_path: Path, store: Store) -> None:
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(export(store, "gpkg", exact=True)[0])
    with pytest.raises(InputError, match="is a copy of a store; take it in with `atlas field import`"):
        list(database_records(str(copy)))
    renamed = Path(store.address).rename(tmp_path / "store.db")
    assert is_database(str(renamed))
    with pytest.raises(InputError, match=r"does not end in \.gpkg; rename it"):
        list(database_records(str(renamed)))


def test_a_row_that_is_no_record_stops_the_release(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame.from_features(list(_records(3)), crs="EPSG:4326")
    frame.loc[1, "observed_at"] = "yesterday"
    path = tmp_path / "notes.gpkg"
    frame.to_file(path, driver="GPKG")
    with pytest.raises(InputError, match=r"(?s)has rows that are no records; .*notes 2: .*yesterday"):
        list(database_records(str(path)))
