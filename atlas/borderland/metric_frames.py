"""Whether PROJ knows the frames in metres that a project names."""

from __future__ import annotations

from collections.abc import Sequence

import pyproj
from pyproj.exceptions import CRSError

from atlas.border_project.model import Projection
from atlas.errors import SourceError


def known_frames(frames: Sequence[Projection]) -> None:
    """Refuse a frame that there is not, or that is in degrees.

    Raises
    ------
    SourceError
        Of the first such frame: its table, and what to write.
    """
    for number, frame in enumerate(frames, start=1):
        try:
            projected = pyproj.CRS.from_user_input(frame.crs).is_projected
        except CRSError as error:
            msg = f"[projections {number}] crs = {frame.crs!r} is not known to PROJ; correct it, or remove the table"
            raise SourceError(msg) from error
        if not projected:
            msg = f"[projections {number}] crs = {frame.crs!r} has no metres; write one that has, or remove the table"
            raise SourceError(msg)
