"""Layers of a map near a border across 180°: all in the frame of its region, in which longitudes go on beyond that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from atlas.admission.user_features import UserLayer
from atlas.border_project.expected_region import region
from atlas.geojson.meridian_features import cut_features
from atlas.geometry.meridian_frame import MeridianFrame
from atlas.published.layers import PublishedLayers


def within_180(name: str, release: PublishedLayers) -> list[Mapping[str, Any]]:
    """A layer of the atlas as a user's file would have it: cut at 180°."""
    return cut_features(release.features(name), region().border.frame_start)


def lay_out(file: UserLayer) -> None:
    """Put the shapes of a user's file into the frame of the region."""
    frame = MeridianFrame(region().border.frame_start)
    if frame.start is None:
        return
    file.features = [
        one if one.shape is None else replace(one, shape=frame.turned(np.array([one.shape], dtype=object))[0])
        for one in file.features
    ]
