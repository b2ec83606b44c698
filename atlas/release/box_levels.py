"""Puts boxes together into zones, sections and parts, each a union of the ones before.

- *zone*: boxes along the border or the corridor, in sequence, until they hold 50 km of it; elsewhere the boxes of one
  h3 cell of resolution 4;
- *section*: four zones of the border (some 200 km); the corridor; elsewhere an h3 cell of resolution 3;
- *part*: the border, the corridor, the land elsewhere, and the land beyond the line where it has boxes.

*Why it is right.* A level that is a union of whole places of the level below can't cut one of them: what two levels say
of one record meets in the finer of the two places and never in less. A rest at the end joins what is before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BOX, ZONE, SECTION, PART = "box", "zone", "section", "part"
LEVELS = (BOX, ZONE, SECTION, PART)
PARTS = ("border", "corridor", "inland", "beyond")
ZONE_KM, ZONES_A_SECTION = 50.0, 4
# each of the reaches may be some metres short
_SHORT_KM = 0.1
# of the h3 grid: atoms away from the lines, and what they are put together by
CELL = 5
_ZONE_CELL, _SECTION_CELL = 4, 3


@dataclass(frozen=True, slots=True)
class Levels:
    """The next coarser place of each: box to zone, zone to section, section to part."""

    zones: Mapping[str, str]
    sections: Mapping[str, str]
    parts: Mapping[str, str]


def levels_of(boxes: Iterable[str], km: Mapping[str, float], beyond: frozenset[str]) -> Levels:
    """The levels of boxes.

    Parameters
    ----------
    km
        How much of the border a box of the border holds, and of the corridor one of the corridor.
    beyond
        Boxes on the neighbours' land.
    """
    names = sorted(boxes)
    runs = {letter: _runs([name for name in names if name[0] == letter], km) for letter in "RC"}
    zones = {box: run[0] for letter in "RC" for run in runs[letter] for box in run}
    border_zones = [run[0] for run in runs["R"]]
    sections = {zone: run[0] for run in _by_count(border_zones, ZONES_A_SECTION) for zone in run}
    parts = {sections[zone]: "border" for zone in border_zones}
    if corridor := [run[0] for run in runs["C"]]:
        sections |= dict.fromkeys(corridor, corridor[0])
        parts[corridor[0]] = "corridor"
    for name in names:
        if name[0] not in "RC":
            zone, section, part = _of_cell(name, beyond=name in beyond)
            zones[name], sections[zone], parts[section] = zone, section, part
    return Levels(zones, sections, parts)


def _runs(boxes: Sequence[str], km: Mapping[str, float]) -> list[list[str]]:
    runs: list[list[str]] = []
    open_run: list[str] = []
    for box in boxes:
        open_run.append(box)
        if sum(km[each] for each in open_run) >= ZONE_KM - _SHORT_KM:
            runs.append(open_run)
            open_run = []
    return _with_rest(runs, open_run)


def _by_count(zones: Sequence[str], count: int) -> list[list[str]]:
    runs = [list(zones[start : start + count]) for start in range(0, len(zones) - len(zones) % count, count)]
    return _with_rest(runs, list(zones[len(zones) - len(zones) % count :]))


def _with_rest(runs: list[list[str]], rest: list[str]) -> list[list[str]]:
    if rest and runs:
        runs[-1] += rest
    elif rest:
        runs.append(rest)
    return runs


def _of_cell(name: str, *, beyond: bool) -> tuple[str, str, str]:
    import h3  # noqa: PLC0415 - needed only where a map is made

    mark = "X" if beyond else ""
    zone, section = (f"{mark}{h3.cell_to_parent(name, resolution)}" for resolution in (_ZONE_CELL, _SECTION_CELL))
    return zone, section, "beyond" if beyond else "inland"
