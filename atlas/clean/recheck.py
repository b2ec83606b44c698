"""What check finds in features that are being cleaned: the same rules by the same code, on arrays."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.check import RULES
from atlas.check.antimeridian_rules import mark_crossing
from atlas.check.bbox_rules import Box
from atlas.check.checker import Checker
from atlas.check.coverage_rules import Coverage
from atlas.check.geometry_rules import Geometries
from atlas.check.line_rules import look_at_lines
from atlas.check.model import Findings, Severity
from atlas.check.open_gaps import has_gaps
from atlas.check.polygon_rules import look_at_polygons
from atlas.check.position_batch import Batch, Kind, Parts
from atlas.check.position_rules import Places, finer
from atlas.check.strips import WIDEST_M, Strip
from atlas.clean.model import FAMILIES, Coordinates, Document, Feature
from atlas.geojson.model import Item, JsonPath, Mark
from atlas.geojson.path import shown


@dataclass(frozen=True, slots=True)
class Note:
    """One finding: the feature's number, the way from the feature, and the message of check."""

    rule: str
    index: int | None
    path: JsonPath
    message: str
    position: tuple[float, float] | None = None


@dataclass(slots=True)
class Noted(Findings):
    """Keeps every finding, and looks for no lines."""

    cap: int = sys.maxsize
    collected: list[Note] = field(default_factory=list)

    def add(  # noqa: PLR0913 - what a finding has
        self,
        rule: str,
        at: Item | Mark | None,
        message: str,
        *,
        path: Sequence[str | int] = (),
        position: tuple[float, float] | None = None,
        line: int | None = None,  # noqa: ARG002 - as in the base
    ) -> None:
        """Keep a finding."""
        self.counts[rule] += 1
        self.collected.append(Note(rule, at.index if at else None, tuple(path), message, position))


class ArrayGeometries(Geometries):
    """Takes coordinates that are arrays already."""

    def _coordinates(self, item: Item, kind: str, value: object, path: JsonPath) -> None:
        if not isinstance(value, Coordinates):
            super()._coordinates(item, kind, value, path)
            return
        multi = kind.startswith("Multi")
        for n, part in enumerate(value.parts):
            at = (*path, n) if multi and kind != "MultiPoint" else path
            if kind in FAMILIES:
                self._batch.add_array(FAMILIES[kind], part[0][:, :2], at)
                continue
            self._batch.polygon_count += 1
            for ring, run in enumerate(part):
                self._batch.add_array(Kind.HOLE if ring else Kind.SHELL, run[:, :2], (*at, ring))


class _Members(Geometries):
    """Leaves coordinates that are arrays alone but for how many numbers they have: only members are looked at."""

    def _coordinates(self, item: Item, kind: str, value: object, path: JsonPath) -> None:
        if not isinstance(value, Coordinates):
            super()._coordinates(item, kind, value, path)
        elif value.deep:
            self._heights(item, {max(run.shape[1] for run in value.runs)}, path)


def members_of(document: Document, features: Iterable[Feature]) -> list[Note]:
    """What is wrong with members, texts and fields, and with coordinates that are no arrays."""
    return _examined(document, features, _Members)


class _Matched(Coverage):
    """Does not compare neighbours that are known to match; only the holes between them are looked for."""

    def finish(self) -> None:
        """Say where neighbours leave gaps."""
        if not self._fits or _may_have_gaps(np.array(self._areas, dtype=object)):
            super().finish()


def _may_have_gaps(shapes: NDArray[np.object_]) -> bool:
    try:
        return has_gaps(shapes, WIDEST_M)
    except shapely.errors.GEOSException:
        return True


class _Matching(Checker):
    """Takes the areas for matched."""

    def __init__(self, findings: Findings, *, geometries: Callable[[Findings, Batch], Geometries]) -> None:
        super().__init__(findings, geometries=geometries)
        self.coverage = _Matched(findings)


@dataclass(frozen=True, slots=True)
class Checked:
    """What check finds in a whole file: findings, notes in words, gaps and overlaps."""

    notes: list[Note]
    remarks: list[str]
    strips: list[Strip]


def all_of(document: Document, matched: Sequence[Coordinates] = ()) -> Checked:
    """Everything that check says about the features that are kept.

    ``matched`` are areas that match; where there are other areas than these, they are compared like any.
    """
    findings = Noted(RULES)
    held = [geometry["coordinates"] for one in document.kept for geometry, _ in one.geometries()]
    same = len(held) == len(matched) > 1 and set(map(id, held)) == set(map(id, matched))
    checker = _run(document, document.kept, ArrayGeometries, findings, _Matching if same else Checker)
    checker.finish()
    return Checked(findings.collected, findings.notes, checker.coverage.strips)


def ids_twice(document: Document) -> list[Note]:
    """Ids that stand twice."""
    first: dict[str, int] = {}
    notes = []
    for one in document.kept:
        feature_id = one.item.feature_id
        if feature_id is not None and feature_id in first:
            message = f"The id {shown(feature_id)} is also that of features[{first[feature_id]}]: give each its own."
            notes.append(Note("id-twice", one.index, ("id",), message))
        elif feature_id is not None:
            first[feature_id] = one.index
    return notes


def _examined(document: Document, features: Iterable[Feature], taking: type[Geometries]) -> list[Note]:
    findings = Noted(RULES)
    _run(document, features, taking, findings).finish_fields()
    return findings.collected


def _run(
    document: Document,
    features: Iterable[Feature],
    taking: type[Geometries],
    findings: Noted,
    checking: type[Checker | _Matching] = Checker,
) -> Checker:
    def made(sink: Findings, batch: Batch) -> Geometries:
        return taking(sink, batch)

    checker = checking(findings, geometries=made)
    for one in features:
        checker.feature(one.item)
    if document.wrapping == "FeatureCollection":
        checker.root(Item(None, 1, document.root), has_features=True)
    return checker


def has_finer(features: Iterable[Feature], decimals: int) -> bool:
    """Whether any position has more than so many decimals."""
    return any(finer(run[:, :2], decimals).any() for one in features for coords in one.shapes() for run in coords.runs)


def tolerable(rule: str) -> bool:
    """Whether check only mentions it."""
    return RULES[rule].severity is Severity.INFO


def shapes_of(features: Iterable[Feature], *, areas: bool, box: Box | None = None) -> list[Note]:
    """What is wrong with positions, lines and rings; with areas as shapes only when asked, which takes longer.

    ``box`` is the bbox of the whole file.
    """
    findings, silent = Noted(RULES), Noted(RULES)
    places = Places(findings, box)
    for parts in _portions(features):
        if areas:
            mark_crossing(parts, box)
        else:
            places.check(parts)
        # this also tells which rings no shape can be made of
        look_at_lines(parts, silent if areas else findings, shapes_only=areas)
        if areas:
            look_at_polygons(parts, findings)
    places.finish_axes()
    return findings.collected


def _portions(features: Iterable[Feature]) -> Iterator[Parts]:
    """The coordinates of features, so many at a time that looking at them takes little memory."""
    batch = Batch()
    taking = ArrayGeometries(Noted(RULES), batch)
    for one in features:
        batch.begin(one.item)
        if isinstance(one.value, dict) and isinstance(one.value.get("geometry"), dict):
            taking.take(one.item, one.value["geometry"], ("geometry",))
        if batch.full:
            if batch.ends:
                yield batch.arrays()
            batch = Batch()
            taking = ArrayGeometries(Noted(RULES), batch)
    if batch.ends:
        yield batch.arrays()
