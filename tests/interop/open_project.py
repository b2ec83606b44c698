"""Run by a Python that has QGIS: opens a project as QGIS does, draws it, and lets QGIS' own tools look at every layer.

Arguments: the project, the GeoPackage, the picture to write. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from typing import Any

sys.path.append("/usr/share/qgis/python/plugins")

from processing.core.Processing import Processing  # type: ignore[import-not-found]
from qgis import processing  # type: ignore[import-not-found]
from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]

_GEOS = 2


def main(project_path: str, geopackage: str, picture: str) -> None:
    application = QgsApplication([], False)  # noqa: FBT003 - QGIS' own signature
    application.initQgis()
    Processing.initialize()
    project = QgsProject.instance()
    read = project.read(project_path)
    layers = [node.layer() for node in project.layerTreeRoot().findLayers()]
    report: dict[str, Any] = {
        "read": read,
        "crs": project.crs().authid(),
        "layers": {layer.name(): _layer_report(layer) for layer in layers},
        "errors": _drawn(project, picture),
        "styles": {layer.name(): _styled(geopackage, layer) for layer in layers if layer.isSpatial()},
        "saved": {layer.name(): _saved(layer, f"{picture}.{n}") for n, layer in enumerate(layers)},
    }
    sys.stdout.write(json.dumps(report))


def _drawn(project: Any, picture: str) -> list[str]:
    shown = [node.layer() for node in project.layerTreeRoot().findLayers() if node.itemVisibilityChecked()]
    settings = QgsMapSettings()
    settings.setLayers(shown)
    settings.setDestinationCrs(project.crs())
    settings.setBackgroundColor(project.backgroundColor())
    settings.setExtent(project.viewSettings().defaultViewExtent())
    settings.setOutputSize(QSize(1200, 800))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    return [error.message for error in job.errors()]


def _layer_report(layer: Any) -> dict[str, Any]:
    report = {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "spatial": layer.isSpatial(),
        "renderer": layer.renderer().type() if layer.renderer() else None,
        "labels": layer.labelsEnabled(),
        "unaliased": [field.name() for field in layer.fields() if not field.alias()],
    }
    if layer.isSpatial():
        words = {"INPUT_LAYER": layer, "METHOD": _GEOS, "IGNORE_RING_SELF_INTERSECTION": False}
        outputs = {"VALID_OUTPUT": "memory:", "INVALID_OUTPUT": "memory:", "ERROR_OUTPUT": "memory:"}
        made = processing.run("qgis:checkvalidity", {**words, **outputs})
        report |= {key: made[key] for key in ("VALID_COUNT", "INVALID_COUNT", "ERROR_COUNT")}
    return report


def _styled(geopackage: str, layer: Any) -> dict[str, Any]:
    """What a reader gets who drags the table out of the GeoPackage instead of opening the project."""
    table = layer.source().partition("layername=")[2]
    alone = QgsVectorLayer(f"{geopackage}|layername={table}", table, "ogr")
    return {
        "loaded": alone.loadDefaultStyle()[1],
        "renderer": alone.renderer().type(),
        "rules": len(alone.renderer().rootRule().children()) if alone.renderer().type() == "RuleRenderer" else 0,
        "unaliased": [field.name() for n, field in enumerate(alone.fields()) if not alone.attributeAlias(n)],
    }


def _saved(layer: Any, path: str) -> str:
    """What QGIS says when a reader saves the layer as a GeoPackage of their own."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    context = QgsProject.instance().transformContext()
    return str(QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, context, options)[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
