"""The door for points without end refuses what the door for features refuses, however the class is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from atlas.admission.point_door import PointDoor
from atlas.admission.published_atlas import PublishedAtlas, open_published_atlas
from atlas.admission.user_layers import open_user_layer
from atlas.errors import AtlasError, PolicyError, UsageError
from atlas.project import find_project

OPEN = {"kind": "a", "sensitivity": "open"}
CASES: dict[str, tuple[list[Mapping[str, Any]], str | None]] = {
    "nothing stated": ([{"kind": "a"}, {"kind": "b"}], None),
    "all open": ([OPEN, OPEN], None),
    "restricted": ([OPEN, {"kind": "b", "sensitivity": "restricted"}], None),
    "one without": ([OPEN, {"kind": "b"}], None),
    "null": ([OPEN, {"kind": "b", "sensitivity": None}], None),
    "unknown word": ([{"sensitivity": "public"}], None),
    "Spanish": ([{"Sensibilidad": "restringido"}], None),
    "generalised": ([{"sensitivity": "generalised"}], None),
    "named": ([{"clase": "restricted"}], "clase"),
    "named and open": ([{"clase": "open"}, {"clase": "open"}], "clase"),
    "named, another closed": ([{"clase": "open", "sensitivity": "withheld"}], "clase"),
    "none": ([{"sensitivity": "low"}, {"sensitivity": "high"}], "none"),
    "none, yet closed": ([{"sensitivity": "low"}, {"sensitivity": "Restricted "}], "none"),
    "named and missing": ([{"kind": "a"}], "clase"),
    "in a text": ([{"more": '{"sensitivity": "restricted"}'}, {"more": "plain"}], None),
    "in a text of some": ([{"more": "plain"}, {"more": ' [{"name": "sensitivity", "value": "open"}]'}], None),
    "field notes": ([{"atlas_base": "x", "kind": "a"}], None),
    "field notes that are open": ([{"atlas_base": "x", "sensitivity": "open"}], None),
}


@pytest.fixture(scope="module")
def release(repo: Path) -> PublishedAtlas:
    return open_published_atlas(find_project(repo))


def _feature(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-91, 16]}, "properties": properties}


def _answer(run: Any) -> type[AtlasError] | None:
    try:
        run()
    except AtlasError as error:
        return type(error)
    return None


@pytest.mark.parametrize("name", CASES)
def test_both_doors_agree_on_features(name: str, release: PublishedAtlas) -> None:
    rows, chosen = CASES[name]
    document = {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}
    expected = _answer(lambda: open_user_layer(document, release, sensitivity_field=chosen))
    door = PointDoor("f", chosen)

    def run() -> None:
        for number, row in enumerate(rows, start=1):
            door.feature(number, _feature(row))
        door.close({"type": "FeatureCollection"})

    assert _answer(run) is expected


@pytest.mark.parametrize("name", CASES)
def test_both_doors_agree_on_tables(name: str, release: PublishedAtlas) -> None:
    rows, chosen = CASES[name]
    names = list(dict.fromkeys(key for row in rows for key in row))
    full = [{key: row.get(key) for key in names} for row in rows]
    document = {"type": "FeatureCollection", "features": [_feature(row) for row in full]}
    expected = _answer(lambda: open_user_layer(document, release, sensitivity_field=chosen))
    door = PointDoor("f", chosen)

    def run() -> None:
        door.table(pa.table({key: [row[key] for row in full] for key in names}), 1)
        door.close({})

    assert _answer(run) is expected


def test_a_class_of_the_whole_file_is_of_each_point() -> None:
    door = PointDoor("f", None)
    door.feature(1, _feature({"kind": "a"}))
    with pytest.raises(PolicyError, match="restricted"):
        door.close({"type": "FeatureCollection", "sensitivity": "restricted"})


def test_a_nested_column_is_looked_into() -> None:
    door = PointDoor("f", None)
    door.table(pa.table({"about": [{"sensitivity": "withheld"}, None]}), 1)
    with pytest.raises(PolicyError, match="feature 1"):
        door.close({})


def test_rows_are_named_over_batches() -> None:
    door = PointDoor("f", None)
    for first in (1, 3):
        door.table(pa.table({"sensitivity": ["open", "secret"]}), first)
    with pytest.raises(PolicyError, match=r"2 × .*'secret'.*feature 2, 4"):
        door.close({})


def test_a_field_that_no_row_has_is_refused() -> None:
    door = PointDoor("f", "clase")
    door.table(pa.table({"kind": ["a"]}), 1)
    with pytest.raises(UsageError, match="clase"):
        door.close({})
