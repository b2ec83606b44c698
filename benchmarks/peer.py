"""What somebody would write by hand: the 23 municipalities with geopandas and ``explore()``, in one HTML file."""

from __future__ import annotations

import sys

import geopandas

layer, output = sys.argv[1:]
geopandas.read_file(layer).explore(tooltip=["name", "population_2020"]).save(output)
