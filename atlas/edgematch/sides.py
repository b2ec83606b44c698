"""The files whose outlines are to meet, each read as a coverage by itself, and a line that is given."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.edgematch.plane import DECIMALS
from atlas.editions.edition import Features, title_fields
from atlas.editions.edition_reader import EditionReader
from atlas.errors import InputError
from atlas.geometry.antimeridian_steps import HALF, Reading, Role, Stretch, readings
from atlas.geometry.coverage import uncovered_edges
from atlas.geometry.meridian_frame import MeridianFrame

_AREAS = 2

Shapes = NDArray[np.object_]


@dataclass(slots=True)
class Side:
    """One side: what was read of its file, and its units before and now, in degrees."""

    letter: str
    path: Path
    features: Features
    titles: Sequence[str]
    old: Shapes
    new: Shapes
    # as they were read, before their positions were rounded
    read: Shapes
    # as they stand in the file, where they were laid out across 180°
    kept: Shapes | None = None

    def turn(self, frame: MeridianFrame) -> None:
        """Lay the units out in a frame."""
        if frame.start is not None:
            self.kept = self.old
            self.old = self.new = frame.turned(self.old)
            self.read = frame.turned(self.read)

    def turn_back(self, frame: MeridianFrame) -> None:
        """Put the units back within ±180°; those that did not change are as they stand in the file."""
        if self.kept is not None:
            same = [
                one is other or shapely.equals_exact(one, other) for one, other in zip(self.old, self.new, strict=True)
            ]
            self.new = np.where(same, self.kept, frame.back(self.new, DECIMALS))


def read_sides(paths: Sequence[Path]) -> list[Side]:
    """The files in their order, the first as A.

    Raises
    ------
    InputError
        One cannot be read, holds no areas, or is no coverage by itself.
    """
    reader, sides = EditionReader(), []
    for letter, path in zip(ascii_uppercase, paths, strict=False):
        features = reader.read(path)
        kinds = set(shapely.get_dimensions(features.shapes).tolist())
        if kinds - {_AREAS} or not kinds:
            what = "has no features" if not kinds else "holds more than areas"
            msg = f"{path} {what}; give a file of areas, each with its shape"
            raise InputError(msg)
        old = shapely.transform(features.shapes, lambda xy: np.round(xy, DECIMALS) + 0.0)
        old = np.where(shapely.equals_exact(old, features.shapes), features.shapes, old)
        _refuse_faults(path, old)
        sides.append(Side(letter, path, features, _titles(features), old, old, features.shapes))
    return sides


def _titles(features: Features) -> list[str]:
    fields = title_fields(features)
    named = [" ".join(str(row[one]) for one in fields if row.get(one) is not None) for row in features.properties]
    return [name or f"row {number}" for number, name in enumerate(named, start=1)]


def _refuse_faults(path: Path, areas: Shapes) -> None:
    remedy = f"repair it with `atlas clean {shlex.quote(str(path))} -o OUT.geojson`, and give OUT.geojson"
    for number, area in enumerate(areas, start=1):
        if is_uncut(area):
            msg = f"{path}: feature {number} goes over more than 180° of longitude, or across 180° uncut; {remedy}"
            raise InputError(msg)
    bad = np.flatnonzero(~shapely.is_valid(areas))
    if len(bad):
        msg = f"{path}: feature {bad[0] + 1} is no valid area ({shapely.is_valid_reason(areas[bad[0]])}); {remedy}"
        raise InputError(msg)
    edges = uncovered_edges(areas)
    for number, edge in enumerate(edges, start=1):
        if not shapely.is_empty(edge):
            lon, lat = shapely.get_coordinates(edge)[0]
            where = f"near {lon:.5f}, {lat:.5f}"
            msg = f"{path}: the edge of feature {number} does not match its neighbour's {where}; {remedy}"
            raise InputError(msg)


def is_uncut(area: BaseGeometry) -> bool:
    """Whether rings of an area are meant to go across 180°, or may be."""
    west, _, east, _ = shapely.bounds(area)
    if east - west <= HALF:
        return False
    stretches = [
        Stretch(shapely.get_coordinates(ring), Role.HOLE if n else Role.SHELL)
        for part in shapely.get_parts(area).tolist()
        for n, ring in enumerate((part.exterior, *part.interiors))
    ]
    return not {*readings(stretches)} <= {Reading.PLAIN, Reading.STRAIGHT}


def read_line(path: Path, frame: MeridianFrame | None = None) -> BaseGeometry:
    """A line in degrees, or in those of a frame, at the decimals that are written.

    Raises
    ------
    InputError
        The file holds none, or several that do not join.
    """
    shapes = EditionReader().read(path).shapes
    shapes = shapes if frame is None else frame.turned(shapes)
    lines = [part for part in shapely.get_parts(shapes) if shapely.get_dimensions(part) == 1]
    merged = shapely.line_merge(shapely.union_all(lines)) if lines else None
    if merged is None or merged.geom_type != "LineString":
        msg = f"{path} holds no single line; give a file with one line, or with pieces that join into one"
        raise InputError(msg)
    return shapely.transform(merged, lambda xy: np.round(xy, DECIMALS) + 0.0)
