"""Whatever the atlas writes as GeoJSON passes its own check: every writer, over notes and files of any content."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import atlas
from atlas.check import RULES, Severity, check_file
from atlas.check.map_files import check_path
from atlas.clean import clean_files
from atlas.clean.options import Options
from atlas.editions.command import diff_files
from atlas.field.export import export
from atlas.field.importing import import_files
from atlas.field.readers import read_file
from atlas.field.store import open_store

pytestmark = pytest.mark.slow

# what belongs to the words of a note and not to the writer
CONTENT = {rule for rule in RULES if rule.startswith("text-")} | {"personal-data", "precision-mixed", "type-mixed"}
# a store may hold notes of any place and of any kind of shape, the same twice, and their history beside properties
KEPT = {
    "geometry-mixed",
    "member-foreign",
    "geometry-null",
    "feature-twice",
    "precision-excessive",
    "position-3d",
    "spike",
}

numbers = st.floats(-179.9, 179.9, allow_nan=False).map(lambda value: round(value, 6))
positions = st.tuples(numbers, numbers.map(lambda value: round(value / 2.1, 6))).filter(lambda xy: xy != (0, 0))
points = positions.map(lambda xy: {"type": "Point", "coordinates": list(xy)})
lines = st.lists(positions, min_size=2, max_size=5, unique=True).map(
    lambda run: {"type": "LineString", "coordinates": [list(xy) for xy in run]}
)
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
notes = st.fixed_dictionaries(
    {"note": words, "category": st.sampled_from(["checkpoint", "shelter", "puesto nuevo"])}, optional={"x y": words}
)
features = st.builds(
    lambda geometry, properties: {"type": "Feature", "geometry": geometry, "properties": properties},
    st.one_of(points, lines),
    notes,
)


def _faults(path: Path, *allowed: str) -> dict[str, int]:
    return {rule: count for rule, count in check_file(path).counts.items() if rule not in {*CONTENT, *allowed}}


@settings(
    max_examples=6,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(features, min_size=1, max_size=12))
def test_an_export_of_a_store_passes(rows: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        incoming = folder / "in.geojson"
        incoming.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
        store = open_store(folder / "store.gpkg")
        store.create()
        import_files(store, [incoming], read_file)
        out = folder / "out.geojson"
        out.write_bytes(export(store, "geojson", exact=True)[0])
        assert _faults(out, *KEPT, "antimeridian") == {}
        # and comes in again as what it was
        again = open_store(folder / "again.gpkg")
        again.create()
        done, aside = import_files(again, [out], read_file)
        assert not aside
        assert done[0].rows == len(json.loads(out.read_bytes())["features"])


@settings(
    max_examples=15,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(features, min_size=1, max_size=8), form=st.sampled_from(["collection", "lines", "single"]))
def test_what_clean_writes_passes(rows: list[dict[str, Any]], form: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        incoming, out = Path(name) / "in.geojson", Path(name) / "out.geojson"
        whole = json.dumps({"type": "FeatureCollection", "features": rows} if form == "collection" else rows[0])
        incoming.write_text("\n".join(map(json.dumps, rows)) if form == "lines" else whole, encoding="utf-8")
        asked = [*sorted(CONTENT), "antimeridian", "spike", "feature-twice"]
        clean_files([incoming], out, Options(keep=frozenset(asked)))
        assert _faults(out, "geometry-mixed", "antimeridian", "spike", "feature-twice") == {}


@pytest.mark.parametrize("suffix", [".geojson", ".geojsonl", ".geojsons", ".topojson"])
@pytest.mark.parametrize("rows", [[], [(-92.15, 14.68)], [(-92.15, 14.68), (-91.5, 15.2), (268.0, 95.0)]])
def test_what_clean_and_diff_write_as_text_passes(suffix: str, rows: list[tuple[float, float]], tmp_path: Path) -> None:
    made = [
        {
            "type": "Feature",
            "id": number,
            "geometry": {"type": "Point", "coordinates": list(xy)},
            "properties": {"code": f"a{number}"},
        }
        for number, xy in enumerate(rows)
    ]
    incoming, out = tmp_path / "in.geojson", tmp_path / f"out{suffix}"
    incoming.write_text(json.dumps({"type": "FeatureCollection", "features": made}), encoding="utf-8")
    clean_files([incoming], out, Options(keep=frozenset(CONTENT)))
    written = [path for path in tmp_path.iterdir() if ".ledger" not in path.name and path != incoming]
    assert any(path == out for path in written)
    for path in written:
        wrong = {rule: count for one in check_path(path) for rule, count in one.counts.items()}
        # what was put aside is put aside for its faults
        assert not set(wrong) - ({"position-range", "member-foreign"} if "rejected" in path.name else {"json-sequence"})
    if len(rows) > 1:
        diff_files(out, out, tmp_path / "diff")
        for path in sorted((tmp_path / "diff").glob("*.geojson")):
            assert check_file(path).total(Severity.ERROR, RULES) == 0, path.name


def test_layers_exports_releases_and_lists_pass(
    repo: Path, releasing: Path, tmp_path: Path, command_line: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    project = atlas.open(repo)
    for layer in sorted((repo / "geodata" / "layers").glob("*.geojson")):
        report = check_file(layer)
        assert report.total(Severity.ERROR, RULES) == 0, layer.name
    project.export(tmp_path / "gis", layers=["border", "municipalities", "crossings_formal"], formats=["geojson"])
    for path in sorted((tmp_path / "gis").rglob("*.geojson")):
        assert check_file(path).total(Severity.ERROR, RULES) == 0, path.name
    exact = tmp_path / "exact.geojson"
    exact.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "id": f"6f0d1c1e-8f2b-4a94-9d6a-3c1b7a52e{number:03d}",
                        "geometry": {"type": "Point", "coordinates": [-92.15, 14.68 + number / 1000]},
                        "properties": {
                            "category": "checkpoint",
                            "sensitivity": "generalised",
                            "observed_at": f"2024-05-{number + 1:02d}",
                        },
                    }
                    for number in range(9)
                ],
            }
        ),
        encoding="utf-8",
    )
    atlas.open(releasing).release([exact], tmp_path / "public")
    assert check_file(tmp_path / "public" / "records.geojson").total(Severity.ERROR, RULES) == 0
    store = open_store(tmp_path / "store.gpkg")
    store.create()
    import_files(store, [exact], read_file)
    listed = command_line("field", "list", "--format", "geojson", "--exact", "--store", store.address, cwd=repo)
    (tmp_path / "list.geojson").write_text(listed.stdout, encoding="utf-8")
    assert check_file(tmp_path / "list.geojson").total(Severity.ERROR, RULES) == 0
