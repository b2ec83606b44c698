"""How deep a value is."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest

from atlas.geojson.model import DEEPEST
from atlas.geojson.nesting import is_deep


def nested(depth: int, *, objects: bool) -> Any:
    value: Any = 1.0
    for _ in range(depth):
        value = OrderedDict(a=1, b=value) if objects else ["text", value]
    return value


@pytest.mark.parametrize("objects", [True, False])
def test_one_more_than_the_deepest_is_deep(*, objects: bool) -> None:
    # the outermost stands in nothing
    assert not is_deep(nested(DEEPEST + 1, objects=objects))
    assert is_deep(nested(DEEPEST + 2, objects=objects))


@pytest.mark.parametrize("flat", ["text", 1, None, [], {}, [[-92.0, 15.0], [-91.0, 15.0]]])
def test_what_is_flat_is_not(flat: object) -> None:
    assert not is_deep(flat)
