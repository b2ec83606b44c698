"""All sources of a refresh, read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from shapely.geometry.base import BaseGeometry

from atlas.border_project import shipped_border
from atlas.errors import UsageError
from atlas.project import SourceOverride
from atlas.sources.geonames import Town, read_towns
from atlas.sources.gshhg import read_lines, read_shores
from atlas.sources.outlines import Outlines, read_outlines
from atlas.sources.source_records import SourceRecord, packaged_files, pinned, pinned_records, replacement_record
from atlas.work_steps import PartOfWork

REGION = shipped_border().box
SOUTHERN_STATES = shipped_border().here.region_parents
_REPLACEABLE = ("inegi_municipalities", "inegi_states", "geonames")


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What the layers are made from; all geometry in degrees (longitude, latitude)."""

    records: Mapping[str, SourceRecord]
    municipalities: Outlines
    states: Outlines
    towns: Mapping[int, Town]
    land: BaseGeometry
    lakes: BaseGeometry
    rivers: list[BaseGeometry]
    borders: list[BaseGeometry]
    limits: list[BaseGeometry]


def read_sources(overrides: Mapping[str, SourceOverride], *, on_read: Callable[[str], None] | None = None) -> Sources:
    """Read every source: packaged ones checked against their hashes, a user's own in their place.

    Parameters
    ----------
    overrides
        Files in place of packaged sources, by key, such as ``inegi_municipalities``.
    on_read
        Is called with the key of each source before it is read.

    Returns
    -------
    Sources
        Outlines, coasts, rivers and settlements in longitude and latitude, with a record of each source.

    Raises
    ------
    SourceError
        A package is missing, a hash is wrong, or a file cannot be used.
    UsageError
        An override names a source that does not exist or cannot be replaced.
    """
    for key in overrides:
        if pinned(key).key not in _REPLACEABLE:
            msg = f"the source {key!r} cannot be replaced; {', '.join(_REPLACEABLE)} can"
            raise UsageError(msg)
    on_title = on_read or (lambda _title: None)
    records: dict[str, SourceRecord] = {}

    def files(key: str) -> tuple[list[Path], SourceOverride | None]:
        override = overrides.get(key)
        records[key] = replacement_record(key, override) if override else pinned(key)
        on_title(PartOfWork(records[key].title, (len(records) - 1) / len(pinned_records())))
        return ([override.path] if override else packaged_files(records[key])), override

    (mun,), mun_override = files("inegi_municipalities")
    municipalities = read_outlines(mun, mun_override, digits=5, states=SOUTHERN_STATES)
    (ent,), ent_override = files("inegi_states")
    states = read_outlines(ent, ent_override, digits=2)
    (towns,), _ = files("geonames")
    places = read_towns(towns, box=REGION)
    land, lakes = read_shores(*files("gshhg_shores")[0], box=REGION)
    borders = read_lines(*files("wdbii_borders")[0], box=REGION)
    limits = read_lines(*files("wdbii_limits")[0], box=REGION)
    rivers = read_lines(*files("wdbii_rivers")[0], box=REGION)
    ordered = {key: records[key] for key in pinned_records()}
    return Sources(
        MappingProxyType(ordered),
        municipalities,
        states,
        MappingProxyType(places),
        land,
        lakes,
        rivers,
        borders,
        limits,
    )
