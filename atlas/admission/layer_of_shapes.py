"""Shapes that the atlas has made or read itself, as a layer for a page; nothing is written out and read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.admission.layer_input import IN_MEMORY
from atlas.admission.user_features import UserFeature, UserLayer, by_kind, tidied


def layer_of_shapes(rows: Sequence[tuple[BaseGeometry | None, Mapping[str, Any]]]) -> UserLayer:
    """A layer as it would be read from the same features in GeoJSON.

    Parameters
    ----------
    rows
        Shapes in degrees (longitude, latitude) with their properties. They have been held against the rules of ``atlas
        check`` where they were read, or are what GEOS made of such shapes.

    Returns
    -------
    UserLayer
        It still has to go through `open_user_layer`, as every layer has.
    """
    layer = UserLayer(IN_MEMORY)
    drafts: list[tuple[int, BaseGeometry | None, Mapping[str, Any]]] = []
    high = mixed = 0
    for number, (shape, properties) in enumerate(rows, start=1):
        kinds = [] if shape is None else by_kind(list(_simple(shapely.force_2d(shape))))
        high += shape is not None and bool(shapely.has_z(shape))
        mixed += len(kinds) > 1
        drafts += [(number, one, properties) for one in kinds or [None]]
    shapes = tidied([shape for _, shape, _ in drafts])
    layer.features = [
        UserFeature(number, shape, properties, {"properties": properties})
        for (number, _, properties), shape in zip(drafts, shapes, strict=True)
    ]
    counts = {"flat": high, "mixed": mixed, "noplace": sum(shape is None for shape in shapes)}
    layer.notes |= {key: count for key, count in counts.items() if count}
    if not rows:
        layer.notes["empty"] = 0
    return layer


def _simple(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """The points, lines and areas that a shape is made of, but for empty ones."""
    for part in shapely.get_parts(shape):
        if part.geom_type == "GeometryCollection":
            yield from _simple(part)
        elif not part.is_empty:
            yield part
