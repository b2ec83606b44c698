"""Run by a Python that has QGIS: opens the project as QField does, fills in each form once, says what it found.

Arguments: the project, the picture to write. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsVectorLayerUtils,
)
from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]

ANSWERS = {
    "atlas_form_notes": {"category": "shelter", "note": "synthetic <b>note</b>", "consent": "no_person"},
    "atlas_form_notes_by_reach": {"category": "incident", "reach": "R012", "consent": "not_asked"},
}


def main(path: str, picture: str) -> None:
    application = QgsApplication([], False)  # noqa: FBT003 - QGIS' own signature
    application.initQgis()
    project = QgsProject.instance()
    project.read(path)
    layers = [node.layer() for node in project.layerTreeRoot().findLayers()]
    report: dict[str, Any] = {"layers": {layer.id(): _layer_report(layer) for layer in layers}}
    report["filled"] = {name: _fill(project.mapLayer(name), answers) for name, answers in ANSWERS.items()}
    settings = QgsMapSettings()
    settings.setLayers([layer for layer in layers if layer.isSpatial()])
    settings.setDestinationCrs(project.crs())
    settings.setBackgroundColor(project.backgroundColor())
    settings.setExtent(project.viewSettings().defaultViewExtent())
    settings.setOutputSize(QSize(900, 700))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    report["errors"] = [error.message for error in job.errors()]
    sys.stdout.write(json.dumps(report))


def _layer_report(layer: Any) -> dict[str, Any]:
    fields = layer.fields()
    setups = {field.name(): layer.editorWidgetSetup(fields.indexOf(field.name())) for field in fields}
    return {
        "valid": layer.isValid(),
        "spatial": layer.isSpatial(),
        "count": layer.featureCount(),
        "widgets": {name: setup.type() for name, setup in setups.items()},
        "relations": {
            name: QgsProject.instance().mapLayer(setup.config()["Layer"]) is not None
            for name, setup in setups.items()
            if setup.type() == "ValueRelation"
        },
        "categories": [next(iter(one.values())) for one in setups["category"].config()["map"]]
        if "category" in setups and setups["category"].type() == "ValueMap"
        else [],
        "aliases": {field.name(): layer.attributeAlias(fields.indexOf(field.name())) for field in fields},
    }


def _fill(layer: Any, answers: dict[str, str]) -> dict[str, Any]:
    layer.startEditing()
    shape = QgsGeometry.fromPointXY(QgsPointXY(-92.15, 14.68)) if layer.isSpatial() else QgsGeometry()
    feature = QgsVectorLayerUtils.createFeature(layer, shape)
    empty = [
        layer.fields().at(number).name()
        for number in range(layer.fields().count())
        if not QgsVectorLayerUtils.validateAttribute(layer, feature, number)[0]
    ]
    for name, value in answers.items():
        feature[name] = value
    if not layer.isSpatial():
        feature["municipality_cvegeo"] = "07089"
    faults = [
        fault
        for number in range(layer.fields().count())
        for fault in QgsVectorLayerUtils.validateAttribute(layer, feature, number)[1]
    ]
    layer.addFeature(feature)
    saved = layer.commitChanges()
    row = next(layer.getFeatures(QgsFeatureRequest().setLimit(1)))
    values = {name: row[name] if isinstance(row[name], str | float) else None for name in row.fields().names()}
    return {"missing": empty, "faults": faults, "saved": saved, "values": values}


if __name__ == "__main__":
    main(*sys.argv[1:])
