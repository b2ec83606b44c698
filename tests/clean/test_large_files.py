"""Large files are not held in memory: their text is read again where it is needed, and only as it was."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from atlas.clean import clean_files, options
from atlas.errors import InputError
from atlas.geojson import file_text
from atlas.geojson.file_text import FileText


def _square(west: float, decimals: int) -> dict[str, Any]:
    side = [round(0.01 * n, 6) for n in range(12)]
    ring = [[west + x, 15.0] for x in side] + [[west + 0.11, 15.0 + y] for y in side[1:]]
    ring += [[west + x, 15.11] for x in side[-2::-1]] + [[west, 15.0 + y] for y in side[-2::-1]]
    rounded = [[round(x, decimals), round(y, decimals)] for x, y in ring]
    return {
        "type": "Feature",
        "properties": {"name": f"{west}"},
        "geometry": {"type": "Polygon", "coordinates": [rounded]},
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two areas, one of which has too many decimals, written with spaces of its own."""
    wide = _square(-91.123456789, 9)
    text = json.dumps({"type": "FeatureCollection", "features": [_square(-92.0, 6), wide]}, indent=1)
    path = tmp_path / "in.geojson"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_large_file_is_cleaned_to_the_same_bytes(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What did not change is as it stood."""
    held = clean_files([path], tmp_path / "held.geojson", options()).sizes
    monkeypatch.setattr(file_text, "_LARGE_BYTES", 10)
    read = clean_files([path], tmp_path / "read.geojson", options()).sizes
    assert held[tmp_path / "held.geojson"] == read[tmp_path / "read.geojson"]
    assert (tmp_path / "held.geojson").read_bytes() == (tmp_path / "read.geojson").read_bytes()
    once = tmp_path / "read.geojson"
    clean_files([once], tmp_path / "again.geojson", options())
    assert (tmp_path / "again.geojson").read_bytes() == once.read_bytes()


def test_a_file_that_is_written_to_meanwhile_is_an_error(tmp_path: Path) -> None:
    """Nothing is made of the text of two editions."""
    path = tmp_path / "a.geojson"
    path.write_bytes(b"0123456789")
    text = FileText(path)
    assert (text.piece(2, 5), text.whole()) == (b"234", b"0123456789")
    path.write_bytes(b"9876543210")
    os.utime(path, ns=(1, 1))
    with pytest.raises(InputError, match=r"a\.geojson was changed while it was read; nothing was written: run"):
        text.piece(2, 5)


def test_a_file_that_is_replaced_meanwhile_is_read_as_it_was(tmp_path: Path) -> None:
    """Its name has another file then, which is no matter."""
    path, other = tmp_path / "a.geojson", tmp_path / "b.geojson"
    path.write_bytes(b"0123456789")
    other.write_bytes(b"x")
    text = FileText(path)
    other.replace(path)
    assert text.whole() == b"0123456789"
