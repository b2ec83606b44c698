"""A member that stands twice is found at any depth, beside whatever else a level holds."""

from __future__ import annotations

import pytest

from atlas.geojson.tolerant import decoder, repeated_in, text_of


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ('{"a": 1, "a": 2}', True),
        ('[1, "x", {"a": 1, "a": 2}]', True),
        ('{"x": [[1, 2], [[{"b": 0, "b": 0}]]]}', True),
        ('{"x": {"y": {"z": [null, [1.5, [{"k": [], "k": []}]]]}}, "w": [[0, 1], [2, 3]]}', True),
        ('[[[[0, 1], [2, 3]]], {"a": {"a": {"a": 1}}}]', False),
        ('[[], {}, [[{}]], "a", null, [[[]]]]', False),
        ("7", False),
    ],
)
def test_it_is_seen_beside_lists_objects_and_words(text: str, *, repeated: bool) -> None:
    value = decoder().decode(text)
    assert bool(repeated_in(value)) is repeated
    assert text_of(value) == text
