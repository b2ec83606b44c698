"""Points that are cleaned as they are read come out as those that are cleaned as a whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from atlas.clean import cleaner
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
    monkeypatch.setattr(cleaner, "cleaned_points", lambda *_: None)
    assert quick == _cleaned(path, tmp_path / "whole", precision)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("digits", "most"), [(6, 6), (9, 8)])
def test_memory_of_points(tmp_path: Path, digits: int, most: int) -> None:
    """It grows by at most six times what the file grows by; by eight where each has a line in the ledger."""
    small, large = (_many(tmp_path / str(count), count, digits) for count in (6_000, 30_000))
    grown = _peak_bytes(large, tmp_path) - _peak_bytes(small, tmp_path)
    assert grown < most * (large.stat().st_size - small.stat().st_size)


def _many(folder: Path, count: int, digits: int) -> Path:
    folder.mkdir()
    places = [f"[{-90 - n % 997 / 500:.{digits}f},{14 + n / 50_000 + n % 7 * 1.1e-8:.{digits}f}]" for n in range(count)]
    return _file(folder, places)


_MEASURE = """
import re, sys
from pathlib import Path
from atlas.clean.command import clean_files
from atlas.clean.options import options
clean_files([Path(sys.argv[1])], Path(sys.argv[2]), options())
print(int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024)
"""


def _peak_bytes(path: Path, folder: Path) -> int:
    command = [sys.executable, "-c", _MEASURE, str(path), str(folder / "clean.geojson")]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
