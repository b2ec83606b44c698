"""Whatever is in a file, cleaning ends soon: with a file that check passes and no feature lost, or with one message."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.check import RULES, Severity, check_file
from atlas.clean import Options, clean_files, options
from atlas.errors import AtlasError

ROOT = Path(__file__).parent.parent.parent
SEEDS = [
    *sorted((ROOT / "tests" / "data" / "invalid").iterdir()),
    *sorted((ROOT / "tests" / "data" / "valid").iterdir()),
    ROOT / "geodata" / "layers" / "corridor.geojson",
    ROOT / "geodata" / "layers" / "crossings_formal.geojson",
]
TYPES = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"]
LONGEST_S = 20

numbers = st.integers() | st.floats() | st.sampled_from([0, -90.5, 16.5, 180, 1e300, -1e300, 10**400, 2**60])
odd = (
    st.none()
    | st.booleans()
    | numbers
    | st.text(max_size=4)
    | st.sampled_from(["RÃ­o", "Ri\u0301o", "NULL", "N/A", "31/05/2024", "05/06/24", "7089", "\x07", "\u202e", "-90.5"])
    | st.dictionaries(st.text(max_size=3), numbers, max_size=2)
)
coordinates = st.recursive(numbers | odd, lambda inner: st.lists(inner, max_size=5), max_leaves=25)
corners = st.tuples(
    st.integers(-91_000_000, -90_000_000).map(lambda n: n / 1e6) | st.sampled_from([-90.5, -90.25, -90.5000004]),
    st.integers(16_000_000, 17_000_000).map(lambda n: n / 1e6) | st.sampled_from([16.5, 16.25, 16.5000004]),
).map(list)
positions = st.lists(corners | st.tuples(st.floats(-91, -90), st.floats(16, 17)).map(list), max_size=7)
rings = st.lists(positions | positions.filter(bool).map(lambda ring: [*ring, ring[0]]), max_size=3)
geometries = st.recursive(
    st.none()
    | odd
    | st.fixed_dictionaries({"type": st.sampled_from([*TYPES, "point", "Blob"]), "coordinates": coordinates})
    | st.fixed_dictionaries({"type": st.sampled_from(["LineString", "MultiPoint"]), "coordinates": positions})
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
    {"type": st.sampled_from(["FeatureCollection"] * 4 + ["Feature", "Point", "Topology"])},
    optional={
        "features": odd | st.lists(whole | odd, max_size=6),
        "bbox": odd | st.lists(numbers, max_size=7),
        "crs": odd,
        "geometry": geometries,
        "coordinates": coordinates,
    },
)
answers = st.sampled_from(
    [
        options(),
        options(
            keep=tuple(
                rule for rule in RULES if RULES[rule].severity is Severity.WARNING and rule.startswith(("text", "p"))
            ),
            reject=("id-twice", "axes-swapped", "sliver", "null-island", "gap", "overlap", "edge-mismatch", "spike"),
        ),
        options(
            repair=("text-empty", "type-mixed", "date-not-iso", "spike", "null-island"), precision=3, swap_axes=True
        ),
    ]
)


def _holds(path: Path, options: Options) -> None:
    """The one property of this page."""
    folder = path.parent
    out, again = folder / "out" / "clean.geojson", folder / "out" / "again.geojson"
    for leftover in out.parent.glob("*") if out.parent.exists() else ():
        leftover.unlink()
    started = time.monotonic()
    options = replace(options, allow_empty=True)
    try:
        done = clean_files([path], out, options)
    except AtlasError as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert not any(char < " " and char != "\n" for char in refusal.encode().decode())
        assert not out.exists()
        return
    assert time.monotonic() - started < LONGEST_S
    report = check_file(out)
    left = {rule for rule in report.counts if RULES[rule].severity is not Severity.INFO} - options.keep
    assert not left
    aside = out.with_name("clean.rejected.geojson")
    kept = json.loads(aside.read_bytes())["features"] if aside.exists() else []
    assert len(kept) == done.rejected
    before = check_file(path).features or report.features + len(kept)
    assert report.features + len(kept) == before or "json-trailing" in done.total["by_rule"]
    second = clean_files([out], again, options)
    assert again.read_bytes() == out.read_bytes()
    assert second.total["changes"] == 0


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents, options=answers)
def test_any_document(tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any], options: Options) -> None:
    path = tmp_path_factory.getbasetemp() / "any.geojson"
    path.write_text(json.dumps(document), encoding="utf-8")
    _holds(path, options)


areas = st.builds(
    lambda shells, holes: {"type": "MultiPolygon", "coordinates": [[[*ring, ring[0]], *holes] for ring in shells]},
    st.lists(st.lists(corners, min_size=3, max_size=7), min_size=1, max_size=2),
    st.lists(st.lists(corners, min_size=4, max_size=5).map(lambda ring: [*ring, ring[0]]), max_size=1),
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes=st.lists(areas, min_size=1, max_size=4), options=answers)
def test_any_areas(tmp_path_factory: pytest.TempPathFactory, shapes: list[Any], options: Options) -> None:
    features = [{"type": "Feature", "id": n, "geometry": one, "properties": {"n": n}} for n, one in enumerate(shapes)]
    path = tmp_path_factory.getbasetemp() / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    _holds(path, options)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(data)
    _holds(path, options())


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
    for _ in range(3):
        at, end = sorted(chance.sample(range(len(data) + 1), 2))
        yield data[:at] + chance.choice(signs) + data[at:]
        yield data[:at] + chance.choice(signs) + data[at + 1 :]
        yield data[:at] + data[end:]
        yield data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_mutated_files(tmp_path: Path, seed: Path) -> None:
    path = tmp_path / "mutated.geojson"
    for data in _mutations(seed.read_bytes(), random.Random(seed.name)):  # noqa: S311 - nothing secret
        path.write_bytes(data)
        _holds(path, options())
