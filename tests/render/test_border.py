"""The page of the line: what is sent to the browser is the line as it was measured."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from atlas.geometry.geodesy import step_lengths_m
from atlas.render import packing
from atlas.render.build_context import BuildContext
from atlas.render.pages.border import STRETCHED, parts_of, published


def _block(html: str, name: str) -> Any:
    match = re.search(rf'<script type="application/json" id="atlas-{name}">(.*?)</script>', html, re.DOTALL)
    assert match is not None
    return json.loads(match[1])


@pytest.fixture(scope="module")
def html(pages: Mapping[str, bytes]) -> str:
    return pages["border.html"].decode()


def test_the_line_in_the_page_is_as_long_as_the_layer_says(html: str, edition: BuildContext) -> None:
    line = _block(html, "line")
    arcs = packing.unpack(line["steps"], line["sizes"])
    for neighbour, arc in zip(line["neighbours"], arcs, strict=True):
        features = [f["properties"] for f in edition.features["border"] if f["properties"]["neighbour"] == neighbour]
        measured = step_lengths_m(arc / line["perDegree"]).sum() / 1000
        assert measured == pytest.approx(sum(f["length_km"] for f in features), abs=0.02)


def test_the_parts_meet_in_one_position(edition: BuildContext) -> None:
    guatemala, belize = parts_of(edition).values()
    assert np.array_equal(guatemala[-1], belize[0])


def test_every_stretch_lies_on_the_line(html: str, edition: BuildContext) -> None:
    end = max(feature["properties"]["chainage_to_km"] for feature in edition.features["border"])
    stretches = _block(html, "stretches")
    assert set(stretches) == set(STRETCHED)
    for name, rows in stretches.items():
        assert len(rows) == len(edition.features[name])
        for spans in rows:
            assert all(0 <= start < stop <= end + 0.001 for start, stop in spans or [])


def test_informal_crossings_come_as_stretches_only(html: str, edition: BuildContext) -> None:
    rows = _block(html, "stretches")["crossings_informal"]
    drawn = [feature["geometry"] is not None for feature in edition.features["crossings_informal"]]
    assert [bool(spans) for spans in rows] == drawn
    assert any(drawn)
    assert all("chainage_km" not in feature["properties"] for feature in edition.features["crossings_informal"])


def test_only_whole_lengths_with_a_source_are_held_against_the_ruler(edition: BuildContext) -> None:
    lengths = published(edition)
    assert {869, 956, 970} <= {length.length_km for length in lengths}
    assert 963 not in {length.length_km for length in lengths}
    assert 654 not in {length.length_km for length in lengths}
    assert all(length.publisher and length.source_ids for length in lengths)
