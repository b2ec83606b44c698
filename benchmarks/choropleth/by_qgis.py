"""Rates of 2022 by municipality as a layout of QGIS; ``by_qgis.py OUTPUT LAYER TABLE``."""

import csv
import os
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsClassificationQuantile,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGraduatedSymbolRenderer,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsPrintLayout,
    QgsProject,
    QgsStyle,
    QgsVectorLayer,
)

output, path, table = sys.argv[1:]
QgsApplication.setPrefixPath("/usr", True)  # noqa: FBT003 - the words of QGIS
program = QgsApplication([], False)  # noqa: FBT003 - as above
program.initQgis()
project = QgsProject.instance()
project.setCrs(QgsCoordinateReferenceSystem("EPSG:6372"))
with Path(table).open(encoding="utf-8", newline="") as stream:
    rates = {row["cvegeo"].zfill(5): row["rate"] for row in csv.DictReader(stream) if row["year"] == "2022"}
source = QgsVectorLayer(path, "source", "ogr")
layer = QgsVectorLayer("MultiPolygon?crs=EPSG:4326&field=rate:double", "Rate", "memory")
features = []
for area in source.getFeatures():
    feature = QgsFeature(layer.fields())
    feature.setGeometry(area.geometry())
    # QGIS would put what is unknown into the class of zero
    if rate := rates.get(area["cvegeo"]):
        feature["rate"] = float(rate)
        features.append(feature)
layer.dataProvider().addFeatures(features)
layer.updateExtents()
renderer = QgsGraduatedSymbolRenderer("rate")
renderer.setClassificationMethod(QgsClassificationQuantile())
renderer.updateClasses(layer, 5)
renderer.updateColorRamp(QgsStyle.defaultStyle().colorRamp("YlOrBr"))
layer.setRenderer(renderer)
project.addMapLayer(layer)
layout = QgsPrintLayout(project)
layout.initializeDefaults()
layout.pageCollection().page(0).setPageSize(QgsLayoutSize(170, 120))
sheet = QgsLayoutItemMap(layout)
layout.addLayoutItem(sheet)
sheet.attemptMove(QgsLayoutPoint(5, 12))
sheet.attemptResize(QgsLayoutSize(160, 98))
sheet.setLayers([layer])
transform = QgsCoordinateTransform(layer.crs(), project.crs(), project)
# a sheet without an extent cannot be zoomed, and one that is given it takes another size
extent = transform.transformBoundingBox(layer.extent())
sheet.setExtent(extent)
sheet.attemptResize(QgsLayoutSize(160, 98))
sheet.zoomToExtent(extent)
legend = QgsLayoutItemLegend(layout)
legend.setLinkedMap(sheet)
layout.addLayoutItem(legend)
legend.attemptMove(QgsLayoutPoint(118, 60))
bar = QgsLayoutItemScaleBar(layout)
bar.setLinkedMap(sheet)
bar.applyDefaultSize()
layout.addLayoutItem(bar)
bar.attemptMove(QgsLayoutPoint(8, 95))
for words, x, y in (("Rates (synthetic), 2022", 5, 3), ("Outlines: INEGI, Marco Geoestadístico", 5, 113)):
    label = QgsLayoutItemLabel(layout)
    label.setText(words)
    label.adjustSizeToText()
    layout.addLayoutItem(label)
    label.attemptMove(QgsLayoutPoint(x, y))
done = QgsLayoutExporter(layout).exportToPdf(output, QgsLayoutExporter.PdfExportSettings())
# QGIS comes down badly when Python clears up first
sys.stdout.flush()
os._exit(int(done))
