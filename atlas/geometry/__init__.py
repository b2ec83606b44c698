"""Pure functions on shapes in degrees (longitude, latitude): lengths, areas, coverages, chainage."""
