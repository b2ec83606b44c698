"""Lengths of a degree and of a mile; what needs a distance to the metre measures on the ellipsoid (`geodesy`)."""

from __future__ import annotations

METRES_PER_MILE = 1609.344
# of longitude at the equator (GRS 80: 111,319.5 m), the longest that a degree can be but near the poles: with the
# cosine of the latitude it is the scale of longitude, and a tolerance in metres is never taken for more degrees
METRES_PER_DEGREE = 111_320.0
# of latitude in the south of the base map (GRS 80: 110,601 m at 9° N, 110,644 m at 14.5° N)
METRES_PER_DEGREE_OF_LATITUDE = 110_600.0
