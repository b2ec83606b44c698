"""The features of a release: one of each class that shows a number, one of each rest; of ledger and map alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from atlas.errors import InputError
from atlas.published.sensitivity import Sensitivity
from atlas.release.box_place import PLACE_FIELDS
from atlas.release.boxes import BoxMap
from atlas.release.public_ledger import Ledger
from atlas.release.record_ids import public_id
from atlas.release.wording import CLASS_GENERALISED, CLASS_PROTOCOL, CLASS_WITHHELD, NOISE_GENERALISED, REST_PROTOCOL

CLASS_FIELDS = ("group", "period", "reports_at_least", "remainder", "book", "map")
OPEN_FIELDS = (
    "category",
    "year",
    "month",
    "confidence",
    "policy",
    "note",
    "note_reviewed",
    "photos",
    "photos_reviewed",
)
# every member of ``properties`` that a released feature may have
RELEASED_FIELDS = (
    *CLASS_FIELDS,
    *PLACE_FIELDS,
    *OPEN_FIELDS,
    "sensitivity",
    "coordinateUncertaintyInMeters",
    "georeferenceProtocol",
    "dataGeneralizations",
    "informationWithheld",
)
_HASH_LETTERS = 16


def class_features(ledger: Ledger, boxes: BoxMap) -> list[dict[str, Any]]:
    """A feature of each class that shows a number and of each rest, in the order of their ids.

    Raises
    ------
    InputError
        The ledger names a place that the map does not have.
    """
    return sorted(_features(ledger, boxes), key=lambda feature: str(feature["id"]))


def _features(ledger: Ledger, boxes: BoxMap) -> Iterator[dict[str, Any]]:
    for name, entry in ledger.books.items():
        for key, number in entry.shown.items():
            place, group, period = key.split("|")
            yield _feature(boxes, ledger, (place, group, period, name), number, remainder=False)
        for key, number in entry.rest.items():
            place, group = key.split("|")
            yield _feature(boxes, ledger, (place, group, name, name), number, remainder=True)


def _feature(
    boxes: BoxMap, ledger: Ledger, names: tuple[str, str, str, str], number: int, *, remainder: bool
) -> dict[str, Any]:
    place_id, group, period, book = names
    place = boxes.place(place_id)
    if place is None:
        msg = f"{ledger.path} names {place_id!r}, which is no place of the project's map; restore geodata/boxes.json"
        raise InputError(msg)
    properties = {
        "group": group,
        "period": period,
        "reports_at_least": number,
        "remainder": remainder,
        "book": book,
        "map": boxes.sha256[:_HASH_LETTERS],
        **place.fields,
        "sensitivity": str(Sensitivity.GENERALISED),
        "coordinateUncertaintyInMeters": math.ceil(place.radius_m / 100) * 100,
        "georeferenceProtocol": REST_PROTOCOL if remainder else CLASS_PROTOCOL,
        "dataGeneralizations": NOISE_GENERALISED if "epsilon" in ledger.books[book].terms else CLASS_GENERALISED,
        "informationWithheld": CLASS_WITHHELD,
    }
    content = "|".join(map(str, (*names, number, remainder)))
    return {"type": "Feature", "id": public_id(content, 1), "geometry": place.geometry, "properties": properties}
