"""TopoJSON, quantised or not: each object of its ``objects`` is a layer, whose shapes are put together from arcs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from atlas.errors import InputError
from atlas.vector.chosen_source import chosen
from atlas.vector.coordinate_system import DEGREES, known_system
from atlas.vector.file_format import FileFormat
from atlas.vector.json_text import ShapeError, read_json_object, run_of
from atlas.vector.layer import FileFault, VectorLayer
from atlas.vector.wkb import Geometry, Positions

if TYPE_CHECKING:
    from atlas.vector.chosen_source import Source

_DEEPEST = 32


def read_topojson(source: Source, *, every: bool) -> list[VectorLayer]:
    """The layers of a topology.

    Raises
    ------
    InputError
        It is no topology, or has no such layer, or several.
    """
    document = read_json_object(source.named, source.path)
    objects = document.get("objects")
    if (
        document.get("type") != "Topology"
        or not isinstance(objects, dict)
        or not isinstance(document.get("arcs"), list)
    ):
        msg = f"{source.named} is no TopoJSON: a topology has objects and arcs; export it again"
        raise InputError(msg)
    try:
        topology = _Topology(document)
    except ShapeError as error:
        msg = f"{source.named} is no TopoJSON ({error}); export it again"
        raise InputError(msg) from error
    names = chosen(source, dict.fromkeys(objects, True), every=every)
    return [_layer(source, topology, name, objects[name], named=len(objects) > 1) for name in names]


def _layer(source: Source, topology: _Topology, name: str, value: object, *, named: bool) -> VectorLayer:
    rows = list(_members(value, 0))
    faults: list[FileFault] = []
    geometries: list[Geometry | None] = []
    for number, row in enumerate(rows, start=1):
        try:
            geometries.append(topology.geometry(row, 0))
        except (ShapeError, LookupError, TypeError, ValueError, RecursionError) as error:
            why = str(error) if isinstance(error, ShapeError) else "an arc that is not there"
            faults.append(
                FileFault("shape-lost", f"The shape cannot be put together ({why}): export it again.", row=number)
            )
            geometries.append(None)
    properties = [row["properties"] if isinstance(row.get("properties"), dict) else {} for row in rows]
    names = dict.fromkeys(key for row in properties for key in row)
    return VectorLayer(
        path=source.named,
        form=FileFormat.TOPOJSON,
        name=name if named else None,
        crs=topology.crs,
        geometries=geometries,
        columns={key: [row.get(key) for row in properties] for key in names},
        ids=[row.get("id") for row in rows],
        faults=faults,
    )


def _members(value: object, depth: int) -> Iterator[dict[str, Any]]:
    """The features of an object: the members of a collection, or the object itself."""
    if not isinstance(value, dict):
        yield {}
    elif value.get("type") == "GeometryCollection" and "properties" not in value and depth < _DEEPEST:
        inner = value.get("geometries")
        for one in inner if isinstance(inner, list) else ():
            yield one if isinstance(one, dict) else {}
    else:
        yield value


class _Topology:
    """The arcs as positions, and how shapes are made of them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        transform = document.get("transform")
        self._scale = self._shift = None
        if transform is not None:
            try:
                self._scale = np.array(transform["scale"], dtype=np.float64)
                self._shift = np.array(transform["translate"], dtype=np.float64)
            except (TypeError, KeyError, ValueError) as error:
                msg = "its transform has no scale and translate"
                raise ShapeError(msg) from error
            if self._scale.shape != (2,) or self._shift.shape != (2,):
                msg = "its transform has no scale and translate"
                raise ShapeError(msg)
        self._arcs = [self._arc(arc) for arc in document["arcs"]]
        self.crs = known_system(_stated(document.get("crs")) or DEGREES)

    def _arc(self, value: Any) -> Positions | None:  # noqa: ANN401 - straight from the parser
        """The positions of an arc; nothing where it is none, which harms only the shapes that have it."""
        if value == []:
            return np.empty((0, 2))
        try:
            run = run_of(value)
        except ShapeError:
            return None
        if self._scale is None or self._shift is None:
            return run
        run[:, :2] = np.cumsum(run[:, :2], axis=0) * self._scale + self._shift
        return run

    def _position(self, value: Any) -> Positions:  # noqa: ANN401 - straight from the parser
        run = run_of([value])
        if self._scale is not None and self._shift is not None:
            run[:, :2] = run[:, :2] * self._scale + self._shift
        return run

    def _line(self, indexes: list[int]) -> Positions:
        arcs = [(self._arcs[one if one >= 0 else ~one], one) for one in indexes]
        odd = [one if one >= 0 else ~one for arc, one in arcs if arc is None]
        if odd:
            msg = f"arc {odd[0]} is no list of positions"
            raise ShapeError(msg)
        pieces = [arc if one >= 0 else arc[::-1] for arc, one in arcs if arc is not None and len(arc)]
        if not pieces:
            return np.empty((0, 2))
        width = min(piece.shape[1] for piece in pieces)
        return np.vstack([pieces[0][:, :width], *(piece[1:, :width] for piece in pieces[1:])])

    def _rings(self, value: list[list[int]]) -> list[Positions]:
        return [self._line(ring) for ring in value]

    def geometry(self, value: Mapping[str, Any], depth: int) -> Geometry | None:
        """One shape.

        Raises
        ------
        ShapeError, LookupError, TypeError
            It is none, or names an arc that is not there.
        """
        kind = value.get("type")
        if kind is None:
            return None
        if kind == "GeometryCollection":
            if depth > _DEEPEST:
                msg = "collections are nested too deeply"
                raise ShapeError(msg)
            members = [self.geometry(one, depth + 1) for one in value["geometries"]]
            return Geometry(kind, members=[one for one in members if one is not None])
        if kind not in _MAKERS:
            msg = f"{kind!r:.40} is no type of shape"
            raise ShapeError(msg)
        return Geometry(kind, _MAKERS[kind](self, value))


Parts = list[list[Positions]]
_MAKERS: Mapping[str, Callable[[_Topology, Mapping[str, Any]], Parts]] = {
    "Point": lambda topology, value: [[topology._position(value["coordinates"])]],  # noqa: SLF001 - of this module
    "MultiPoint": lambda topology, value: (
        [[np.vstack([topology._position(one) for one in value["coordinates"]])]]  # noqa: SLF001 - as above
        if value["coordinates"]
        else []
    ),
    "LineString": lambda topology, value: [[topology._line(value["arcs"])]],  # noqa: SLF001 - as above
    "MultiLineString": lambda topology, value: [[topology._line(line)] for line in value["arcs"]],  # noqa: SLF001 - as above
    "Polygon": lambda topology, value: [topology._rings(value["arcs"])] if value["arcs"] else [],  # noqa: SLF001 - as above
    "MultiPolygon": lambda topology, value: [topology._rings(rings) for rings in value["arcs"]],  # noqa: SLF001 - as above
}


def _stated(crs: object) -> str | None:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None
