"""The ground that records are placed on: border, municipalities, corridor and land, from the project's own layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.border_project import land_kinds
from atlas.errors import InputError
from atlas.geojson.geometries import line_of
from atlas.geojson.shapely_geometries import placed_shape
from atlas.geometry.chainage import MeasuredLine
from atlas.geometry.geodesy import Positions
from atlas.geometry.locate import LineLocator
from atlas.project import Project
from atlas.published.layers import open_published_layers

Interval = tuple[float, float]
Indexes = NDArray[np.int64]

REACH_KM = 10.0
_BESIDE_DEG = 0.02
_METRE_KM = 0.001
_LAND = land_kinds()
_LAYERS = ("border", "municipalities", "corridor", "basemap")


@dataclass(frozen=True, slots=True, eq=False)
class Municipality:
    """A border municipality: its outline in degrees and its stretches of the border in km of chainage."""

    cvegeo: str
    name: str
    state: str
    shape: BaseGeometry
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is where: ``land`` is this side's land without the border municipalities; a border may have no corridor."""

    border: MeasuredLine
    locator: LineLocator
    corridor: MeasuredLine | None
    municipalities: tuple[Municipality, ...]
    land: BaseGeometry
    # where the ground lies across 180°: longitudes below go on beyond that
    frame_start: float | None = None

    def municipality_at(self, positions: Positions) -> Indexes:
        """Index of the border municipality that each position lies in; -1 for none."""
        indexes = np.full(len(positions), -1, dtype=np.int64)
        for index, municipality in enumerate(self.municipalities):
            west, south, east, north = shapely.bounds(municipality.shape)
            lon, lat = positions[:, 0], positions[:, 1]
            rows = np.flatnonzero((indexes < 0) & (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
            shapely.prepare(municipality.shape)
            inside = shapely.intersects_xy(municipality.shape, lon[rows], lat[rows])
            indexes[rows[inside]] = index
        return indexes

    def municipality_on(self, chainage_km: NDArray[np.float64]) -> Indexes:
        """Index of the municipality that has each kilometre of the border."""
        pieces = sorted(
            (start, end, i)
            for i, municipality in enumerate(self.municipalities)
            for start, end in municipality.intervals
        )
        starts = np.array([start for start, _, _ in pieces])
        at = np.clip(np.searchsorted(starts, chainage_km, side="right") - 1, 0, None)
        return np.array([i for _, _, i in pieces], dtype=np.int64)[at]


def open_ground(project: Project) -> Ground:
    """The ground of a project.

    Raises
    ------
    InputError
        A layer is missing, damaged, or does not say where things are.
    PolicyError
        A layer holds something that must not be published.
    """
    release = open_published_layers(project)
    try:
        ground = _ground({name: release.features(name) for name in _LAYERS if name in release.names})
    except (KeyError, TypeError, ValueError, IndexError) as error:
        msg = (
            f"the layers in {project.layers_dir} do not say where the border and its municipalities are "
            f"({type(error).__name__}); run `atlas refresh` or restore them"
        )
        raise InputError(msg) from error
    return replace(ground, frame_start=project.frame_start)


def _ground(layers: Mapping[str, Sequence[Mapping[str, Any]]]) -> Ground:
    border = _line(layers["border"])
    corridor = _line(layers["corridor"]) if "corridor" in layers else None
    municipalities = tuple(
        Municipality(
            str(feature["properties"]["cvegeo"]),
            str(feature["properties"]["name"]),
            str(feature["properties"]["state"]),
            _shape(feature),
            tuple(_on_line(border, pair) for pair in feature["properties"]["chainage_intervals"]),
        )
        for feature in sorted(layers["municipalities"], key=lambda feature: str(feature["properties"]["cvegeo"]))
    )
    here = next(_shape(feature) for feature in layers["basemap"] if feature["properties"]["kind"] in _LAND)
    edge = shapely.coverage_union_all([municipality.shape for municipality in municipalities])
    # the base map is generalised: what it shows of this side at the border itself may lie beyond the line
    beside = shapely.buffer(shapely.simplify(shapely.linestrings(border.positions), _BESIDE_DEG / 10), _BESIDE_DEG)
    land = shapely.difference(shapely.make_valid(here), shapely.union(edge, beside))
    return Ground(border, LineLocator.of(border), corridor, municipalities, land)


def _line(features: Iterable[Mapping[str, Any]]) -> MeasuredLine:
    """The features of a layer that follow each other, as one line."""
    positions: list[Sequence[float]] = []
    for feature in sorted(features, key=lambda feature: int(feature["properties"]["order"])):
        step = line_of(feature)
        positions += step[1:] if positions else step
    return MeasuredLine.of(np.array(positions, dtype=np.float64))


def _on_line(line: MeasuredLine, pair: Sequence[float]) -> Interval:
    """An interval in km between the positions of the line that it is written for, to the metre."""
    ends = [line.measures_m[int(np.argmin(np.abs(line.measures_m - km * 1000)))] / 1000 for km in pair]
    start, end = (
        float(exact) if abs(exact - km) < _METRE_KM else float(km) for exact, km in zip(ends, pair, strict=True)
    )
    return start, min(end, line.length_km)


def _shape(feature: Mapping[str, Any]) -> BaseGeometry:
    return placed_shape(feature["geometry"])
