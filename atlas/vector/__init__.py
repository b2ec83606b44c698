"""Every vector format besides GeoJSON: read by one door as features with their faults, and written."""
