"""`railways`: lines straight from named station to named station, and the settlements that stations are placed at.

A line claims no position: it says which settlements it joins and in which order. A station that no settlement of
GeoNames bears the name of stays in the list of its line, and the line passes it by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import shapely

from atlas.errors import EvidenceError, listed
from atlas.evidence import Evidence
from atlas.evidence.surroundings import Railway, RailwayStation
from atlas.layers.layer import Citation, Layer, cited, years_of
from atlas.sources import Sources
from atlas.sources.geonames import Town

_NEAR_DEG = 0.02
_LEAST_STATIONS = 2
_AS_LINE = "schematic: straight between the settlements that its stations are placed at; the track is longer"
_AS_STATION = "at the GeoNames settlement that the station is named after or said to be in; not at the station itself"
_NOT_DRAWN = "not drawn: fewer than two of its stations could be placed"
_NO_STATIONS = "not drawn: the sources name no stations"


def railways_layer(evidence: Evidence, sources: Sources) -> Layer:
    """One feature a line or section, and one a settlement with stations.

    Raises
    ------
    EvidenceError
        A station's settlement is not in GeoNames, has another name there, or does not lie in the state named.
    """
    towns = _towns_by_id(evidence.railway_stations, sources)
    names = {row.railway_id: row.name for row in evidence.railways}
    lines = [_line(row, evidence, towns) for row in evidence.railways]
    return Layer.of("railways", [*lines, *_stations(evidence, towns, names)])


def _towns_by_id(stations: Sequence[RailwayStation], sources: Sources) -> Mapping[int, Town]:
    towns: dict[int, Town] = {}
    faults: list[str] = []
    for row in stations:
        where = f"{row.railway_id}, {row.station}"
        if row.geonameid is None:
            continue
        town = sources.towns.get(row.geonameid)
        if town is None:
            faults.append(f"{where}: GeoNames {row.geonameid} is not in the source")
            continue
        towns[row.geonameid] = town
        if town.name != row.place_name:
            faults.append(f"{where}: GeoNames {row.geonameid} is called {town.name!r}, expected {row.place_name!r}")
        if row.state_code is None:
            faults.append(f"{where}: a station with a settlement needs its state_code")
        elif shapely.distance(sources.states.area(row.state_code), shapely.points(town.position)) > _NEAR_DEG:
            faults.append(f"{where}: {town.name} does not lie in state {row.state_code}")
    if faults:
        what = "railway_stations.csv does not fit the settlements; correct the rows or the source:"
        raise EvidenceError(listed(what, faults))
    return towns


def _line(row: Railway, evidence: Evidence, towns: Mapping[int, Town]) -> dict[str, Any]:
    stations = _of_line(row.railway_id, evidence)
    placed = list(dict.fromkeys(towns[one.geonameid].position for one in stations if one.geonameid is not None))
    drawn = len(placed) >= _LEAST_STATIONS
    unplaced = [one.station for one in stations if one.geonameid is None]
    ids = [*row.source_ids, *(source for one in stations for source in one.source_ids)]
    properties = {
        "part": "line",
        "name": row.name,
        "operator": row.operator,
        "status": row.status,
        "since": row.since,
        "stations": [one.station for one in stations] or None,
        "stations_unplaced": unplaced or None,
        "lines": None,
        "hedge": row.hedge,
        "note": row.note,
    }
    citation = Citation(
        source_ids=ids,
        as_of=years_of(evidence, row.source_ids),
        confidence=row.confidence,
        uncertainty_m=None,
        protocol=_AS_LINE if drawn else _NOT_DRAWN if stations else _NO_STATIONS,
    )
    shape = shapely.linestrings(placed) if drawn else None
    return cited(f"railway-{row.railway_id.replace('_', '-')}", shape, properties, citation)


def _of_line(railway_id: str, evidence: Evidence) -> list[RailwayStation]:
    rows = [row for row in evidence.railway_stations if row.railway_id == railway_id]
    return sorted(rows, key=lambda row: row.position)


def _stations(evidence: Evidence, towns: Mapping[int, Town], names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """One feature a settlement, whatever the number of lines that stop there."""
    for geonameid, town in towns.items():
        rows = [row for row in evidence.railway_stations if row.geonameid == geonameid]
        properties = {
            "part": "station",
            "name": " / ".join(dict.fromkeys(row.station for row in rows)),
            "operator": None,
            "status": None,
            "since": None,
            "stations": None,
            "stations_unplaced": None,
            "lines": [names[row.railway_id] for row in rows],
            "hedge": None,
            "note": _joined(row.note for row in rows),
        }
        ids = [source for row in rows for source in row.source_ids]
        citation = Citation(
            source_ids=ids,
            as_of=years_of(evidence, ids),
            confidence=rows[0].confidence,
            # where in or beside the settlement the station stands is not said
            uncertainty_m=None,
            protocol=_AS_STATION,
        )
        yield cited(f"railway-station-{geonameid:08d}", shapely.points(town.position), properties, citation)


def _joined(notes: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(note for note in notes if note)) or None
