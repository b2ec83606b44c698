"""Published layers as files for any GIS, with licence, sources, styles and checksums beside them."""

from atlas.export.export_formats import FORMATS
from atlas.export.material import Exported, Layer, Material
from atlas.export.write import export

__all__ = ["FORMATS", "Exported", "Layer", "Material", "export"]
