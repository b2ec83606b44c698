"""What somebody would write by hand: layers with geopandas and ``explore()``, one on the other, in one HTML file.

``python peer.py OUTPUT LAYER…``; the columns shown are those that geopandas chooses.
"""

from __future__ import annotations

import sys

import geopandas

output, *layers = sys.argv[1:]
page = None
for layer in layers:
    page = geopandas.read_file(layer).explore(m=page)
page.save(output)
