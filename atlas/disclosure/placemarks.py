"""Placemarks of KML as features: their positions, whatever shape holds them, and their data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from atlas.disclosure.scanned_feature import ScannedFeature


def local_name(element: ET.Element) -> str:
    """What an element is called, without its namespace."""
    return element.tag.rpartition("}")[2]


def placemark(where: str, element: ET.Element) -> ScannedFeature:
    """A placemark of KML with all of its positions (longitude, latitude) and its data."""
    properties: dict[str, Any] = {}
    kinds: list[str] = []
    coordinates: list[list[float]] = []
    for inner in element.iter():
        tag = local_name(inner)
        if tag in {"Data", "SimpleData"}:
            value = inner.find("{*}value")
            properties[inner.get("name", "")] = inner.text if value is None else value.text
        elif tag in {"Point", "LineString", "Polygon"}:
            kinds.append(tag)
        elif tag == "coordinates" and inner.text:
            coordinates += _positions(inner.text)
    kind = "Point" if "Point" in kinds else kinds[0] if kinds else None
    shape = {"type": "MultiPoint", "coordinates": coordinates} if coordinates else None
    return ScannedFeature(
        where, element.get("id"), shape, {key: value for key, value in properties.items() if key}, kind
    )


def _positions(text: str) -> Iterator[list[float]]:
    for one in text.split():
        try:
            yield [float(part) for part in one.split(",")[:2]]
        except ValueError:
            continue
