"""Checks map files of other formats: their own faults first, then every rule, with rows in the place of lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from atlas.check.checker import Checker, check_file
from atlas.check.model import SHOWN_PER_RULE, Findings, Report
from atlas.check.rule_catalogue import EVERY_RULE
from atlas.check.schema_rules import LayerSchema, layer_schema
from atlas.garbage import without_collector
from atlas.geojson.model import Item, Mark
from atlas.vector.chosen_source import Source
from atlas.vector.file_format import FileFormat
from atlas.vector.in_degrees import bring_to_degrees
from atlas.vector.layer import LAYER_MARK, VectorLayer
from atlas.vector.source import open_sources, read_source

# numbers have all digits in them that a double has, whether they mean anything or not
_BINARY = frozenset(
    {FileFormat.SHAPEFILE, FileFormat.GEOPACKAGE, FileFormat.FLATGEOBUF, FileFormat.PARQUET, FileFormat.FILE_GDB}
)
_OF_DIGITS = frozenset({"precision-excessive", "precision-mixed"})


def check_path(
    path: Path,
    *,
    schema: Mapping[str, Any] | None = None,
    cap: int = SHOWN_PER_RULE,
    on_share: Callable[[float], None] | None = None,
) -> list[Report]:
    """Hold a file of any format against all rules: a report for each of its layers.

    Parameters
    ----------
    path
        The file, or an archive or folder that holds one.
    schema
        A layer's JSON Schema, to hold the features against as well.
    cap
        How many findings of one rule are kept; all are counted.
    on_share
        Called with how much of a GeoJSON file has been read, from 0 to 1.

    Returns
    -------
    list of Report
        One a layer, in the order of the file.

    Raises
    ------
    InputError
        It cannot be opened, or is of no format that is read.
    UsageError
        The schema is not that of a layer.
    """
    ready = None if schema is None else layer_schema(schema)
    reports = []
    with open_sources(path) as sources:
        for source in sources:
            if source.form is FileFormat.GEOJSON:
                report = check_file(source.path, schema=schema, cap=cap, on_share=on_share)
                reports.append(report if source.path == source.named else _renamed(report, source))
            else:
                reports += [_report(layer, ready, cap) for layer in read_source(source, every=True)]
    return reports


def _renamed(report: Report, source: Source) -> Report:
    path = Path(f"{source.named}{LAYER_MARK}{source.title}") if source.title else source.named
    return replace(report, path=path)


@dataclass(slots=True)
class _FileFindings(Findings):
    """Findings in a layer, without those on what its format is not to blame for."""

    left_out: frozenset[str] = frozenset()

    def add(self, rule: str, at: Item | Mark | None, message: str, **more: Any) -> None:  # noqa: ANN401 - as in `Findings`
        """Count a finding, unless the format has no such fault."""
        if rule not in self.left_out:
            Findings.add(self, rule, at, message, **more)


def _report(layer: VectorLayer, schema: LayerSchema | None, cap: int) -> Report:
    if layer.has_shapes:
        bring_to_degrees(layer)
    left_out = _OF_DIGITS if layer.form in _BINARY else frozenset[str]()
    findings = _FileFindings(EVERY_RULE, cap=cap, left_out=left_out)
    for fault in layer.faults:
        path = ("properties", fault.field) if fault.field is not None else ()
        findings.add(fault.rule, None, fault.message, path=path, line=fault.row)
    check = Checker(findings, schema)
    with without_collector():
        for index, value in enumerate(layer.features()):
            check.feature(Item(index, layer.row(index), value, "", ("features", index)))
    check.root(Item(None, None, {"type": "FeatureCollection"}), has_features=True)
    check.finish()
    order = {rule: n for n, rule in enumerate(EVERY_RULE)}
    kept = sorted(findings.kept, key=lambda one: order[one.rule])
    counts = {rule: findings.counts[rule] for rule in EVERY_RULE if findings.counts[rule]}
    positions = check.places.positions
    return Report(
        Path(layer.title),
        _size(layer.path),
        len(layer),
        positions,
        tuple(kept),
        counts,
        tuple(findings.notes),
        rows=True,
        strips=tuple(check.coverage.strips),
    )


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(one.stat().st_size for one in path.iterdir() if one.is_file())
    return path.stat().st_size
