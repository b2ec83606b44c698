"""Coordinates read flat: the same numbers in the same rings as a parser gives; nothing for what is no such array."""

import json
from typing import Any

import numpy as np
import pytest

from atlas.geojson.position_text import position_arrays

RING = "[[0,0],[1.5,0],[1,-2e-3],[0,0]]"
HOLE = "[[0.1,0],[0.2,0],[0.1,0.1],[0.1,0]]"


def lists(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else [lists(one) for one in value]


@pytest.mark.parametrize(
    "text",
    [
        RING,
        "[[1,2]]",
        f"[{RING}]",
        f"[{RING},{HOLE}]",
        f"[[{RING}]]",
        f"[[{RING},{HOLE}],[{RING}],[{HOLE},{RING},{HOLE}]]",
        "[[1,2,3],[4.25,5,-6]]",
        f"[ [ {RING} ,\n {HOLE} ],\t[{RING}]\r\n]".replace(",", " , "),
        f"[{RING.replace('0,0', '0.0,1')}]",
        "[[[0.5,1.5],[2.5,1.0],[0.5,1.5]],[[0.1,0.2],[0.3,0.1]]]",
        "[[0.5,1.5,2.5],[2.5,1.0,0.0]]",
        "[[0.1234567890123456789,-89.99999999999999],[1E5,1e-300]]",
    ],
)
def test_every_ring_is_read_as_a_parser_reads_it(text: str) -> None:
    assert lists(position_arrays(text.encode())) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "[1,2]", "[]", "[[]]", "[[[]]]", "1", "", "[[1,2]", "[1,2]]", "[[1,2],]", "[,[1,2]]", "[[1,2][3,4]]",
        "[[1,],[2,3]]", "[[1,]2,[3,4]]", "[[1, ]2,[3,4]]", "[[,1],[2,3]]", "[[1,2],3[,4]]", "[[1,2],3[4,5]]",
        "[[1 2,3],[4,5]]", "[[1,2]3,[4,5]]", "[[01,2]]", "[[+1,2]]", "[[1.,2]]", "[[.5,2]]", "[[1e,2]]", "[[-,2]]",
        "[[1,2],[3,4,5]]", "[[1,2,3,4]]", "[[1]]", "[[[1,2]],[3,4]]", "[[[1,2],[[3,4]]]]", "[[1,2]],[[3,4]]",
        "[[1.5,.],[2.5,3.5]]", "[[1.5,.]2,[2.5,3.5]]", "[[1.5,2.5],7[3.5,4.5]]", "[[1.5,2.5]7,[3.5,4.5]]",
        "[[1.5.2,2.5]]", "[[1.5,2.5.]]", "[[.,.]]", "[[1.5,2.5],[3.5]]", "[[1.5,],[.2,3.5]]", "[[1.5,]2.5,[2.5,3.5]]",
        "[[[1,2]],[]]", "[[[1,2],[]]]", "[1,[2,3]]", "[[1,2],[3,4]]]", "[[1,2],5,[3,4]]", "[[1,2],,[3,4]]",
    ],
)  # fmt: skip
def test_anything_else_is_left_to_a_parser(text: str) -> None:
    assert position_arrays(text.encode()) is None
