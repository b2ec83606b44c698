"""Layers as GeoParquet 1.1 and 2.0, side by side, where pyarrow is installed."""

from __future__ import annotations

from atlas.errors import UsageError
from atlas.export.export_formats import MEDIA
from atlas.export.layer_tables import titles, whole_table
from atlas.export.material import Material, Output
from atlas.export.parquet import parquet
from atlas.export.plain_files import plain_file
from atlas.export.reprojection import places

_FOLDERS = {"parquet": "geoparquet-1.1", "parquet2": "geoparquet-2.0"}


def parquet_files(material: Material) -> tuple[list[Output], str | None]:
    """The files of all layers in both versions, in degrees.

    Parameters
    ----------
    material
        The layers with their records.

    Returns
    -------
    tuple of list of Output and str or None
        The files; or none, and why.
    """
    outputs = []
    for layer in material.layers:
        try:
            data = {
                "parquet": parquet(whole_table(layer, places(None)), material, places(None)),
                "parquet2": plain_file(layer, "parquet2")[0].data,
            }
        except UsageError as error:
            return [], f"left out GeoParquet: {error}"
        outputs += [
            Output(f"{_FOLDERS[form]}/{layer.name}.parquet", held, titles(layer.record), MEDIA[form], layer.name)
            for form, held in data.items()
        ]
    return outputs, None
