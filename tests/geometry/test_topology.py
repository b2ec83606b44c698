"""Shared arcs: what two runs share is one arc, whichever of them comes first and whichever way it runs."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from atlas.geometry.topology import Topology, arc_number, rebuilt, topology

PACKAGE = Path(__file__).resolve().parents[2] / "atlas"
WEST = np.array([[0, 0], [1, 0], [1, 1], [1, 2], [0, 2], [0, 0]], dtype=float)
EAST = np.array([[1, 0], [2, 0], [2, 2], [1, 2], [1, 1], [1, 0]], dtype=float)
LINE = np.array([[1, 2], [1, 1], [1, 0]], dtype=float)


def _drawn(shared: Topology) -> set[tuple[tuple[float, ...], ...]]:
    return {tuple(map(tuple, shared.places[arc].tolist())) for arc in shared.arcs}


@pytest.mark.parametrize("runs", [[WEST, EAST, LINE], [LINE[::-1], EAST[::-1], WEST], [EAST, LINE, WEST[::-1]]])
def test_a_shared_stretch_is_one_arc_in_any_order_and_direction(runs: list[np.ndarray]) -> None:
    shared = topology(runs)
    assert len(shared.arcs) == 3
    assert _drawn(shared) == _drawn(topology([WEST, EAST, LINE]))
    used = [{arc_number(step) for step in walk} for walk in shared.walks]
    assert len(set.intersection(*used)) == 1


def test_runs_come_back_position_for_position() -> None:
    loop = np.array([[5, 5], [6, 5], [6, 6], [5, 5]], dtype=float)
    back_and_forth = np.array([[3, 3], [4, 4], [3, 3]], dtype=float)
    twice = np.array([[8, 8], [8, 8], [9, 9]], dtype=float)
    runs = [WEST, EAST[::-1], LINE, loop, back_and_forth, twice, LINE[:1]]
    shared = topology(runs)
    for walk, run in zip(shared.walks, runs, strict=True):
        pieces = [shared.arcs[step] if step >= 0 else shared.arcs[~step][::-1] for step in walk]
        assert sorted(edge for piece in pieces for edge in _edges(shared.places[piece])) == sorted(_edges(run))
    assert all(new is old for new, old in zip(rebuilt(shared, shared.arcs, runs), runs, strict=True))


def _edges(run: np.ndarray) -> list[list[list[float]]]:
    return np.stack([run[:-1], run[1:]], axis=1).tolist()


def test_a_ring_without_a_junction_begins_at_its_least_vertex_for_all() -> None:
    rolled = np.vstack([WEST[2:-1], WEST[:3]])
    shared = topology([WEST, rolled, rolled[::-1]])
    assert len(shared.arcs) == 1
    assert [arc_number(walk[0]) for walk in shared.walks] == [0, 0, 0]


def test_the_length_of_a_degree_stands_in_one_module() -> None:
    # 110,574 to 111,694 m, written in any way of a constant
    constant = re.compile(r"\b11[01](?:_\d{3}|\d{3})(?:\.\d+)?\b|\b11[01]\.\d+\b")
    numbered = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(constant.search(line.partition("#")[0]) for line in path.read_text("utf-8").splitlines())
    }
    # a square of the military grid begins at so many metres of northing
    assert numbered - {"disclosure/notations.py", "figure/blocks.py"} == {"geometry/units.py"}
