"""All fact tables at once: either every rule holds, or one error lists what is wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.border_project.expected_region import Region, region, region_of
from atlas.errors import EvidenceError, listed
from atlas.evidence.card_series import check_series, with_series
from atlas.evidence.checks import check_tables
from atlas.evidence.claim_rules import check_claims
from atlas.evidence.decisions import PublicationDecision
from atlas.evidence.historical_records import Deployment, Event, Flow, Institution
from atlas.evidence.history_checks import check_history
from atlas.evidence.module_tables import refuse_missing_tables
from atlas.evidence.observed import ClaimValidity, CrossingHours, Observation, PublishedStatement
from atlas.evidence.observed_checks import check_observed
from atlas.evidence.placings import (
    BorderEnd,
    BorderRiver,
    CheckpointArea,
    ClaimCheck,
    ContainmentShape,
    CorridorReading,
    CorridorStop,
    CrossingPlace,
    FacilityArea,
    Place,
    TotalExtent,
)
from atlas.evidence.publication import check_decisions
from atlas.evidence.records import (
    BorderLength,
    BorderSegment,
    CardSeries,
    Checkpoint,
    Claim,
    Containment,
    Facility,
    FormalCrossing,
    InformalCrossingsCount,
    Municipality,
    NamedInformalCrossing,
    PartialCount,
    ReportedTotal,
    Source,
    VisitorCards,
)
from atlas.evidence.rows import read_table
from atlas.evidence.statements import check_statements
from atlas.evidence.surroundings import Capital, NeighbourRegion, Programme, Railway, RailwayStation, SettlementName
from atlas.evidence.tables import TABLES
from atlas.evidence.tombstones import Tombstone, check_tombstones
from atlas.files import sha256_of_file
from atlas.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsourcedRow:
    """A row that no source stands behind, as written; kept so that nobody adds it again, never shown as a fact."""

    table: str
    line: int
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All fact tables: one tuple a table in the order of the file, sources by id."""

    sources: Mapping[str, Source]
    municipalities: tuple[Municipality, ...]
    crossings_formal: tuple[FormalCrossing, ...]
    crossings_informal_named: tuple[NamedInformalCrossing, ...]
    crossings_informal_counts: tuple[InformalCrossingsCount, ...]
    crossings_totals: tuple[ReportedTotal | PartialCount, ...]
    checkpoints: tuple[Checkpoint, ...]
    border_lengths: tuple[BorderLength, ...]
    border_definition: tuple[BorderSegment, ...]
    border_ends: tuple[BorderEnd, ...]
    border_rivers: tuple[BorderRiver, ...]
    containment: tuple[Containment, ...]
    containment_shapes: tuple[ContainmentShape, ...]
    facilities: tuple[Facility, ...]
    facility_areas: tuple[FacilityArea, ...]
    claims: tuple[Claim, ...]
    visitor_cards: tuple[VisitorCards, ...]
    visitor_card_series: tuple[CardSeries, ...]
    events: tuple[Event, ...]
    institutions: tuple[Institution, ...]
    deployments: tuple[Deployment, ...]
    flows: tuple[Flow, ...]
    observations: tuple[Observation, ...]
    published_statements: tuple[PublishedStatement, ...]
    crossing_hours: tuple[CrossingHours, ...]
    claim_validity: tuple[ClaimValidity, ...]
    places: tuple[Place, ...]
    crossing_places: tuple[CrossingPlace, ...]
    corridor_route: tuple[CorridorStop, ...]
    corridor_readings: tuple[CorridorReading, ...]
    checkpoint_areas: tuple[CheckpointArea, ...]
    totals_extent: tuple[TotalExtent, ...]
    claim_checks: tuple[ClaimCheck, ...]
    railways: tuple[Railway, ...]
    railway_stations: tuple[RailwayStation, ...]
    settlement_names: tuple[SettlementName, ...]
    capitals: tuple[Capital, ...]
    neighbour_regions: tuple[NeighbourRegion, ...]
    programmes: tuple[Programme, ...]
    publication_decisions: tuple[PublicationDecision, ...]
    tombstones: tuple[Tombstone, ...]
    unsourced: tuple[UnsourcedRow, ...]


def project_evidence(project: Project) -> Evidence:
    """The fact tables of a project; one with a border of its own has those that somebody wrote.

    Parameters
    ----------
    project
        Where the tables are.

    Returns
    -------
    Evidence
        One tuple a table, empty where there is none.

    Raises
    ------
    EvidenceError
        As in `load_evidence`, or a table is missing that one of the project's modules needs.
    """
    with region_of(project.described):
        evidence = load_evidence(project.evidence_dir, optional=project.border is not None)
    if project.border is not None:
        refuse_missing_tables(project.evidence_dir, project.border)
    return evidence


def load_evidence(folder: Path, *, optional: bool = False) -> Evidence:
    """Read every fact table in ``folder``.

    Rows that no source stands behind (confidence ``not_found``; ``general`` or ``computed`` without a source) are kept
    apart in ``unsourced``. Any other row without a source is refused, and so are a sum of partial counts (see
    ``checks``) and a sensitive row that nobody has decided on (see ``publication``).

    Parameters
    ----------
    folder
        The folder of the fact tables, such as ``geodata/evidence/``.
    optional
        Whether a table may be missing or have no rows, as in a project of another border.

    Returns
    -------
    Evidence
        One tuple a table, in the order of the file.

    Raises
    ------
    EvidenceError
        Tables are missing or break their rules; the message lists the faults by file, line and column.

    Examples
    --------
    >>> from pathlib import Path
    >>> from atlas.evidence import load_evidence
    >>> evidence = load_evidence(Path("geodata/evidence"))
    >>> len(evidence.municipalities)
    23
    """
    if not folder.is_dir() and not optional:
        msg = f"{folder} is not a folder of fact tables; give the folder that holds sources.csv"
        raise EvidenceError(msg)
    contents = _contents(folder, optional=optional)
    kept = [each.evidence for each in _KEPT if each.contents == contents and each.region == region()]
    if kept:
        return kept[0]
    evidence = _read(folder, optional=optional)
    # a table that was written meanwhile is read again
    if contents is not None and contents == _contents(folder, optional=optional):
        _KEPT.append(_Kept(contents, region(), evidence))
    return evidence


@dataclass(frozen=True, slots=True)
class _Kept:
    contents: tuple[str | bool | None, ...]
    region: Region
    evidence: Evidence


# an audit, a release or a build asks for the same tables several times
_KEPT: deque[_Kept] = deque(maxlen=2)


def _contents(folder: Path, *, optional: bool) -> tuple[str | bool | None, ...] | None:
    """What stands in the tables, by hash, and whether all have to be there; nothing where one cannot be read."""
    paths = [folder / table.file for table in TABLES]
    try:
        return (optional, *(sha256_of_file(path) if path.exists() else None for path in paths))
    except OSError:
        return None


def _read(folder: Path, *, optional: bool) -> Evidence:
    tables = [table.of_project() if optional else table for table in TABLES]
    readings = {table.name: read_table(folder, table, optional=optional) for table in tables}
    faults = [fault for reading in readings.values() for fault in reading.faults]
    faults += check_tables(readings)
    faults += check_history(readings)
    faults += check_observed(readings)
    faults += check_decisions(readings)
    faults += check_statements(readings)
    faults += check_series(readings)
    faults += check_claims(readings)
    faults += check_tombstones(readings)
    if faults:
        counted = f"{len(faults)} fault{'s' * (len(faults) > 1)}"
        raise EvidenceError(listed(f"the fact tables in {folder} cannot be used ({counted}):", faults))
    facts: dict[str, Any] = {}
    unsourced: list[UnsourcedRow] = []
    for name, reading in readings.items():
        record = with_series(readings) if name == "visitor_cards" else reading.table.record
        facts[name] = tuple(record(**row.values) for row in reading.rows if row.sourced)
        unsourced += (
            UnsourcedRow(table=name, line=row.line, row=MappingProxyType(dict(row.cells)))
            for row in reading.rows
            if not row.sourced
        )
    facts["sources"] = MappingProxyType({source.source_id: source for source in facts["sources"]})
    return Evidence(**facts, unsourced=tuple(unsourced))
