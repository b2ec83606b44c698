"""Loading the room is quick, and leaves other people's packages as they would have found them."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

LIGHT = """
import sys
import atlas.render
print(sorted({"pandas", "geopandas", "requests", "matplotlib"} & set(sys.modules)))
"""

WHOLE = """
import atlas.render, folium, pandas, requests
assert folium.utilities.pd.DataFrame is pandas.DataFrame
assert folium.features.requests.get is requests.get
print(folium.PolyLine(pandas.DataFrame([[15.0, -92.0], [16.0, -92.0]])).locations)
"""


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_tables_and_downloads_are_not_loaded() -> None:
    assert _run(LIGHT) == "[]"


def test_folium_still_takes_tables() -> None:
    assert _run(WHOLE) == "[[15.0, -92.0], [16.0, -92.0]]"
