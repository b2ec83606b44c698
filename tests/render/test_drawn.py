"""An informal crossing never reaches a page as a point, whatever a layer says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from atlas.errors import PolicyError
from atlas.published.publishable import refuse as check
from atlas.render.build_context import BuildContext

POINT = {"type": "Point", "coordinates": [-92.0, 15.0]}
AREA = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
LINE = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}


def _feature(geometry: Mapping[str, Any] | None, **properties: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": "x1",
        "geometry": geometry,
        "properties": {"sensitivity": "generalised", **properties},
    }


@pytest.mark.parametrize("geometry", [POINT, AREA, {"type": "MultiPoint", "coordinates": [[0, 0]]}])
def test_informal_crossing_with_a_place_is_refused(geometry: Mapping[str, Any]) -> None:
    with pytest.raises(PolicyError, match=r"x1 is an informal crossing but has a \w+; such a feature is a stretch"):
        check("crossings_informal", [_feature(geometry)])


@pytest.mark.parametrize("properties", [{"formality": "informal"}, {}, {"formality": "Formal"}])
def test_vehicular_crossing_that_is_not_surely_formal_is_refused(properties: Mapping[str, str]) -> None:
    with pytest.raises(PolicyError, match="informal crossing but has a Point"):
        check("crossings_vehicular", [_feature(POINT, **properties)])


def test_every_fault_is_listed() -> None:
    with pytest.raises(PolicyError, match=r"(?s)x1.*x1") as caught:
        check("crossings_informal", [_feature(POINT), _feature(LINE), _feature(POINT)])
    assert str(caught.value).count("x1") == 2


@pytest.mark.parametrize("sensitivity", ["restricted", "withheld", "", "OPEN"])
def test_what_is_not_open_or_generalised_is_refused(sensitivity: str) -> None:
    with pytest.raises(PolicyError, match="only generalised, open are published"):
        check("checkpoints", [_feature(LINE, sensitivity=sensitivity)])


def test_stretches_and_formal_points_pass() -> None:
    check("crossings_informal", [_feature(LINE), _feature(None)])
    formal = _feature(POINT, formality="formal", sensitivity="open")
    check("crossings_vehicular", [formal, _feature(LINE, formality="informal")])
    check("crossings_formal", [_feature(POINT, sensitivity="open")])


def test_packed_layers_have_no_informal_point(edition: BuildContext) -> None:
    assert {shape[0] for shape in edition.packed.layers["crossings_informal"] if shape} == {"l"}
    vehicular = zip(edition.features["crossings_vehicular"], edition.packed.layers["crossings_vehicular"], strict=True)
    informal = [shape for feature, shape in vehicular if feature["properties"]["formality"] != "formal"]
    # counted for a state, so not drawn at all
    assert informal == [None]
