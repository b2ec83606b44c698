"""Every vector format besides GeoJSON, read through GDAL by one door."""
