"""`programmes`: the states or regions that a card, a visa, a coordination or a support is said to be for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.clean.area_repair import blunted
from atlas.evidence import Evidence
from atlas.evidence.surroundings import Programme
from atlas.geojson.collection import DECIMALS
from atlas.geometry.coverage import tidied
from atlas.layers.basemap import Mosaic
from atlas.layers.layer import Citation, Layer, cited, rounded_up, years_of
from atlas.sources import SourceRecord
from atlas.sources.outlines import Outlines

# shaded states say which, and not where their limits run
_COARSE_DEG = 0.005
# no less than that at these latitudes
_COARSE_M = 555.0
_SPECK_DEG2 = 1e-4
_HALF = 0.5
_NEEDLE_M = 100.0
_AS_STATES = "whole states, outlines generalised to about 500 m"
_AS_REGIONS = "whole departments or districts, limits generalised to about 300 m"
_NOT_DRAWN = "not drawn: the source names no state or region"


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is shaded: this side's land by state, the neighbours' regions by id, and the sources of their outlines."""

    states: Outlines
    mosaic: Mosaic
    regions: Mapping[str, BaseGeometry]
    records: Mapping[str, SourceRecord]

    def area(self, row: Programme) -> tuple[BaseGeometry | None, SourceRecord | None, str]:
        """The shape of a row's states or regions, the source of it, and how it was placed."""
        if row.states:
            return self._of_states(row.states), self.records["inegi_states"], _AS_STATES
        if row.regions:
            shapes = [part for one in row.regions for part in shapely.get_parts(self.regions[one])]
            return shapely.multipolygons(shapes), self.records["wdbii_limits"], _AS_REGIONS
        return None, None, _NOT_DRAWN

    def _of_states(self, codes: Sequence[str]) -> BaseGeometry:
        """The land of this side less the other states: states drawn one by one leave gaps between them."""
        for code in codes:
            self.states.area(code)
        wanted = np.array([code in codes for code in self.states.codes])
        others, named = (shapely.union_all(self.mosaic.states[mask]) for mask in (~wanted, wanted))
        rest = shapely.get_parts(shapely.difference(self.mosaic.here, others, grid_size=10**-DECIMALS))
        # what gapes between two other states is land of neither, and not of these
        within = shapely.area(shapely.intersection(rest, named)) > _HALF * shapely.area(rest)
        whole = shapely.simplify(shapely.multipolygons(rest[within & (shapely.area(rest) > _SPECK_DEG2)]), _COARSE_DEG)
        return blunted(tidied(shapely.multipolygons(shapely.get_parts(whole)), decimals=DECIMALS), _NEEDLE_M)


def programmes_layer(evidence: Evidence, ground: Ground) -> Layer:
    """One feature a row of ``programmes.csv``; a row whose source names no area has no geometry."""
    return Layer.of("programmes", [_programme(row, evidence, ground) for row in evidence.programmes])


def _programme(row: Programme, evidence: Evidence, ground: Ground) -> dict[str, Any]:
    shape, record, protocol = ground.area(row)
    regions = {region.region_id: region.name for region in evidence.neighbour_regions}
    names = [ground.states.name(code) for code in row.states] + [regions[one] for one in row.regions]
    properties = {
        "name": row.name,
        "programme_kind": row.kind,
        "areas": names or None,
        "since": row.since,
        "until": row.until,
        "term": row.term,
        "hedge": row.hedge,
        "note": row.note,
    }
    citation = Citation(
        source_ids=[*row.source_ids, *([record.evidence_id] if record else [])],
        as_of=years_of(evidence, row.source_ids),
        confidence=row.confidence,
        uncertainty_m=rounded_up(record.accuracy_m + _COARSE_M) if record else None,
        protocol=protocol,
    )
    return cited(f"programme-{row.programme_id.replace('_', '-')}", shape, properties, citation)
