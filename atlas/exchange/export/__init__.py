"""Published layers as files for any GIS, with licence, sources, styles and checksums beside them."""
