"""All layers from all sources, in one go."""

from __future__ import annotations

from collections.abc import Callable

from atlas.evidence import Evidence
from atlas.layers import programmes
from atlas.layers.basemap import Beside, basemap_layer, make_mosaic
from atlas.layers.border import border_layer, reaches_layer
from atlas.layers.border_segments import make_spine
from atlas.layers.containment import Ground, containment_layer
from atlas.layers.corridor import checkpoints_layer, corridor_layer, make_corridor
from atlas.layers.crossings import Gazetteer, formal_layer, vehicular_layer
from atlas.layers.facilities import facilities_layer
from atlas.layers.informal import informal_layer
from atlas.layers.layer import Layer
from atlas.layers.municipalities import municipalities_layer
from atlas.layers.neighbours import neighbour_regions_layer, region_areas
from atlas.layers.outline_areas import Areas
from atlas.layers.railways import railways_layer
from atlas.layers.settlements import capitals_of, corrected_sources, distances_km, settlements_layer, towns_by_place
from atlas.layers.totals import reported_layer
from atlas.layers.trace import trace_border
from atlas.sources import SOUTHERN_STATES, Sources
from atlas.work_steps import PartOfWork

# as many as `build_layers` names
_STEPS = 5


def build_layers(sources: Sources, evidence: Evidence, *, on_layer: Callable[[str], None] | None = None) -> list[Layer]:
    """Make every layer, in the order of ``schema.toml``.

    Raises
    ------
    InputError
        Sources and facts don't fit together.
    GeometryError
        The border cannot be derived from the outlines.
    """
    on_name = on_layer or (lambda _name: None)
    outline, gazetteer = sources.records["inegi_municipalities"], sources.records["geonames"]
    states = dict(zip(sources.states.codes, sources.states.names, strict=True))
    on_name("border")
    spine = make_spine(trace_border(sources, evidence), evidence, accuracy_m=outline.accuracy_m)
    # after the trace, which says better what is missing from outlines with a gap
    sources = corrected_sources(sources, evidence)
    towns = towns_by_place(sources, evidence)
    layers = [
        border_layer(spine, evidence, outline, states),
        reaches_layer(spine, outline),
        municipalities_layer(spine, evidence, outline, states),
    ]
    on_name(PartOfWork("crossings", 1 / _STEPS))
    at_crossings = {row.crossing_id: towns[row.place_id] for row in evidence.crossing_places}
    formal = formal_layer(spine, evidence, Gazetteer(at_crossings, gazetteer))
    informal = informal_layer(spine, evidence)
    layers += [formal, informal, vehicular_layer(formal, informal), reported_layer(spine, evidence)]
    on_name(PartOfWork("corridor, checkpoints, containment", 2 / _STEPS))
    areas = Areas.of(sources.municipalities, sources.states, _placed_in(evidence), accuracy_m=outline.accuracy_m)
    corridor = make_corridor(evidence, towns, gazetteer)
    layers += [corridor_layer(corridor, evidence), checkpoints_layer(corridor, evidence, areas)]
    layers += [
        containment_layer(evidence, Ground(spine, towns, areas, areas.of_states(SOUTHERN_STATES), outline, gazetteer)),
        facilities_layer(evidence, areas),
    ]
    on_name(PartOfWork("railways, neighbours, programmes", 3 / _STEPS))
    mosaic = make_mosaic(sources, spine)
    regions = region_areas(evidence, sources, mosaic, spine)
    layers += [
        railways_layer(evidence, sources),
        neighbour_regions_layer(evidence, regions, sources.records["wdbii_limits"]),
        programmes.programmes_layer(evidence, programmes.Ground(sources.states, mosaic, regions, sources.records)),
    ]
    on_name(PartOfWork("settlements, basemap", 4 / _STEPS))
    near_km = distances_km(sources.towns, spine.line)
    beside = Beside(near_km, capitals_of(evidence, sources.towns))
    layers.append(settlements_layer(sources, evidence, near_km))
    return [*layers, basemap_layer(sources, mosaic, spine, towns, beside=beside)]


def _placed_in(evidence: Evidence) -> frozenset[str]:
    """Codes of the municipalities that something is placed in for want of a finer position."""
    codes = [row.municipality_cvegeo for row in evidence.checkpoints]
    codes += [row.municipality_cvegeo for row in evidence.checkpoint_areas]
    codes += [row.municipality_cvegeo for row in evidence.facilities]
    codes += [row.municipality_cvegeo for row in evidence.facility_areas]
    codes += [code for row in evidence.containment_shapes for code in row.municipalities]
    return frozenset(code for code in codes if code)
