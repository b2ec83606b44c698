"""Published layers as files for any GIS, with licence, sources, styles and checksums beside them."""

from atlas.exchange.export.material import Exported, Layer, Material
from atlas.exchange.export.write import FORMATS, export

__all__ = ["FORMATS", "Exported", "Layer", "Material", "export"]
