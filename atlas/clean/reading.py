"""Reads a file of any make into features with coordinates as arrays; what is no GeoJSON is one clear error."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from atlas.check import RULES
from atlas.check.model import Finding, Findings
from atlas.clean.ledger import Ledger
from atlas.clean.map_document import map_document
from atlas.clean.model import Coordinates, Document, Feature, PositionArray
from atlas.clean.options import Options
from atlas.errors import InputError, listed
from atlas.geojson.file_text import file_text
from atlas.geojson.geometries import DEPTHS, TYPES
from atlas.geojson.lazy_json import CoordinateStubs, coordinate_stubs, decoded
from atlas.geojson.model import Item
from atlas.geojson.streaming import Reader, Root
from atlas.vector.file_format import FileFormat
from atlas.vector.source import open_source

# of a position; what has more is no position
_MOST_NUMBERS = 16
SEQUENCES = ("json-trailing", "json-sequence")


def read_path(path: Path, ledger: Ledger, options: Options) -> Document:
    """Read one file of any format.

    Raises
    ------
    InputError
        It cannot be opened, is of no format that is read, or damaged.
    """
    with open_source(path) as source:
        if source.form is FileFormat.GEOJSON:
            return read_document(source.named, ledger, encoding=options.encoding, at=source.path)
        return map_document(source, ledger, options)


def read_document(path: Path, ledger: Ledger, *, encoding: str | None = None, at: Path | None = None) -> Document:
    """Read a GeoJSON file, which lies elsewhere where it was in a zip (``at``).

    Raises
    ------
    InputError
        It cannot be opened, is not JSON, or not GeoJSON.
    """
    try:
        held = file_text(at or path)
        data = (at or path).read_bytes() if held is None else held.whole()
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}); give the path of a GeoJSON file"
        raise InputError(msg) from error
    text = decoded(str(path), data, encoding)
    stubs = coordinate_stubs(text.data)
    document = _document(path, data, stubs) or _document(path, data, CoordinateStubs(text.data))
    if document is None:
        msg = f"{path} could not be read"
        raise InputError(msg)
    if text.rule:
        ledger.add(path.name, text.rule, None, text.before, "UTF-8 without mark")
        document.rebuilt = True
    if document.wrapping in SEQUENCES:
        write_down_sequence(ledger, path.name, document.wrapping)
        document.wrapping, document.rebuilt = "FeatureCollection", True
    if held is not None and text.data is data:
        document.data = stubs.data = held
    return document


def write_down_sequence(ledger: Ledger, file: str, rule: str) -> None:
    """Say that features one after the other become a collection; ``rule`` is the one that they break."""
    ledger.add(file, rule, None, "features one after the other", "one FeatureCollection")


@dataclass(slots=True)
class _Read:
    """What a reader made of a text."""

    features: list[Feature]
    root: Root
    findings: list[Finding] = field(default_factory=list)


def _document(path: Path, data: bytes, stubs: CoordinateStubs) -> Document | None:
    """The document; nothing where long coordinates are no JSON, so that the whole text must be looked at."""
    try:
        parsed = _read(stubs)
    except ValueError:
        return None
    rules = [one.rule for one in parsed.findings]
    if parsed.root.is_sequence and rules[1:] == [] and all(_is_feature(one.value) for one in parsed.features):
        return Document(path, data, parsed.features, {"type": "FeatureCollection"}, rules[0])
    if parsed.findings:
        if stubs.spans:
            return None
        raise InputError(_refusal(path, parsed.findings))
    root = parsed.root
    kind = root.members.get("type") if root.is_object else None
    if kind == "FeatureCollection" and root.has_features:
        return Document(path, data, parsed.features, dict(root.members), "FeatureCollection")
    if kind == "Feature" and not root.has_features:
        whole = Item(0, root.line, root.members, stubs.text.decode().strip())
        return _single(path, data, stubs, whole, {}, "Feature")
    if kind in TYPES and not root.has_features:
        members = {key: value for key, value in root.members.items() if key != "crs"}
        crs = {"crs": root.members["crs"]} if "crs" in root.members else {}
        whole = Item(0, root.line, {"type": "Feature", "geometry": members, "properties": None})
        return _single(path, data, stubs, whole, crs, "geometry")
    raise InputError(_not_geojson(path, data))


def _read(stubs: CoordinateStubs) -> _Read:
    """The features with their coordinates as arrays, one by one, so that lists are held of one feature only.

    Raises
    ------
    ValueError
        Long coordinates are no JSON.
    """
    findings = Findings(RULES)
    reader = Reader(io.BytesIO(stubs.text), findings)
    features = [feature_of(item, stubs) for item in reader.items()]
    return _Read(features, reader.root, findings.kept)


def feature_of(item: Item, stubs: CoordinateStubs) -> Feature:
    """A feature with its coordinates as arrays.

    Raises
    ------
    ValueError
        Long coordinates are no JSON.
    """
    _take_coordinates(item.value, stubs)
    text = item.text.encode("utf-8", "surrogatepass")
    return Feature(item.index or 0, item.line or 1, item.value, text, stubs)


def _single(  # noqa: PLR0913, PLR0917 - what a document has
    path: Path, data: bytes, stubs: CoordinateStubs, item: Item, root: dict[str, Any], wrapping: str
) -> Document | None:
    """A file that is one feature, or one geometry."""
    try:
        return Document(path, data, [feature_of(item, stubs)], dict(root), wrapping)
    except ValueError:
        return None


def _take_coordinates(value: Any, stubs: CoordinateStubs) -> None:  # noqa: ANN401 - whatever stands among the features
    """Make arrays of all coordinates that are as they should be, and lists of the others."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(inner for inner in one if isinstance(inner, dict | list))
        elif isinstance(one, dict):
            held = one.get("coordinates")
            number = stubs.number_of(held)
            kind = one.get("type")
            if number is not None:
                held = one["coordinates"] = _long(kind, stubs, number)
            if isinstance(held, list) and isinstance(kind, str):
                one["coordinates"] = coordinates_of(kind, held, trusted=number is not None) or held
            waiting.extend(inner for inner in one.values() if isinstance(inner, dict | list))


def _long(kind: object, stubs: CoordinateStubs, number: int) -> Coordinates | list[Any]:
    """Long coordinates as arrays, or as lists where they are not as they should be, or not so long.

    Raises
    ------
    ValueError
        They are no JSON.
    """
    depth = DEPTHS.get(kind, 0) if isinstance(kind, str) else 0
    runs = stubs.runs(number, depth, lambda ring: _run(ring, trusted=True), _joined) if depth else None
    if runs is not None:
        lists: Any = [[runs]] if depth == 1 else [runs] if kind == "Polygon" else runs
        return Coordinates([[one] for one in lists] if kind == "MultiLineString" else lists)
    array: list[Any] = stubs.array(number)
    return array


def _joined(runs: Sequence[PositionArray]) -> PositionArray | None:
    return np.concatenate(runs) if len({run.shape[1] for run in runs}) == 1 else None


def coordinates_of(kind: str, value: list[Any], *, trusted: bool = False) -> Coordinates | None:
    """Coordinates as arrays; nothing where anything is not as it should be."""
    depth = DEPTHS.get(kind)
    if depth is None or not value:
        return None
    lists: Any = value if depth == 3 else [value] if depth == 2 and kind == "Polygon" else None  # noqa: PLR2004 - arrays
    if lists is None:
        lists = [[[value]]] if depth == 0 else [[value]] if depth == 1 else [[line] for line in value]
    parts: list[list[PositionArray]] = []
    for rings in lists:
        if not isinstance(rings, list) or not rings:
            return None
        runs = [_run(ring, trusted=trusted) for ring in rings]
        if any(run is None for run in runs):
            return None
        parts.append([run for run in runs if run is not None])
    return Coordinates(parts)


def _run(ring: Any, *, trusted: bool) -> PositionArray | None:  # noqa: ANN401 - whatever stands there
    """Positions of as many numbers each, two or more."""
    if not isinstance(ring, list) or not ring or set(map(type, ring)) != {list}:
        return None
    sizes = set(map(len, ring))
    if len(sizes) > 1 or not 2 <= min(sizes) <= _MOST_NUMBERS:  # noqa: PLR2004 - longitude, latitude
        return None
    if not trusted and not set(map(type, chain.from_iterable(ring))) <= {int, float}:
        return None
    try:
        count = len(ring) * len(ring[0])
        run: PositionArray = np.fromiter(chain.from_iterable(ring), dtype=np.float64, count=count)
    except (TypeError, ValueError, OverflowError):
        return None
    # in place, as a view would be an object more for each run
    run.resize((len(ring), len(ring[0])), refcheck=False)
    return run if np.isfinite(run).all() else None


def _is_feature(value: object) -> bool:
    return isinstance(value, dict) and value.get("type") == "Feature"


def _refusal(path: Path, findings: Sequence[Finding]) -> str:
    faults = [f"{one.rule}{f' (line {one.line:,})' if one.line else ''}: {one.message}" for one in findings]
    return listed(f"{path} cannot be cleaned, since what was meant would be a guess; nothing was written:", faults)


def _not_geojson(path: Path, data: bytes) -> str:
    """What check says about a file that is JSON, but no GeoJSON."""
    from atlas.check.checker import check_stream  # noqa: PLC0415 - only on the way out

    report = check_stream(path, io.BytesIO(data), len(data))
    return _refusal(path, [one for one in report.findings if one.rule in {"root-type", "features-missing"}])
