"""An export as the audit can read it: what it has no reader for is read back from its bytes, as GeoJSON."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from atlas.vector.gdal_writer import short_names
from atlas.vector.source import open_sources, read_source
from atlas.vector.text_writer import collection

# a shapefile keeps shapes and fields apart, TopoJSON shapes and positions
_APART = frozenset({".zip", ".topojson"})


def auditable(files: Mapping[str, bytes], columns: Mapping[str, Sequence[str]]) -> Mapping[str, bytes]:
    """The files, with those of two formats in another: the very features that whoever gets them will read.

    Parameters
    ----------
    columns
        The names of the columns of each layer, by the layer's name: a shapefile shortens them.
    """
    return {path: _read_back(path, data, columns) if _is_apart(path) else data for path, data in files.items()}


def _is_apart(path: str) -> bool:
    return PurePosixPath(path).suffix in _APART


def _read_back(path: str, data: bytes, columns: Mapping[str, Sequence[str]]) -> bytes:
    stem = PurePosixPath(path).stem
    layer = max((name for name in columns if stem == name or stem.startswith(f"{name}_")), key=len, default=None)
    names = {} if layer is None else {short: name for name, short in short_names(columns[layer]).items()}
    with tempfile.TemporaryDirectory(prefix="atlas-") as folder:
        written = Path(folder) / PurePosixPath(path).name
        written.write_bytes(data)
        with open_sources(written) as sources:
            layers = [one for source in sources for one in read_source(source, every=True)]
    for one in layers:
        one.columns = {names.get(key, key): values for key, values in one.columns.items()}
    return collection([feature for one in layers for feature in one.features()])
