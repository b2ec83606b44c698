"""The member bbox, computed again where it was wrong or its positions have moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from atlas.check import RULES
from atlas.check.bbox_rules import box_of, check_bbox
from atlas.clean.file_session import FileSession
from atlas.clean.model import Feature, PositionArray
from atlas.clean.recheck import Noted
from atlas.geojson.model import Item, JsonPath
from atlas.geometry.antimeridian_steps import HALF

# a box has no place for what follows a height
_HEIGHT = 3
_RULES = ("bbox-form", "bbox-order", "bbox-false")


def mend_boxes(session: FileSession) -> None:
    """Compute boxes again that do not hold what they should, and those of what was moved."""
    if set(_RULES) <= session.options.keep:
        return
    for feature in session.document.kept:
        if isinstance(feature.value, dict):
            for geometry, path, runs in _geometries(feature):
                _mend(session, feature, geometry, feature.item, runs, moved=feature.moved, path=path)
            _mend(session, feature, feature.value, feature.item, list(_runs([feature])), moved=feature.moved)
    root = session.document.root
    moved = any(one.moved or one.rejected for one in session.document.features)
    _mend(session, None, root, Item(None, 1, root), list(_runs(session.document.kept)), moved=moved)


def _geometries(feature: Feature) -> Iterator[tuple[dict[str, object], JsonPath, list[PositionArray]]]:
    """Every geometry with a box, collections too, with the way to it and all runs in it."""
    held = [(path, list(geometry["coordinates"].runs)) for geometry, path in feature.geometries()]
    waiting: list[tuple[object, JsonPath]] = [(feature.value.get("geometry"), ("geometry",))]
    while waiting:
        one, at = waiting.pop()
        if not isinstance(one, dict):
            continue
        if "bbox" in one:
            yield one, at, [run for path, runs in held if path[: len(at)] == at for run in runs]
        inner = one.get("geometries")
        waiting.extend(
            (value, (*at, "geometries", n)) for n, value in enumerate(inner if isinstance(inner, list) else ())
        )


def _runs(features: Iterable[Feature]) -> Iterable[PositionArray]:
    for feature in features:
        for coords in feature.shapes():
            yield from coords.runs


def _mend(  # noqa: PLR0913 - what a box is of
    session: FileSession,
    feature: Feature | None,
    value: dict[str, object],
    item: Item,
    runs: list[PositionArray],
    *,
    moved: bool,
    path: JsonPath = (),
) -> None:
    if "bbox" not in value:
        return
    noted = Noted(RULES)
    box, extent = box_of(item, value, noted), _extent(runs)
    if box and extent:
        half = len(extent) // 2
        check_bbox(item, box, [*extent[:2], *extent[half : half + 2]], noted)
    fault = next((note.rule for note in noted.collected), None)
    crossing = box is not None and box[0] > box[2]
    if (fault is None and not (moved and not crossing)) or (fault or "bbox-false") in session.options.keep:
        return
    before = value["bbox"]
    new = _box(runs, before)
    if new is None or box_of(item, {"bbox": new}, None) is None:
        # of nothing, or of numbers that the user keeps though they are no degrees, no box is right
        if fault is None:
            return
        del value["bbox"]
    elif before == new:
        return
    else:
        value["bbox"] = new
    session.change(feature, fault or "bbox-false", before, value.get("bbox", "left out"), path=(*path, "bbox"))


def _box(runs: Sequence[PositionArray], before: object) -> list[float] | None:
    """The box of what is there; across 180° where that was cut or the old box was across, and the rest is empty."""
    extent = _extent(runs)
    if extent is None:
        return None
    half = len(extent) // 2
    if _is_across(before) or (extent[0] <= -HALF and extent[half] >= HALF):
        extent[0], extent[half] = _around_180(runs) or (extent[0], extent[half])
    return extent


def _is_across(box: object) -> bool:
    """Whether longitudes of a box go on beyond ±180°, or from east to west."""
    if not isinstance(box, list) or len(box) < 4 or not all(type(one) in {int, float} for one in box):  # noqa: PLR2004
        return False
    west, east = box[0], box[len(box) // 2]
    return bool(west > east or west < -HALF or east > HALF)


def _around_180(runs: Sequence[PositionArray]) -> tuple[float, float] | None:
    """West and east of a box across 180°, where the other side of the globe is empty."""
    spans = sorted((float(run[:, 0].min()), float(run[:, 0].max())) for run in runs)
    reached = np.maximum.accumulate([east for _, east in spans])[:-1]
    gaps = np.array([west for west, _ in spans[1:]]) - reached
    if not len(gaps) or gaps.max() < HALF:
        return None
    widest = int(gaps.argmax())
    return spans[widest + 1][0], float(reached[widest])


def _extent(runs: Iterable[PositionArray]) -> list[float] | None:
    """West, south, east and north; with heights where all positions have one."""
    held = list(runs)
    if not held:
        return None
    size = min(_HEIGHT, *(run.shape[1] for run in held))
    low = np.min([run[:, :size].min(axis=0) for run in held], axis=0)
    high = np.max([run[:, :size].max(axis=0) for run in held], axis=0)
    return [*low.tolist(), *high.tolist()]
