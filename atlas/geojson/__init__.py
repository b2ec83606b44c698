"""GeoJSON: that of others read once and strictly, the atlas' own written the same to the byte every time."""
