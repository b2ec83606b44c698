"""Positions of the rows of a frame of pandas or geopandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from atlas.errors import InputError
from atlas.geometry.geodesy import Positions
from atlas.vector.place_columns import coordinate_columns


def points_of_frame(frame: Any) -> Positions:  # noqa: ANN401 - a table of pandas or geopandas
    """Positions in degrees (longitude, latitude) of a frame's rows; not a number where there is none.

    Raises
    ------
    InputError
        It has neither points nor columns of longitude and latitude, or no coordinate system.
    """
    if hasattr(frame, "geometry") and hasattr(frame, "crs"):
        shapes = frame.geometry
        if shapes.crs is None:
            msg = "the frame does not say in which system its points are; set it, as in frame.set_crs(4326)"
            raise InputError(msg)
        shapes = shapes.to_crs(4326)
        points = shapes.where(shapes.geom_type == "Point")
        return np.column_stack([points.x.to_numpy(float), points.y.to_numpy(float)])
    pair = coordinate_columns([str(name) for name in frame.columns])
    if pair is None:
        msg = "the frame has no columns of longitude and latitude; call two of them lon and lat"
        raise InputError(msg)
    return np.column_stack(
        [pd.to_numeric(frame[name], errors="coerce").to_numpy(float, na_value=np.nan) for name in pair]
    )
