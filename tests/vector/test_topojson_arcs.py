"""A topology of what was written holds each shared edge once, and comes back position for position."""

from __future__ import annotations

import json
from typing import Any

import pytest

from atlas.vector.topojson_writer import topojson

WEST = [[0, 0], [1, 0], [1, 1], [1, 2], [0, 2], [0, 0]]
EAST = [[1, 0], [2, 0], [2, 2], [1, 2], [1, 1], [1, 0]]
LOOP = [[5, 5, 1], [6, 5, 2], [6, 6, 3], [5, 5, 1]]
MIDDLE = [[1, 1], [1, 2], [0, 3], [1, 1]]


def _of(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}}


def _back(arcs: list[list[Any]], walk: list[int]) -> list[Any]:
    pieces = [arcs[step] if step >= 0 else arcs[~step][::-1] for step in walk]
    return [*pieces[0], *(position for piece in pieces[1:] for position in piece[1:])] if pieces else []


def test_a_shared_edge_is_one_arc() -> None:
    topology = json.loads(topojson([_of("Polygon", [WEST]), _of("Polygon", [EAST])], "a"))
    assert len(topology["arcs"]) == 3
    made = [_back(topology["arcs"], one["arcs"][0]) for one in topology["objects"]["a"]["geometries"]]
    assert [sorted(one[:-1]) for one in made] == [sorted(WEST[:-1]), sorted(EAST[:-1])]
    assert all(one[0] == one[-1] for one in made)


@pytest.mark.parametrize("beside", [[], [_of("Polygon", [WEST])]])
@pytest.mark.parametrize("line", [LOOP, MIDDLE, EAST[:3], [[1, 1], [1, 2]]])
def test_lines_come_back_as_they_were(line: list[list[float]], beside: list[dict[str, Any]]) -> None:
    topology = json.loads(topojson([*beside, _of("LineString", line)], "a"))
    assert _back(topology["arcs"], topology["objects"]["a"]["geometries"][-1]["arcs"]) == line


def test_what_is_empty_stays_so() -> None:
    topology = json.loads(topojson([_of("MultiLineString", [[], LOOP]), _of("Polygon", [])], "a"))
    first, second = topology["objects"]["a"]["geometries"]
    assert first["arcs"][0] == []
    assert _back(topology["arcs"], first["arcs"][1]) == LOOP
    assert second["arcs"] == []
