"""A map file of another format as a document to be cleaned, and what becomes of the faults of its format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from atlas.clean.actions import FILE_ACTIONS, Strategy
from atlas.clean.file_session import FileSession
from atlas.clean.ledger import Ledger
from atlas.clean.model import Coordinates, Document, Feature
from atlas.clean.options import Options
from atlas.errors import InputError
from atlas.geojson.lazy_json import CoordinateStubs
from atlas.vector.chosen_source import Source
from atlas.vector.in_degrees import bring_to_degrees
from atlas.vector.layer import FileFault, VectorLayer
from atlas.vector.source import read_source
from atlas.vector.wkb import Geometry

_NO_TEXT = CoordinateStubs(b"")


def map_document(source: Source, ledger: Ledger, options: Options) -> Document:
    """Read the one layer that a source means; what is certain goes into the ledger.

    Raises
    ------
    InputError
        It cannot be read, has several layers, or none with shapes.
    """
    (layer,) = read_source(source, encoding=options.encoding)
    if not layer.has_shapes:
        msg = f"{layer.title} holds no shapes, only a table; give a layer with shapes"
        raise InputError(msg)
    bring_to_degrees(layer, stated=options.crs)
    path = Path(layer.title)
    for fault in layer.faults:
        if fault.after:
            ledger.add(path.name, fault.rule, _row(fault), fault.before, fault.after)
    features = [_feature(layer, index, value) for index, value in enumerate(_features(layer))]
    document = Document(path, b"", features, {"type": "FeatureCollection"}, "FeatureCollection", rebuilt=True)
    document.in_degrees = True
    document.faults = [fault for fault in layer.faults if not fault.after]
    return document


def settle_faults(session: FileSession) -> None:
    """Ask about what was not certain, unless the user has said; only mention what is no harm."""
    options = session.options
    for fault in session.document.faults:
        strategy = FILE_ACTIONS[fault.rule].strategy
        if strategy is Strategy.ASK and fault.rule not in options.keep | options.repair:
            session.ask(fault.rule, f"{_where(fault)}{fault.message.rstrip('.')}", whole_file=True)
        else:
            session.document.remarks.append(f"{_where(fault)}{fault.message}")


def _where(fault: FileFault) -> str:
    parts = [f"row {fault.row:,}" if fault.row is not None else "", fault.field or ""]
    where = " ".join(part for part in parts if part)
    return f"{where}: " if where else ""


def _row(fault: FileFault) -> str | None:
    return None if fault.row is None else f"row {fault.row}"


def _features(layer: VectorLayer) -> Any:  # noqa: ANN401 - an iterator of objects
    names = list(layer.columns)
    rows = zip(*layer.columns.values(), strict=True) if names else iter(() for _ in range(len(layer)))
    for index, (geometry, values) in enumerate(zip(layer.geometries, rows, strict=True)):
        feature: dict[str, Any] = {"type": "Feature"}
        if layer.ids is not None and layer.ids[index] is not None:
            feature["id"] = layer.ids[index]
        feature["geometry"] = None if geometry is None else _geometry(geometry)
        feature["properties"] = dict(zip(names, values, strict=True))
        yield feature


def _geometry(geometry: Geometry) -> dict[str, Any]:
    if geometry.kind == "GeometryCollection":
        return {"type": geometry.kind, "geometries": [_geometry(one) for one in geometry.members]}
    finite = all(np.isfinite(run).all() for part in geometry.parts for run in part)
    if geometry.parts and finite and all(part and all(len(run) for run in part) for part in geometry.parts):
        return {"type": geometry.kind, "coordinates": Coordinates(geometry.parts)}
    return {"type": geometry.kind, "coordinates": geometry.coordinates()}


def _feature(layer: VectorLayer, index: int, value: dict[str, Any]) -> Feature:
    from atlas.clean.writing import value_bytes  # noqa: PLC0415 - it writes documents, which this reads

    text = value_bytes(value)
    return Feature(index, layer.row(index), value, text, _NO_TEXT)
