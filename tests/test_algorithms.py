"""What has more than one idea says at its top what it computes, why that is right, and what always holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALGORITHMS = (
    "check/coverage_rules",
    "clean/coverage_repair",
    "clean/gaps",
    "clean/reroute",
    "clean/simplify",
    "clean/small_areas",
    "disclosure/attacks",
    "disclosure/count_tables",
    "disclosure/linking",
    "disclosure/multi_pattern",
    "geometry/area_finder",
    "geometry/chainage",
    "geometry/gridded_arcs",
    "geometry/line_finder",
    "geometry/locate",
    "geometry/ruler",
    "geometry/snap_rounding",
    "geometry/straight",
    "geometry/topology",
    "layers/border",
    "layers/border_segments",
    "points/count_terms",
    "release/books",
    "release/box_atoms",
    "release/box_merge",
    "release/closing",
    "render/classes",
)
_TEST = re.compile(r"`(tests/[\w/]+\.py)`")


@pytest.mark.parametrize("module", ALGORITHMS)
def test_an_algorithm_states_its_reasons(module: str) -> None:
    words = ast.get_docstring(ast.parse((ROOT / "atlas" / f"{module}.py").read_text("utf-8"))) or ""
    assert "*Why it is right" in words
    assert "*Invariants*" in words
    assert [name for name in _TEST.findall(words) if not (ROOT / name).is_file()] == []
