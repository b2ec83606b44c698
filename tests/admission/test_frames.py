"""Tables in memory: a DataFrame with columns for a place is what the same table in a file is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from atlas.admission.layer_input import read_document
from atlas.errors import InputError

ROWS = {"lat": [14.9, 15.2], "lon": [-92.2, -92.0], "kind": ["a", None], "code": ["07", "08"], "people": [3, None]}


def test_a_frame_with_coordinates_reads_as_its_file(tmp_path: Path) -> None:
    frame = pd.DataFrame(ROWS)
    (tmp_path / "t.csv").write_text("lat,lon,kind,code,people\n14.9,-92.2,a,07,3\n15.2,-92.0,,08,\n", encoding="utf-8")
    read, filed = read_document(frame), read_document(tmp_path / "t.csv")
    assert read.name == "layer"
    assert [one["properties"] for one in read.document.value["features"]] == [
        one["properties"] for one in filed.document.value["features"]
    ]
    assert [one["geometry"]["coordinates"] for one in read.document.value["features"]] == [[-92.2, 14.9], [-92.0, 15.2]]


def test_a_named_index_is_a_column_and_no_remark_names_a_file() -> None:
    read = read_document(pd.DataFrame({**ROWS, "lat": [14.9, None]}).set_index("code"))
    assert read.document.value["features"][0]["properties"]["code"] == "07"
    assert read.remarks
    assert all(remark.startswith("layer: ") for remark in read.remarks)


def test_a_frame_without_a_place_says_which_columns_it_needs() -> None:
    with pytest.raises(InputError, match=r"the DataFrame has no columns for a place; name them lat and lon"):
        read_document(pd.DataFrame({"kind": ["a"]}))
