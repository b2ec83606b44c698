"""Small features that are cleaned as they are read come out as those that are cleaned as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from atlas.clean import cleaner, feature_stream
from atlas.clean.command import clean_files
from atlas.clean.options import options
from atlas.errors import InputError

_POINT = (
    '{"type":"Feature","id":%d,"properties":{"name":"p%d","at":"10:30"},"geometry":{"type":"Point","coordinates":%s}}'
)
_CRS = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:%s"}},'


def _file(folder: Path, positions: list[str], *, members: str = "", more: str = "") -> Path:
    path = folder / "points.geojson"
    lines = [_POINT % (n, n, position) for n, position in enumerate(positions)] + ([more] if more else [])
    path.write_text(f'{{"type":"FeatureCollection",{members}"features":[\n' + ",\n".join(lines) + "\n]}\n")
    return path


def _cleaned(path: Path, folder: Path, precision: int | None) -> object:
    folder.mkdir(exist_ok=True)
    try:
        clean_files([path], folder / "out.geojson", options(precision=precision))
    except InputError as error:
        return str(error)
    return {one.name: one.read_bytes() for one in folder.iterdir()}


_FILES = {
    "clean": (["[-92.1,15.1]", "[-92.2,15.2]"], "", ""),
    "decimals": (["[-92.123456789,15.1]", "[-92.2,15.2]", "[-92.3,15]"], "", ""),
    "exponents": (["[0.000001234567,-0.000000000001]", "[-92.2,15.2]"], "", ""),
    "seven": (["[-92.1234567,15.1]", "[-92.2,15.2]"], "", ""),
    "crs of degrees": (["[-92.1,15.1]", "[-92.2,15.2]"], '"name":"p",' + _CRS % "OGC:1.3:CRS84", ""),
    "crs of metres": (["[-92.1,15.1]", "[-92.2,15.2]"], _CRS % "EPSG::32615", ""),
    "bbox": (["[-92.123456789,15.1]", "[-92.2,15.2]"], '"bbox":[-93,15,-92,16],', ""),
    "twice": (["[-92.1,15.1]"], "", _POINT % (0, 0, "[-92.1,15.1]")),
    "twice once rounded": (["[-92.1000000001,15.1]"], "", _POINT % (0, 0, "[-92.1,15.1]")),
    "line": (["[-92.1,15.1]"], "", (_POINT % (7, 7, "[[-92,15],[-92,16]]")).replace('"Point"', '"LineString"')),
    "height": (["[-92.1,15.1,7]", "[-92.123456789,15.2]"], "", ""),
    "nothing": ([], "", ""),
    "accents": (
        ["[-92.123456789,15.1]"],
        "",
        (_POINT % (7, 7, "[1.123456789,2]")).replace("p7", "Tapachula de Córdova"),
    ),
    "no JSON": (["[-92.123456789,15.1]", "[-92.2,15.2"], "", ""),
    "at sea": (["[-1e9,15.1]", "[0,0]"], "", ""),
}


@pytest.mark.parametrize("precision", [None, 4])
@pytest.mark.parametrize("name", _FILES)
def test_stream_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, precision: int | None) -> None:
    """File, ledger, what is put aside and questions."""
    positions, members, more = _FILES[name]
    path = _file(tmp_path, positions, members=members, more=more)
    quick = _cleaned(path, tmp_path / "quick", precision)
    monkeypatch.setattr(cleaner, "cleaned_stream", lambda *_: None)
    assert quick == _cleaned(path, tmp_path / "whole", precision)


def _squares(count: int, side: float, digits: int, *, left_out: int = -1) -> list[dict[str, object]]:
    """Squares of so many degrees in rows of ten, a thousandth of a degree from one to the next."""
    features: list[dict[str, object]] = []
    for n in range(count):
        x, y = -94 + n % 10 * 0.001, 14 + n // 10 * 0.001
        far = (x + side, y + side) if side < 0.001 else (-94 + (n % 10 + 1) * 0.001, 14 + (n // 10 + 1) * 0.001)
        corners = [(x, y), (far[0], y), far, (x, far[1]), (x, y)]
        ring = [[round(lon + 1.1e-9, digits), round(lat + 1.1e-9, digits)] for lon, lat in corners]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"n": n}, "geometry": shape})
    return [one for n, one in enumerate(features) if n != left_out]


def _moved(features: list[dict[str, object]], lon: float) -> list[dict[str, object]]:
    """The same, with one corner of one square so many degrees farther east."""
    text = json.dumps(features[4])
    features[4] = json.loads(text)
    features[4]["geometry"]["coordinates"][0][2][0] += lon  # type: ignore[index]
    return features


def _rings(features: list[dict[str, object]], *, back: bool, again: bool) -> list[dict[str, object]]:
    """The same with every third ring the other way round, and every fourth with a position twice."""
    made = json.loads(json.dumps(features))
    for n, one in enumerate(made):
        ring = one["geometry"]["coordinates"][0]
        if back and n % 3 == 0:
            ring.reverse()
        if again and n % 4 == 0:
            ring.insert(2, ring[2])
    return made


def _of(kind: str, coordinates: object) -> list[dict[str, object]]:
    shape = {"type": kind, "coordinates": coordinates}
    return [{"type": "Feature", "properties": {"n": -1}, "geometry": shape}]


_HOLED = [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[1, 1], [1, 8], [8, 8], [8, 1], [1, 1]]]


# features, and whether they are cleaned as they are read
def _opened(features: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same without the last position of each ring."""
    made = json.loads(json.dumps(features))
    for one in made:
        one["geometry"]["coordinates"] = [ring[:-1] for ring in one["geometry"]["coordinates"]]
    return made


_AREAS: dict[str, tuple[list[dict[str, object]], bool]] = {
    "apart": (_squares(30, 0.0005, 6), True),
    "apart, decimals": (_squares(30, 0.0005, 12), True),
    "side by side": (_squares(30, 0.001, 6), True),
    "side by side, decimals": (_squares(30, 0.001, 12), True),
    "a gap of a metre": (_squares(30, 0.00099, 6), False),
    "a street of ten metres": (_squares(30, 0.0009, 6), True),
    "closed gap": (_squares(30, 0.001, 6, left_out=12), False),
    "gap at the coast": (_squares(30, 0.001, 6, left_out=9), True),
    "overlap": (_moved(_squares(30, 0.001, 6), 0.0001), False),
    "edges apart": (_moved(_squares(30, 0.001, 6), 3e-6), False),
    "the same twice": (_squares(30, 0.001, 6) + _squares(1, 0.001, 6), False),
    "on top": (
        _squares(30, 0.001, 6) + _of("Polygon", [[[-94, 14], [-93.99, 14], [-93.99, 14.003], [-94, 14]]]),
        False,
    ),
    "line": (_squares(30, 0.001, 12) + _of("LineString", [[-94, 14], [-93.99, 14.123456789]]), True),
    "several parts": (_squares(3, 0.0005, 6) + _of("MultiPolygon", [_HOLED]), True),
    "island in a hole": (
        _of("Polygon", _HOLED) + _of("Polygon", [[[2, 2], [7, 2], [7, 7], [2, 7], [2, 2]]]),
        True,
    ),
    "crossing": (_of("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]), False),
    "clockwise": (_of("Polygon", [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]), True),
    "other way round": (_rings(_squares(30, 0.0005, 6), back=True, again=False), True),
    "other way round, decimals": (_rings(_squares(30, 0.0005, 12), back=True, again=False), True),
    "positions twice": (_rings(_squares(30, 0.001, 6), back=False, again=True), True),
    "both, decimals": (_rings(_squares(30, 0.001, 12), back=True, again=True), True),
    "all, and a gap": (_rings(_squares(30, 0.00099, 12), back=True, again=True), False),
    "twice once rounded": (_rings(_moved(_squares(30, 0.0005, 12), 1e-9), back=True, again=True), True),
    "a ring of one position": (_squares(30, 0.0005, 6) + _of("Polygon", [[[1, 1], [1, 1], [1, 1], [1, 1]]]), True),
    "open": (_opened(_squares(30, 0.0005, 6)), True),
    "open, decimals": (_opened(_squares(30, 0.0005, 12)), True),
    "open, side by side": (_opened(_squares(30, 0.001, 6)), True),
    "open, all else too": (_opened(_rings(_squares(30, 0.001, 12), back=True, again=True)), False),
    "open, and a gap": (_opened(_squares(30, 0.00099, 6)), False),
    "open, in a hole": (_squares(30, 0.0005, 6) + _of("Polygon", [_HOLED[0], _HOLED[1][:-1]]), True),
    "open, two positions": (_squares(30, 0.0005, 6) + _of("Polygon", [[[1, 1], [2, 2]]]), True),
    "open, three positions": (_squares(30, 0.0005, 6) + _of("Polygon", [[[1, 1], [2, 2], [1, 2]]]), True),
    "open, crossing": (_squares(30, 0.0005, 6) + _of("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1]]]), False),
    "open, within a digit": (_squares(9, 0.0005, 6) + _of("Polygon", [[[0, 0], [1, 0], [1, 1], [1e-9, 0]]]), True),
    "falls together": (_squares(3, 1e-8, 12), False),
    "no geometry": ([*_squares(3, 0.0005, 6), {"type": "Feature", "properties": {}, "geometry": None}], True),
    "a type of a list": (_squares(3, 0.0005, 6) + _of([], []), True),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("precision", [None, 5])
@pytest.mark.parametrize("name", _AREAS)
def test_areas_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, precision: int | None) -> None:
    """File, ledger, what is put aside and questions; ordinary areas are cleaned as they are read."""
    features, streamed = _AREAS[name]
    path = tmp_path / "areas.geojson"
    lines = ",\n".join(json.dumps(one) for one in features)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")
    taken: list[bool] = []
    real = feature_stream.cleaned_stream

    def stream(*arguments: object) -> object:
        made = real(*arguments)  # type: ignore[arg-type]
        taken.append(made is not None)
        return made

    monkeypatch.setattr(feature_stream, "_FEWEST", 0)
    # several tiles
    monkeypatch.setattr("atlas.clean.small_areas._TOGETHER", 8)
    monkeypatch.setattr(cleaner, "cleaned_stream", stream)
    quick = _cleaned(path, tmp_path / "quick", precision)
    monkeypatch.setattr(cleaner, "cleaned_stream", lambda *_: None)
    assert quick == _cleaned(path, tmp_path / "whole", precision)
    assert precision == 5 or taken == [streamed]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("digits", "most"), [(6, 6), (9, 8)])
def test_memory_of_points(tmp_path: Path, digits: int, most: int) -> None:
    """It grows by at most six times what the file grows by; by eight where each has a line in the ledger."""
    small, large = (_many(tmp_path / str(count), count, digits) for count in (6_000, 30_000))
    lower, upper = _peaks_bytes([small, large], tmp_path)
    assert upper - lower < most * (large.stat().st_size - small.stat().st_size)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize("side", [0.0005, 0.001], ids=["apart", "side by side"])
def test_memory_of_small_areas(tmp_path: Path, side: float) -> None:
    """It grows by less than three times what the file grows by; by 27 times it did."""
    paths = []
    for count in (6_000, 20_000):
        path = tmp_path / f"{count}.geojson"
        lines = ",\n".join(map(json.dumps, _squares(count, side, 6)))
        path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")
        paths.append(path)
    lower, upper = _peaks_bytes(paths, tmp_path)
    assert upper - lower < 3 * (paths[1].stat().st_size - paths[0].stat().st_size)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_memory_of_one_long_line(tmp_path: Path) -> None:
    """It grows by less than five times what the file grows by; by ten times it did."""
    paths = []
    for count in (100_000, 400_000):
        path = tmp_path / f"{count}.geojson"
        places = [[round(-95 + n / 1e6, 6), round(10 + n % 997 / 1e4, 6)] for n in range(count)]
        shape = {"type": "LineString", "coordinates": places}
        path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": shape}), encoding="utf-8")
        paths.append(path)
    lower, upper = _peaks_bytes(paths, tmp_path)
    assert upper - lower < 5 * (paths[1].stat().st_size - paths[0].stat().st_size)


def _many(folder: Path, count: int, digits: int) -> Path:
    folder.mkdir()
    places = [f"[{-90 - n % 997 / 500:.{digits}f},{14 + n / 50_000 + n % 7 * 1.1e-8:.{digits}f}]" for n in range(count)]
    return _file(folder, places)


# a process of its own for each file, which has read the atlas already
_MEASURE = """
import os, re, sys
from pathlib import Path
from atlas.clean.command import clean_files
from atlas.clean.options import options
for path in sys.argv[2:]:
    if child := os.fork():
        if os.waitpid(child, 0)[1]:
            sys.exit(1)
        continue
    clean_files([Path(path)], Path(sys.argv[1]), options())
    print(int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024, flush=True)
    os._exit(0)
"""


def _peaks_bytes(paths: Sequence[Path], folder: Path) -> list[int]:
    command = [sys.executable, "-c", _MEASURE, str(folder / "clean.geojson"), *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [int(line) for line in done.stdout.split()]
