"""Whether generalised features of a user's layer were released: they are the project's own, or a release would pass.

A release is known by what it is made of and not by a mark, which anybody could write. A feature of the registry's
layers is one with the same shape and nothing in its properties that the layer does not say. A class of field records is
one whose place is a place of the project's map of boxes with that place's own shape, in a set that passes the audit of
a release: declared fields only, no day, no contact, a number in steps of k. What passes says no more than what `atlas
release` would have written itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from atlas.admission.user_features import UserFeature
from atlas.published.layers import PublishedLayers
from atlas.published.sensitivity import Sensitivity
from atlas.release.boxes import BOXES_FILE, BoxMap, open_boxes
from atlas.release.terms_reader import load_policy

_DECIMALS = 6
Row = Sequence[UserFeature]


def not_released(rows: Sequence[Row], release: PublishedLayers) -> Iterator[tuple[int, str]]:
    """The numbers of the features that nothing shows to be released, each with the reason.

    Parameters
    ----------
    rows
        The shapes of each feature that calls itself generalised.
    """
    if not rows:
        return
    known = _registered(release)
    rest = [row for row in rows if not _is_registered(row, known)]
    if not rest:
        return
    if not (release.project.geodata / BOXES_FILE).is_file():
        yield from ((row[0].row, "the project has no map of boxes to know them by") for row in rest)
        return
    places = open_boxes(release.project)
    records: list[dict[str, Any]] = []
    for row in rest:
        record = _record(row, places)
        if record is None:
            yield row[0].row, "their shape is not that of a public place"
        else:
            records.append(record)
    if len(records) == len(rest) and (why := _audited(records, release, places)):
        yield from ((row[0].row, why) for row in rest)


def _registered(release: PublishedLayers) -> Mapping[bytes | None, Sequence[Mapping[str, Any]]]:
    """The generalised features of the project's layers by their shape."""
    from shapely.geometry import shape  # noqa: PLC0415

    known: dict[bytes | None, list[Mapping[str, Any]]] = defaultdict(list)
    for name in release.names:
        # a layer says of itself what the strictest of its features is
        if release.record(name)["sensitivity"] == Sensitivity.OPEN:
            continue
        for feature in release.features(name):
            geometry = feature["geometry"]
            known[_key(None if geometry is None else shape(geometry))].append(feature)
    return known


def _is_registered(row: Row, known: Mapping[bytes | None, Sequence[Mapping[str, Any]]]) -> bool:
    return len(row) == 1 and any(_adds_nothing(row[0], feature) for feature in known.get(_key(row[0].shape), ()))


def _adds_nothing(feature: UserFeature, registered: Mapping[str, Any]) -> bool:
    """Whether all that a feature says is said by one of the registry; a GeoDataFrame leaves out what is empty."""
    allowed = {"id": registered["id"], **registered["properties"]}
    return all(value is None or allowed.get(name) == value for name, value in feature.properties.items())


def _record(row: Row, places: BoxMap) -> dict[str, Any] | None:
    """A record as a release writes it; nothing where its shape is not that of the public place that it names."""
    place_id = row[0].properties.get("place")
    place = places.place(place_id) if isinstance(place_id, str) else None
    if len(row) != 1 or place is None or _key(row[0].shape) != _key(place.shape):
        return None
    properties = {name: value for name, value in row[0].properties.items() if value is not None and name != "id"}
    return {"type": "Feature", "id": str(row[0].row), "geometry": place.geometry, "properties": properties}


def _audited(records: Sequence[Mapping[str, Any]], release: PublishedLayers, places: BoxMap) -> str | None:
    """What the audit of a release says of records; nothing where it passes them."""
    from atlas.disclosure import audit_features  # noqa: PLC0415 - it stands above the gate

    policy = load_policy(release.project, allow_lapsed=True)
    findings = audit_features(records, policy, places)
    return f"the audit of a release stops them, {findings[0].what}" if findings else None


def _key(shape: BaseGeometry | None) -> bytes | None:
    """A shape by its positions, wherever its rings begin and whichever way they run."""
    if shape is None:
        return None
    rounded = shapely.transform(shapely.force_2d(shape), lambda positions: positions.round(_DECIMALS))
    return bytes(shapely.to_wkb(shapely.normalize(shapely.remove_repeated_points(rounded))))
