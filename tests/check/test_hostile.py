"""Whatever is in a file, the check ends soon with a report that can be printed."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.check import check_file, render
from atlas.geojson.geometries import TYPES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
SEEDS = [
    *sorted((ROOT / "tests" / "data" / "invalid").iterdir()),
    *sorted((ROOT / "tests" / "data" / "valid").iterdir()),
    ROOT / "geodata" / "layers" / "corridor.geojson",
    ROOT / "geodata" / "layers" / "crossings_formal.geojson",
]
LONGEST_S = 20

numbers = st.integers() | st.floats() | st.sampled_from([0, -90.5, 16.5, 180, 1e300, -1e300, 10**400])
odd = (
    st.none()
    | st.booleans()
    | numbers
    | st.text(max_size=4)
    | st.dictionaries(st.text(max_size=3), numbers, max_size=2)
)
coordinates = st.recursive(numbers | odd, lambda inner: st.lists(inner, max_size=5), max_leaves=25)
positions = st.lists(st.tuples(st.floats(-91, -90), st.floats(16, 17)).map(list), max_size=7)
rings = st.lists(positions | positions.filter(bool).map(lambda ring: [*ring, ring[0]]), max_size=3)
geometries = st.recursive(
    st.none()
    | odd
    | st.fixed_dictionaries({"type": st.sampled_from(TYPES), "coordinates": coordinates})
    | st.fixed_dictionaries({"type": st.just("LineString"), "coordinates": positions})
    | st.fixed_dictionaries({"type": st.just("Polygon"), "coordinates": rings})
    | st.fixed_dictionaries({"type": st.just("MultiPolygon"), "coordinates": st.lists(rings, max_size=3)}),
    lambda inner: st.fixed_dictionaries(
        {"type": st.just("GeometryCollection"), "geometries": st.lists(inner, max_size=3)}
    ),
    max_leaves=4,
)
keys = st.sampled_from(["cvegeo", "fecha", "CVE_MUN", "name", "n"]) | st.text(max_size=5)
whole = st.fixed_dictionaries(
    {"type": st.just("Feature"), "geometry": geometries, "properties": odd | st.dictionaries(keys, odd, max_size=4)},
    optional={"id": odd, "bbox": odd | st.lists(numbers, max_size=7), "crs": odd},
)
documents = st.fixed_dictionaries(
    {"type": st.sampled_from(["FeatureCollection", "Feature", "Point", "Topology"])},
    optional={
        "features": odd | st.lists(whole | odd, max_size=6),
        "bbox": odd | st.lists(numbers, max_size=7),
        "crs": odd,
        "geometry": geometries,
        "coordinates": coordinates,
    },
)


def _survives(path: Path) -> None:
    started = time.monotonic()
    report = check_file(path)
    assert time.monotonic() - started < LONGEST_S
    for form in ("text", "json", "github"):
        rendered = render([report], form)
        rendered.encode()
        assert not any(char < " " and char != "\n" for char in rendered)
    assert json.loads(render([report], "json"))["files"][0]["counts"] == report.counts
    assert sum(report.counts.values()) >= len(report.findings)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents)
def test_any_document(tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.geojson"
    path.write_text(json.dumps(document), encoding="utf-8")
    _survives(path)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(data)
    _survives(path)


def _mutations(data: bytes, chance: random.Random) -> Iterator[bytes]:
    signs = [
        b"[",
        b"]",
        b"{",
        b"}",
        b",",
        b":",
        b'"',
        b"\\",
        b"\xff",
        b"\0",
        b"null",
        b"-",
        b"1e999",
        b"NaN",
        b"\\ud800",
    ]
    for _ in range(4):
        at, end = sorted(chance.sample(range(len(data) + 1), 2))
        yield data[:at] + chance.choice(signs) + data[at:]
        yield data[:at] + chance.choice(signs) + data[at + 1 :]
        yield data[:at] + data[end:]
        yield data[:end] + data[at:end] + data[end:]
        yield data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_mutated_files(tmp_path: Path, seed: Path) -> None:
    path = tmp_path / "mutated.geojson"
    for data in _mutations(seed.read_bytes(), random.Random(seed.name)):  # noqa: S311 - nothing secret
        path.write_bytes(data)
        _survives(path)


@pytest.mark.parametrize(
    "data",
    [
        b'{"type":"FeatureCollection","features":[' + b"{}," * 100_000 + b"{}]}",
        b'{"type":"FeatureCollection","features":[' + b"[]," * 100_000 + b"[]]}",
        b"{" + b",".join(b'"k%d":1' % n for n in range(100_000)) + b"}",
        b'{"type":"Point","coordinates":[' + b"0," * 200_000 + b"0]}",
        b'{"type":"Feature","geometry":null,"properties":{"a":"' + b"\\ud83d" * 100_000 + b'"}}',
        b'{"type":"Feature","geometry":null,"properties":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
        b'{"type":"Feature","properties":{},"geometry":'
        + b'{"type":"GeometryCollection","geometries":[' * 300
        + b"]}" * 300
        + b"}",
        b" \n" * 1_000_000,
        b'{"' + b"a" * 3_000_000,
        b'{"type":"LineString","coordinates":[' + b"[0,0]," * 100_000 + b"[0,0]]}",
        b'{"type":"Polygon","coordinates":[' + b"[[0,0],[1,0],[1,1],[0,0]]," * 20_000 + b"[]]}",
        b'{"type":"Feature","geometry":null,"properties":{"a":"' + b"9 " * 100_000 + b'"}}',
        b'{"type":"Feature","geometry":null,"properties":{"a":"' + b"a." * 100_000 + b'@"}}',
        b'{"type":"Feature","geometry":null,"properties":{"a":"' + b"tel " * 50_000 + b'"}}',
    ],
    ids=[
        "objects", "arrays", "keys", "numbers", "surrogates", "deep objects", "deep collections", "spaces", "endless",
        "one position", "holes", "digits", "address", "telephones",
    ],
)  # fmt: skip
def test_bombs(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bomb.geojson"
    path.write_bytes(data)
    _survives(path)


def test_every_feature_has_fields_of_its_own(tmp_path: Path) -> None:
    features = [{"type": "Feature", "geometry": None, "properties": {f"k{n}": ""}} for n in range(5_000)]
    path = tmp_path / "fields.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    report = check_file(path)
    assert report.counts["text-empty"] == 2_000
