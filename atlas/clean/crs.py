"""Where a file says, or the user says, that its numbers are not longitude and latitude."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyproj
from pyproj.exceptions import CRSError, ProjError

from atlas.check.position_rules import METRES_FROM
from atlas.check.projections import guess
from atlas.clean.file_session import FileSession
from atlas.clean.model import Coordinates, Feature, PositionArray
from atlas.errors import InputError
from atlas.geometry.antimeridian_steps import HALF

_SAMPLE = 400
_DEGREES = "OGC:CRS84"
# systems that differ from WGS 84 by less than positions are true
_SAME = ("EPSG:4326", "EPSG:4269", "EPSG:6365", "EPSG:4979")


def mend_crs(session: FileSession) -> None:
    """Reproject where it is certain from what, then remove the members that say so.

    Raises
    ------
    InputError
        The numbers cannot be brought from one system to the other.
    """
    if session.document.in_degrees:
        return
    stated = list(_stated(session))
    if not stated and session.options.crs is None:
        _ask_metres(session)
        return
    names = {name for _, _, name in stated}
    source = session.options.crs or _agreed(names)
    on_globe = all(_on_globe(coords) for one in session.document.kept for coords in one.shapes())
    kept = {"crs-member", "crs-nested"} & session.options.keep
    if source is None or (session.options.crs is None and not _is_degrees(source) and on_globe):
        if not kept:
            _ask(session, stated[0][0], names, source, on_globe=on_globe)
        return
    # metres that lie within 180 are degrees already
    if not _is_degrees(source) and not (source.is_projected and on_globe):
        _reproject(session, source)
    for rule, feature, name in stated:
        if rule not in kept:
            holder = session.document.root if feature is None else feature.value
            for inner in _holders(holder):
                inner.pop("crs", None)
            session.change(feature, rule, name or "crs without a name", "left out", path=("crs",))


def _ask_metres(session: FileSession) -> None:
    """Ask from what system numbers are that are no degrees, as check finds them."""
    rule, options = "crs-projected", session.options
    if rule in options.keep | options.reject:
        return
    longitude: float | None = None
    metres: list[tuple[float, float]] = []
    for one in session.document.kept:
        for coords in one.shapes():
            x, y = next(coords.runs)[0, :2].tolist()
            if is_metres(list(coords.runs)):
                metres.append((x, y))
            elif longitude is None and abs(x) <= HALF:
                longitude = x
    if metres:
        session.ask(rule, f"Metres, not degrees: {guess(metres[:_SAMPLE], longitude)}")


def is_metres(runs: Sequence[PositionArray]) -> bool:
    """Whether no position of several runs is on the globe, and one is far from it."""
    boxes = np.array([[np.abs(run[:, :2]).min(axis=0), np.abs(run[:, :2]).max(axis=0)] for run in runs])
    if boxes[:, 1].max() <= METRES_FROM:
        return False
    return not any(((np.abs(run[:, :2]) <= [180, 90]).all(axis=1)).any() for run in runs)


def _stated(session: FileSession) -> Iterator[tuple[str, Feature | None, str | None]]:
    if "crs" in session.document.root:
        yield "crs-member", None, _name(session.document.root["crs"])
    for one in session.document.kept:
        for name in {_name(holder["crs"]) for holder in _holders(one.value) if "crs" in holder}:
            yield ("crs-member" if session.document.wrapping == "Feature" else "crs-nested"), one, name


def _holders(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever stands there
    """The object and the geometries in it, which may each have a crs."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.append(one.get("geometry"))
            inner = one.get("geometries")
            waiting.extend(inner if isinstance(inner, list) else ())


def _name(crs: Any) -> str | None:  # noqa: ANN401 - whatever stands there
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else crs if isinstance(crs, str) else None
    return name if isinstance(name, str) else None


def _agreed(names: Iterable[str | None]) -> pyproj.CRS | None:
    """The one system that all names mean."""
    systems: list[pyproj.CRS] = []
    for name in names:
        try:
            crs = pyproj.CRS.from_user_input(name or "")
        except CRSError:
            return None
        if not any(crs.equals(known, ignore_axis_order=True) for known in systems):
            systems.append(crs)
    if all(_is_degrees(crs) for crs in systems):
        return systems[0] if systems else None
    return systems[0] if len(systems) == 1 else None


def _is_degrees(crs: pyproj.CRS) -> bool:
    return any(crs.equals(pyproj.CRS(code), ignore_axis_order=True) for code in (_DEGREES, *_SAME))


def _on_globe(coordinates: Coordinates) -> bool:
    return all((np.abs(run[:, :2]) <= [180, 90]).all() for run in coordinates.runs)


def _ask(session: FileSession, rule: str, names: set[str | None], source: pyproj.CRS | None, *, on_globe: bool) -> None:
    stated = " and ".join(sorted(repr(name) for name in names))
    if source is not None:
        why = f"the file says {stated}, but its numbers are degrees: --crs EPSG:4326 if they are"
    elif len(names) > 1:
        why = f"the file says {stated} at once: name the one that is true by --crs EPSG:CODE"
    else:
        what = "degrees, so that it may be --crs EPSG:4326" if on_globe else "no degrees: name it by --crs EPSG:CODE"
        why = f"the file says {stated}, which is no known system; its numbers are {what}"
    session.ask(rule, why, whole_file=True)


def _reproject(session: FileSession, source: pyproj.CRS) -> None:
    transformer = pyproj.Transformer.from_crs(source, _DEGREES, always_xy=True)
    for one in session.document.kept:
        changed = False
        for coords in one.shapes():
            # degrees among metres are degrees already
            if source.is_projected and _on_globe(coords):
                continue
            try:
                coords.parts = [[_moved(transformer, run) for run in part] for part in coords.parts]
            except ProjError as error:
                msg = f"{session.document.path} cannot be brought from {source.name} to degrees ({error}); check --crs"
                raise InputError(msg) from error
            changed = True
        if changed:
            session.move(one, "crs-projected", source.name, "longitude and latitude, EPSG:4326")


def _moved(transformer: pyproj.Transformer, run: Any) -> Any:  # noqa: ANN401 - an array
    lon, lat = transformer.transform(run[:, 0], run[:, 1], errcheck=True)
    return np.column_stack([lon, lat, run[:, 2:]])
