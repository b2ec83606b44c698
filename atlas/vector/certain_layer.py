"""A layer of a map file in degrees, or one error: for commands that can ask no question."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import NamedTuple

from atlas.errors import InputError
from atlas.vector.coordinate_system import Operation
from atlas.vector.in_degrees import bring_to_degrees
from atlas.vector.layer import FileFault, VectorLayer
from atlas.vector.source import read_layer_of

# what its numbers are would be a guess
_DOUBTFUL = frozenset({"crs-missing", "crs-disagrees"})
# what is done about these is what every reader of the file expects
_EXPECTED = frozenset({"crs-other", "name-cut"})


class CertainLayer(NamedTuple):
    """A layer in degrees, how it was brought there if it was, and what is wrong with the file, as sentences."""

    layer: VectorLayer
    operation: Operation | None
    remarks: tuple[str, ...]


def read_certain_layer(path: Path) -> CertainLayer:
    """The one layer that a path means, of a file that is not GeoJSON, in longitude and latitude.

    Raises
    ------
    InputError
        It cannot be read, or it is not certain what its numbers are.
    """
    layer = read_layer_of(path)
    operation = bring_to_degrees(layer)
    if doubt := next((one for one in layer.faults if one.rule in _DOUBTFUL), None):
        command = f"`atlas clean {shlex.quote(os.fspath(path))} --crs EPSG:CODE -o OUT.geojson`"
        msg = f"{doubt.what or doubt.message.rstrip('.')}; say what its numbers are by {command}, and give OUT.geojson"
        raise InputError(msg)
    remarks = tuple(_remark(path, layer, one) for one in layer.faults if one.rule not in _EXPECTED)
    return CertainLayer(layer, operation, remarks)


def _remark(path: Path, layer: VectorLayer, fault: FileFault) -> str:
    """A fault as a sentence, with a remedy for commands that have no options for it."""
    where = " ".join(
        [*([f"row {fault.row:,}"] if fault.row is not None else []), *([fault.field] if fault.field else [])]
    )
    message = fault.message
    if fault.rule == "file-encoding" and fault.what:
        command = f"`atlas clean {shlex.quote(os.fspath(path))} --encoding cp1252 -o OUT.geojson`"
        message = f"{fault.what}, and they are read as such; if that is right write it down by {command}."
    return f"{layer.title}: {f'{where}: ' if where else ''}{message} ({fault.rule})"
