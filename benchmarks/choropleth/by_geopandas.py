"""Rates of 2022 by municipality with geopandas and matplotlib; ``by_geopandas.py OUTPUT LAYER TABLE``."""

import sys

import geopandas
import matplotlib.pyplot as plt
import pandas as pd

output, layer, table = sys.argv[1:]
rates = pd.read_csv(table, dtype={"cvegeo": str}).query("year == 2022")
rates["cvegeo"] = rates["cvegeo"].str.zfill(5)
areas = geopandas.read_file(layer)[["cvegeo", "name", "geometry"]].merge(rates, on="cvegeo", how="left")
figure, axes = plt.subplots(figsize=(170 / 25.4, 120 / 25.4))
areas.to_crs(6372).plot(
    "rate",
    scheme="quantiles",
    k=5,
    cmap="YlOrBr",
    edgecolor="grey",
    linewidth=0.4,
    legend=True,
    legend_kwds={"title": "Rate", "loc": "lower right"},
    missing_kwds={"color": "white", "hatch": "///", "label": "no data"},
    ax=axes,
)
axes.set_axis_off()
axes.set_title("Rates (synthetic), 2022")
figure.text(0.02, 0.02, "Outlines: INEGI, Marco Geoestadístico", fontsize=6)
figure.savefig(output)
