"""`settlements`: GeoNames' places within 100 km of the line, with the names that their countries write.

What positions are taken from is checked against the fact tables and the outlines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import shapely

from atlas.errors import EvidenceError, listed
from atlas.evidence import Evidence
from atlas.geometry.chainage import MeasuredLine
from atlas.layers.layer import Citation, Layer, cited
from atlas.sources import Sources
from atlas.sources.geonames import Town

WITHIN_KM = 100.0
_NEAR_DEG = 0.02
# more than 100 km at these latitudes
_WIDE_DEG = 1.0


def corrected_sources(sources: Sources, evidence: Evidence) -> Sources:
    """The sources with the settlements spelt as ``settlement_names.csv`` has them.

    Raises
    ------
    EvidenceError
        The source calls a settlement neither what the table says that it does, nor by its name already.
    """
    towns, faults = dict(sources.towns), []
    for row in evidence.settlement_names:
        town = towns.get(row.geonameid)
        # a list of one's own may be shorter, or have the right name already
        if town is None or town.name == row.name:
            continue
        if town.name != row.name_in_source:
            faults.append(f"GeoNames {row.geonameid} is called {town.name!r}, expected {row.name_in_source!r}")
        towns[row.geonameid] = replace(town, name=row.name)
    if faults:
        what = "settlement_names.csv does not fit the settlements; correct the rows or the source:"
        raise EvidenceError(listed(what, faults))
    return replace(sources, towns=MappingProxyType(towns))


def towns_by_place(sources: Sources, evidence: Evidence) -> Mapping[str, Town]:
    """The town of each place in ``places.csv``.

    Raises
    ------
    EvidenceError
        A GeoNames id is not in the source, has another name there, or does not lie in the municipality named.
    """
    faults, towns = [], {}
    for row in evidence.places:
        town = sources.towns.get(row.geonameid or 0)
        if town is None:
            faults.append(f"{row.place_id}: GeoNames {row.geonameid} is not in the source")
            continue
        towns[row.place_id] = town
        if town.name != row.name:
            faults.append(f"{row.place_id}: GeoNames {row.geonameid} is called {town.name!r}, expected {row.name!r}")
        area = sources.municipalities.area(row.municipality_cvegeo)
        if shapely.distance(area, shapely.points(town.position)) > _NEAR_DEG:
            faults.append(f"{row.place_id}: {town.name} does not lie in municipality {row.municipality_cvegeo}")
    if faults:
        raise EvidenceError(listed("places.csv does not fit the settlements; correct the rows or the source:", faults))
    return MappingProxyType(towns)


def distances_km(towns: Mapping[int, Town], line: MeasuredLine) -> Mapping[int, float]:
    """How far off the line the settlements are that lie within 100 km of it, in km, by GeoNames id."""
    west, south, east, north = shapely.bounds(shapely.linestrings(line.positions))
    distances = {
        town.geonameid: line.project(town.position)[1] / 1000
        for town in towns.values()
        if west - _WIDE_DEG <= town.longitude <= east + _WIDE_DEG
        and south - _WIDE_DEG <= town.latitude <= north + _WIDE_DEG
    }
    return MappingProxyType({number: km for number, km in distances.items() if km <= WITHIN_KM})


def capitals_of(evidence: Evidence, towns: Mapping[int, Town]) -> Mapping[int, str]:
    """The country that a settlement is the capital of, by GeoNames id.

    Raises
    ------
    EvidenceError
        The source calls a capital otherwise or has it in another country.
    """
    capitals = {row.geonameid: row for row in evidence.capitals if row.geonameid in towns}
    faults = [
        f"GeoNames {number} is {town.name!r} in {town.country}, expected {row.name!r} in {row.country}"
        for number, row in capitals.items()
        if ((town := towns[number]).name, town.country) != (row.name, row.country)
    ]
    if faults:
        what = "capitals.csv does not fit the settlements; correct the rows or the source:"
        raise EvidenceError(listed(what, faults))
    return MappingProxyType({number: row.country for number, row in capitals.items()})


def settlements_layer(sources: Sources, evidence: Evidence, distance_km: Mapping[int, float]) -> Layer:
    """Every place of the source within 100 km of the line, on both sides of it; ``distance_km`` by GeoNames id."""
    capitals = capitals_of(evidence, sources.towns)
    accuracy_m = sources.records["geonames"].accuracy_m
    features = []
    for number, km in distance_km.items():
        town = sources.towns[number]
        properties = {
            "name": town.name,
            "country": town.country,
            "admin1_code": town.admin1,
            "population": town.population or None,
            "capital_of": capitals.get(number),
            "distance_km": round(km, 1),
        }
        citation = Citation(
            source_ids=["geonames", *names_from(evidence, number)],
            as_of=None,
            confidence="seen",
            uncertainty_m=accuracy_m,
            protocol="as in the source",
        )
        features.append(cited(f"settlement-{number:08d}", shapely.points(town.position), properties, citation))
    return Layer.of("settlements", features)


def names_from(evidence: Evidence, geonameid: int) -> tuple[str, ...]:
    """Sources of the name of a settlement that GeoNames spells otherwise; none for others."""
    return next((row.source_ids for row in evidence.settlement_names if row.geonameid == geonameid), ())
