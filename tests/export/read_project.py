"""Run by a Python that has QGIS: opens a project as QGIS does, says what it found, draws it.

Arguments: the project, the GeoPackage, the picture to write. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]


def main(project_path: str, geopackage: str, picture: str) -> None:
    application = QgsApplication([], False)  # noqa: FBT003 - QGIS' own signature
    application.initQgis()
    project = QgsProject.instance()
    project.read(project_path)
    layers = [node.layer() for node in project.layerTreeRoot().findLayers()]
    shown = [node.layer() for node in project.layerTreeRoot().findLayers() if node.itemVisibilityChecked()]
    report: dict[str, Any] = {
        "crs": project.crs().authid(),
        "layers": {layer.id(): _layer_report(layer) for layer in layers},
    }
    settings = QgsMapSettings()
    settings.setLayers(shown)
    settings.setDestinationCrs(project.crs())
    settings.setBackgroundColor(project.backgroundColor())
    settings.setExtent(project.viewSettings().defaultViewExtent())
    settings.setOutputSize(QSize(900, 600))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    report["errors"] = [error.message for error in job.errors()]
    alone = QgsVectorLayer(f"{geopackage}|layername=border", "border", "ogr")
    report["styled"] = alone.loadDefaultStyle()[1]
    report["rules"] = [rule.label() for rule in alone.renderer().rootRule().children()]
    report["alias"] = alone.attributeAlias(alone.fields().indexOf("nature"))
    sys.stdout.write(json.dumps(report))


def _layer_report(layer: Any) -> dict[str, Any]:
    return {
        "valid": layer.isValid(),
        "count": layer.featureCount(),
        "spatial": layer.isSpatial(),
        "renderer": layer.renderer().type() if layer.renderer() else None,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
