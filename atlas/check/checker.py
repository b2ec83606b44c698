"""Checks a file: reads feature by feature, gathers batches, and holds them against every rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from atlas.check.coverage_rules import Coverage
from atlas.check.duplicate_features import DuplicateFeatures
from atlas.check.geometry_rules import Geometries
from atlas.check.line_rules import look_at_lines, look_at_slivers
from atlas.check.member_rules import look_at_feature, look_at_root
from atlas.check.model import SHOWN_PER_RULE, Findings, Report
from atlas.check.polygon_rules import look_at_polygons
from atlas.check.position_batch import Batch
from atlas.check.position_rules import Places
from atlas.check.property_rules import Fields
from atlas.check.rule_catalogue import RULES
from atlas.check.schema_rules import LayerSchema, layer_schema
from atlas.errors import InputError
from atlas.garbage import without_collector
from atlas.geojson.model import Item
from atlas.geojson.sequence import SUFFIXES
from atlas.geojson.streaming import Reader

# features from one report of what has been read to the next
_EVERY = 5_000


def check_file(
    path: Path,
    *,
    schema: Mapping[str, Any] | None = None,
    cap: int = SHOWN_PER_RULE,
    on_share: Callable[[float], None] | None = None,
) -> Report:
    """Hold one GeoJSON file of any size against all rules.

    Parameters
    ----------
    path
        The file.
    schema
        A layer's JSON Schema, to hold the features against as well.
    cap
        How many findings of one rule are kept; all are counted.
    on_share
        Called with how much has been read, from 0 to 1.

    Returns
    -------
    Report
        Findings in the order of the file, counts by rule, and how large the file is.

    Raises
    ------
    InputError
        The file cannot be opened; whatever is in it is a finding, not an error.
    UsageError
        The schema is not that of a layer.

    Examples
    --------
    >>> from pathlib import Path
    >>> from atlas.check import check_file
    >>> report = check_file(Path("geodata/layers/border.geojson"))
    >>> report.features, len(report.findings)
    (32, 0)
    """
    ready = None if schema is None else layer_schema(schema)
    try:
        with path.open("rb") as stream:
            return check_stream(path, stream, path.stat().st_size, schema=ready, cap=cap, on_share=on_share)
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); give the path of a GeoJSON file"
        raise InputError(msg) from error


def check_stream(  # noqa: PLR0913 - as `check_file`, and what is open already
    path: Path,
    stream: BinaryIO,
    size: int,
    *,
    schema: LayerSchema | None = None,
    cap: int = SHOWN_PER_RULE,
    on_share: Callable[[float], None] | None = None,
) -> Report:
    """The same for what is open already; ``path`` is how the report names it, ``size`` its bytes."""
    findings = Findings(RULES, cap=cap)
    reader = Reader(stream, findings, named_sequence=path.suffix.lower() in SUFFIXES)
    check = Checker(findings, schema)
    with without_collector():
        for number, item in enumerate(reader.items()):
            check.feature(item)
            if on_share is not None and number % _EVERY == 0:
                on_share(stream.tell() / max(1, size))
    if reader.root.whole:
        root = reader.root
        check.root(root.item(), has_features=root.has_features, is_sequence=root.is_sequence)
    elif reader.features:
        note = f"Only what comes before the break was checked: {reader.features:,} features."
        findings.notes.append(note)
    check.finish()
    order = {rule: n for n, rule in enumerate(RULES)}
    kept = sorted(findings.kept, key=lambda one: order[one.rule])
    counts = {rule: findings.counts[rule] for rule in RULES if findings.counts[rule]}
    return Report(
        path,
        size,
        reader.features + (reader.root.members.get("type") == "Feature" and not reader.root.has_features),
        check.places.positions,
        tuple(kept),
        counts,
        tuple(findings.notes),
        strips=tuple(check.coverage.strips),
    )


class Checker:
    """All that looks at a file, and what each has gathered so far.

    With ``alone``, each feature is looked at by itself: neither its fields, its neighbours nor its doubles.
    """

    def __init__(
        self,
        findings: Findings,
        schema: LayerSchema | None = None,
        *,
        alone: bool = False,
        geometries: Callable[[Findings, Batch], Geometries] = Geometries,
    ) -> None:
        self.findings = findings
        self.schema = schema
        self._alone = alone
        self._taking = geometries
        self.places = Places(findings)
        self._batch = Batch()
        self._geometries = geometries(findings, self._batch)
        self._fields = Fields(findings)
        self.twins = None if alone else DuplicateFeatures(findings)
        self.coverage = Coverage(findings)

    def feature(self, item: Item) -> None:
        """Look at a feature, or at what stands among the features."""
        if item.plain:
            self._batch.add_point(item)
        else:
            self._batch.begin(item)
            look_at_feature(item, self.findings, self._geometries)
        if not self._alone:
            self._fields.check(item)
        if self.schema is not None:
            self.schema.check(item, self.findings)
        if self._batch.full:
            self._flush()

    def root(self, item: Item, *, has_features: bool, is_sequence: bool = False) -> None:
        """Look at the outermost value, which may itself be a feature or a geometry; a sequence has none."""
        # what is in the batch are features: the root is counted among them only when it is one
        self._flush()
        if is_sequence:
            return
        self._batch.begin(item)
        alone = look_at_root(item, self.findings, self._geometries, has_features=has_features)
        if not self._alone:
            self._fields.check(item)
        if self.schema is not None:
            self.schema.look_at_root(item, self.findings)
        if alone:
            self._flush()
        else:
            self._start()
        self.places.root_box(item)

    def finish_fields(self) -> None:
        """What only the fields of the whole file can tell."""
        self._fields.finish()

    def finish(self) -> None:
        """What only the whole file can tell."""
        self._flush()
        self.places.finish()
        self._fields.finish()
        if self.twins is not None:
            self.twins.finish()
        self.coverage.finish()

    def _flush(self) -> None:
        """Hold what was gathered against the rules on coordinates and shapes, and forget it."""
        batch = self._batch
        if not batch.items:
            return
        parts = batch.arrays()
        if self.twins is not None:
            self.twins.check(parts)
        if batch.ends:
            self.places.check(parts)
            look_at_lines(parts, self.findings)
            areas, items = look_at_polygons(parts, self.findings)
            look_at_slivers(parts, self.findings)
            if not self._alone:
                self.coverage.check(parts, areas, items)
        self._start()

    def _start(self) -> None:
        self._batch = Batch()
        self._geometries = self._taking(self.findings, self._batch)
