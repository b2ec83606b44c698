"""One function decides what any writer may draw or write: where it says no, none of them writes anything."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import atlas
from atlas.admission.point_door import PointDoor
from atlas.admission.published_atlas import open_published_atlas, released_records
from atlas.api import Atlas
from atlas.errors import PolicyError
from atlas.field.export import export
from atlas.field.forms.qfield import write_qfield
from atlas.field.importing import import_files
from atlas.field.readers import read_file
from atlas.field.store import open_store
from atlas.pipeline.publish_options import PublishOptions
from atlas.project import find_project
from atlas.published import publishable
from atlas.release.terms_reader import default_policy_text
from atlas.render.field_page import render_field_page
from atlas.render.field_site import render_field_site

POINT = {"type": "Point", "coordinates": [-92.15, 14.70]}
LAYER = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "geometry": POINT, "properties": {"sensitivity": "open"}}],
}
Write = Callable[[Path, Path], object]


def _notes(folder: Path, word: str) -> Path:
    stated = {"category": "shelter", "sensitivity": word}
    features = [
        {
            "type": "Feature",
            "id": f"6f0d1c1e-8f2b-4a94-9d6a-3c1b7a52e{day:03d}",
            "geometry": POINT,
            "properties": {**stated, "observed_at": f"2025-05-{day:02d}"},
        }
        for day in range(1, 8)
    ]
    path = folder / f"notes-{word}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def _release(root: Path, folder: Path) -> object:
    terms = PublishOptions(today=date(2026, 3, 1))
    return Atlas.at(root).release([_notes(folder, "generalised")], folder / "out", terms)


def _field_export(_root: Path, folder: Path) -> object:
    store = open_store(folder / "store.gpkg")
    store.create()
    import_files(store, [_notes(folder, "open")], read_file)
    return export(store, "csv", exact=False)


def _released(root: Path, _folder: Path) -> object:
    stated = {"group": "help", "sensitivity": "generalised"}
    feature = {"type": "Feature", "id": "a", "geometry": None, "properties": stated}
    path = root / "geodata" / "released" / "records.geojson"
    path.parent.mkdir()
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return released_records(find_project(root))


def _forecast(root: Path, folder: Path) -> object:
    # place names are read from the layers where a policy lets notes leave
    text = default_policy_text().replace('"sensitivity"]', '"sensitivity", "note"]')
    (root / "policy.toml").write_text(text, encoding="utf-8")
    return Atlas.at(root).forecast([_notes(folder, "generalised")], PublishOptions(report=folder / "sheet"))


def _count(root: Path, folder: Path) -> object:
    rows = [f"d{number},2025-01-15T10:00:00,-92.26,14.9" for number in range(20)]
    # not a table among what is written
    pings = folder / "pings.csv.gz"
    pings.write_bytes(gzip.compress("\n".join(["device,time,lon,lat", *rows]).encode()))
    return atlas.open(root).count(pings, folder / "counts" / "c.csv", by=["box", "month"], distinct="device")


def _points_without_end(_root: Path, _folder: Path) -> object:
    # what pages of clouds and folders for millions of points read their rows through
    door = PointDoor("points", None)
    door.feature(1, {"geometry": POINT, "properties": {"sensitivity": "open"}})
    return door.close({})


WRITERS: dict[str, Write] = {
    "build": lambda root, _: atlas.open(root).build(),
    "export": lambda root, folder: atlas.open(root).export(folder / "x", layers=["border"], formats=["csv"]),
    "figure": lambda root, folder: atlas.open(root).figure("border", folder / "f.svg"),
    "map of a page": lambda root, folder: atlas.open(root).map("border").save(folder / "m.html"),
    "map of a user's layer": lambda root, folder: atlas.open(root).map(layer=LAYER).save(folder / "u.html"),
    "page for the field": lambda root, _: render_field_page(open_published_atlas(find_project(root)), layers=[LAYER]),
    "QField project": lambda root, folder: write_qfield(folder / "q", find_project(root)),
    "layer as a table": lambda root, _: atlas.open(root).layer("border"),
    "site for the field": lambda root, _: render_field_site(open_published_atlas(find_project(root)), layers=[LAYER]),
    "points without end": _points_without_end,
    "count": _count,
    "release": _release,
    "released records on a page": _released,
    "copy of field records": _field_export,
    "forecast with a sheet": _forecast,
    "map of boxes": lambda root, _: Atlas.at(root).make_boxes(),
    "refresh": lambda root, _: atlas.open(root).refresh(),
}
# what makes every layer anew
LONG = {"refresh"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] if name in LONG else []) for name in WRITERS]
)
def test_where_the_decision_is_no_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, releasing: Path, tmp_path: Path, name: str
) -> None:
    monkeypatch.setattr(publishable, "fault", lambda *_: "no, says the test")
    before = {path for path in tmp_path.rglob("*") if path.suffix in {".html", ".csv", ".svg"}}
    with pytest.raises(PolicyError):
        WRITERS[name](releasing, tmp_path)
    assert {path for path in tmp_path.rglob("*") if path.suffix in {".html", ".csv", ".svg"}} == before
    assert not (releasing / "maps").exists()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("word", ["restricted", "withheld", "generalised", "", None, "OPEN", ["open"], 1, {"a": 1}])
def test_of_exact_records_only_open_ones_leave(word: Any) -> None:
    feature = {"id": "a", "geometry": POINT, "properties": {"sensitivity": word}}
    assert "only open are published" in str(publishable.fault(publishable.EXACT, feature))
    feature["properties"] = {"sensitivity": "open"}
    assert publishable.fault(publishable.EXACT, feature) is None


@pytest.mark.parametrize("word", ["informal", " Informal"])
@pytest.mark.parametrize("many", [False, True])
def test_a_users_informal_crossing_is_no_point_even_where_it_says_open(
    releasing: Path, tmp_path: Path, word: str, *, many: bool
) -> None:
    feature = {"type": "Feature", "geometry": POINT, "properties": {"sensitivity": "open", "formality": word}}
    if many:
        door = PointDoor("points", None)
        door.feature(1, feature)
        with pytest.raises(PolicyError, match=r"informal crossing but has a Point"):
            door.close({})
        return
    layer = {"type": "FeatureCollection", "features": [feature]}
    with pytest.raises(PolicyError, match=r"informal crossing but has a Point"):
        atlas.open(releasing).map(layer=layer).save(tmp_path / "m.html")
    feature["properties"]["formality"] = "of little formality"
    assert atlas.open(releasing).map(layer=layer).save(tmp_path / "m.html")
