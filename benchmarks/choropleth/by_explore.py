"""Rates of 2022 by municipality with ``explore()``; ``by_explore.py OUTPUT LAYER TABLE``."""

import sys

import geopandas
import pandas as pd

output, layer, table = sys.argv[1:]
rates = pd.read_csv(table, dtype={"cvegeo": str}).query("year == 2022")
rates["cvegeo"] = rates["cvegeo"].str.zfill(5)
areas = geopandas.read_file(layer)[["cvegeo", "name", "geometry"]].merge(rates, on="cvegeo", how="left")
areas.explore("rate", scheme="quantiles", k=5, cmap="YlOrBr", tooltip=["name", "rate"]).save(output)
