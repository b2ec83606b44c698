"""Published layers as files for any GIS, with licence, sources, styles and checksums beside them."""

from atlas.export.export_formats import FORMATS
from atlas.export.material import Exported, Layer, Material, Output
from atlas.export.parquet_files import parquet_files
from atlas.export.write import export

__all__ = ["FORMATS", "Exported", "Layer", "Material", "Output", "export", "parquet_files"]
