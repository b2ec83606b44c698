"""Places that somebody saved, labelled or reviewed in Google Maps, as Takeout gives them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlas.field.readers import angles
from atlas.field.readers.cell_values import text
from atlas.field.readers.fault import RowFaultError
from atlas.geojson.geometries import coordinates_in, point

# of now, and of before 2023
_LINKS = ("google_maps_url", "Google Maps URL")
_PLACES = ("location", "Location")
_NAMES, _ADDRESSES = ("name", "Business Name"), ("address", "Address")
_COORDINATES = "Geo Coordinates"


def is_saved_place(properties: Mapping[str, Any]) -> bool:
    """Whether a feature is one of these."""
    return any(isinstance(properties.get(name), str) for name in _LINKS)


def saved_place(properties: Mapping[str, Any], geometry: Any) -> tuple[dict[str, Any], Any]:  # noqa: ANN401 - any JSON
    """Columns and the geometry of such a feature: its name is one, and its position may stand in its link only.

    Raises
    ------
    RowFaultError
        Its position stands nowhere, and can be had only from Google.
    """
    columns = dict(properties)
    of_link = {name: columns.pop(name) for name in _LINKS if name in columns}
    for member in _PLACES:
        if isinstance(place := columns.get(member), Mapping):
            del columns[member]
            columns |= _named(place, columns)
            geometry = _given(place) if geometry is None or _is_unset(geometry) else geometry
    if geometry is None or _is_unset(geometry):
        longitude, latitude, uncertainty_m = _in_link(str(next(iter(of_link.values()))))
        geometry = point(longitude, latitude)
        columns |= {"accuracy": uncertainty_m} if uncertainty_m else {}
    return {**columns, **of_link}, geometry


def _named(place: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """What a place is called, and the rest of what is said of it under names that nothing else has."""
    used = {*_NAMES, *_ADDRESSES, _COORDINATES}
    words = [text(place.get(name)) for name in (*_NAMES, *_ADDRESSES)]
    beside = {f"location_{name}": value for name, value in place.items() if name not in used}
    title = text(columns.get("Title"))
    named = dict.fromkeys(one for one in (title, *words) if one)
    return {**beside, **({"Title" if title else "name": "\n".join(named)} if named else {})}


def _is_unset(geometry: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a place is where Google puts what it has no position of."""
    position = coordinates_in(geometry) if isinstance(geometry, Mapping) else None
    return isinstance(position, list) and len(position) > 1 and not any(position[:2])


def _given(place: Mapping[str, Any]) -> dict[str, Any] | None:
    stated = place.get(_COORDINATES)
    if not isinstance(stated, Mapping):
        return None
    longitude = angles.angle(stated.get("Longitude"), "longitude")
    latitude = angles.angle(stated.get("Latitude"), "latitude")
    return point(longitude, latitude) if longitude is not None and latitude is not None else None


def _in_link(link: str) -> tuple[float, float, float | None]:
    try:
        longitude, latitude, uncertainty_m = angles.pair(link)
    except RowFaultError as fault:
        msg = (
            f"it stands at 0, 0, which is no place, and its link has no position ({link[:200]}); open the link, and "
            "write the position into the geometry"
        )
        raise RowFaultError(msg) from fault
    return longitude, latitude, uncertainty_m
