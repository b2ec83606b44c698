"""Numbers without end, deep nests and long runs of one sign: a row aside, one clear error, and never a long wait."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.errors import InputError
from atlas.field.overview import HIDDEN, without_positions
from atlas.field.readers import read_file
from atlas.field.row import FieldRow, Rejected

pytestmark = pytest.mark.slow

HUGE, HUGER = "1" + "0" * 310, "5" * 20_000
FAMILIES = ("5", " ", "\n", " \n", "1 ", "1.", "1,", "1° ", "1-", "N ", "(", "a", "a@", "\u00e9", "1:", "=", "de ")
COLUMNS = ("position", "wkt", "note", "observed_at", "reach", "photos", "id", "accuracy", "atlas_base", "sensitivity")


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.parametrize("sign", FAMILIES, ids=ascii)
def test_hiding_positions_takes_no_longer_for_longer_runs(sign: str) -> None:
    short, long = ((sign * size)[:size] for size in (25_000, 100_000))
    first = min(_seconds(lambda: without_positions(short)) for _ in range(3))
    assert min(_seconds(lambda: without_positions(long)) for _ in range(3)) <= 8 * max(first, 0.005)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("at 15.12345 -92.12345.", f"at {HIDDEN} -{HIDDEN}."),
        ("15,5 and 1.2.3", f"{HIDDEN} and {HIDDEN}.3"),
        ("14° 40' 12\" N", f"{HIDDEN} N"),
        ("15 30 12 and 3 dogs in 2024", f"{HIDDEN} and 3 dogs in 2024"),
        ("15P ZU 12345 67890", HIDDEN),
        ("tel 9625550123, 12345", f"tel {HIDDEN}, 12345"),
        ("5" * 20_000, HIDDEN),
    ],
)
def test_positions_are_hidden_as_before(words: str, shown: str) -> None:
    assert without_positions(words) == shown


@pytest.mark.parametrize("sign", FAMILIES, ids=ascii)
def test_a_cell_of_any_column_is_read_or_refused_at_once(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "cells.csv"
    for column in COLUMNS:
        place = {} if column in {"position", "wkt"} else {"latitude": "14.68", "longitude": "-92.15"}
        row = {**place, "name": "x", column: f"1{(sign * 90_000)[:90_000]}x"}
        text = io.StringIO()
        table = csv.DictWriter(text, list(row))
        table.writeheader()
        table.writerow(row)
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        assert _seconds(lambda: list(read_file(path))) < 3, column


def _read(tmp_path: Path, *features: str, more: str = "") -> list[FieldRow | Rejected]:
    path = tmp_path / "notes.geojson"
    path.write_text(f'{{"type":"FeatureCollection","features":[{",".join(features)}]{more}}}', encoding="utf-8")
    return list(read_file(path))


def _feature(properties: str = "{}", coordinates: str = "[-92.15,14.68]") -> str:
    shape = f'{{"type":"Point","coordinates":{coordinates}}}'
    return f'{{"type":"Feature","geometry":{shape},"properties":{properties}}}'


@pytest.mark.parametrize(
    "feature",
    [
        *(
            _feature(coordinates=f"[{number},14.68]")
            for number in (HUGE, f"-{HUGE}", HUGER, "1e400", "NaN", "-Infinity")
        ),
        *(_feature(f'{{"other":{number}}}') for number in (HUGE, HUGER, "1e400", "NaN")),
        *(_feature(f'{{"coordinateUncertaintyInMeters":{number}}}') for number in (HUGE, HUGER, "1e400")),
        _feature(f'{{"latitude":{HUGE},"longitude":-92.15}}').replace('"geometry":{', '"geometry":null,"g":{'),
        _feature(f'{{"other":{"[" * 500}{"]" * 500}}}'),
        _feature(coordinates="[" * 500 + "]" * 500),
        _feature(f'{{"note":{json.dumps("5" * 200_000)}}}'),
    ],
    ids=lambda feature: feature[60:100],
)
@pytest.mark.parametrize("crs", ["", ',"crs":{"type":"name","properties":{"name":"EPSG:32615"}}'])
def test_a_number_or_nest_without_end_is_a_row_aside(tmp_path: Path, feature: str, crs: str) -> None:
    good = _feature(coordinates="[500000,1768935]" if crs else "[-92.15,14.68]")
    first, second = _read(tmp_path, good, feature, more=crs)
    assert isinstance(first, FieldRow)
    assert isinstance(second, Rejected)


def test_a_file_nested_without_end_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        _read(tmp_path, _feature(f'{{"x":{"[" * 100_000}{"]" * 100_000}}}'))


def test_signs_that_no_store_takes_are_replaced(tmp_path: Path) -> None:
    (row,) = _read(tmp_path, _feature('{"note":"a\\ud800b\\u0000c","k\\udc00":"v"}'))
    fields: Any = getattr(row, "fields", None)
    assert fields == {"note": "a\ufffdb\ufffdc", "k": "v"}
