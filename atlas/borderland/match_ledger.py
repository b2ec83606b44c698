"""The ledger of a border whose two sides were made to meet: each position that moved, with its metres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from atlas._version import __version__
from atlas.border_project import BorderProject
from atlas.borderland.side_units import Units
from atlas.edgematch.edge_ledger import moved_units
from atlas.edgematch.plane import Plane
from atlas.files import sha256_of_file
from atlas.geometry.meridian_frame import MeridianFrame

FILE = "edgematch.json"
# rounding to the decimals of the layers moves a position by up to 0.08 m
LEAST_M = 0.1


@dataclass(frozen=True, slots=True)
class SideMoves:
    """What was moved of one side: an entry for each unit that changed, and units that nothing was left of."""

    units: Units
    moved: Sequence[Mapping[str, Any]]
    lost: tuple[str, ...]


def moves_of(before: Units, after: Units, plane: Plane) -> SideMoves:
    """Compare a side as its file has it with the same side made to meet the other."""
    left = dict(zip(after.codes, after.areas, strict=True))
    kept = before.where([code in left for code in before.codes])
    areas = np.array([left[code] for code in kept.codes], dtype=object)
    titles = [_title(code, name) for code, name in zip(kept.codes, kept.names, strict=True)]
    lost = tuple(_title(code, name) for code, name in zip(before.codes, before.names, strict=True) if code not in left)
    moved = moved_units(kept.areas, areas, titles, plane, least_m=LEAST_M)
    return SideMoves(before, [unit for unit in moved if unit["most_at"]], lost)


def ledger_of(project: BorderProject, moves: Sequence[SideMoves]) -> dict[str, Any]:
    """The ledger as it is written beside the layers; positions are longitude, latitude, metres."""
    line = project.line
    return {
        "atlas": __version__,
        "way": line.way,
        "leader": line.leader,
        "contested": line.contested,
        "tolerance_m": line.tolerance_m,
        "least_m": LEAST_M,
        "sides": [_side(side) for side in moves],
    }


def summary_of(moves: Sequence[SideMoves]) -> str:
    """A sentence on how much was moved and where most."""
    count = sum(unit["moved"] for side in moves for unit in side.moved)
    most = max((unit for side in moves for unit in side.moved), key=lambda unit: unit["most_m"], default=None)
    if most is None:
        return "the outlines meet as they are: no position was moved by more than rounding"
    lon, lat = most["most_at"]
    return (
        f"to make the outlines meet {count:,} positions were moved, by up to {most['most_m']:,.1f} m ({most['unit']}, "
        f"near {MeridianFrame.within(lon):.5f}, {lat:.5f}); geodata/{FILE} has each"
    )


def _side(side: SideMoves) -> dict[str, Any]:
    outline = side.units.side.outline
    most = max(side.moved, key=lambda unit: unit["most_m"], default=None)
    return {
        "code": side.units.side.code,
        "file": outline.source.on_disk.name if outline else None,
        "sha256": sha256_of_file(outline.source.on_disk) if outline else None,
        "units_near": len(side.units.codes),
        "units_lost": list(side.lost),
        "moved": sum(unit["moved"] for unit in side.moved),
        "added": sum(unit["added"] for unit in side.moved),
        "most_m": most["most_m"] if most else 0.0,
        "most_at": most["most_at"] if most else None,
        "units": list(side.moved),
    }


def _title(code: str, name: str) -> str:
    return code if code == name else f"{code} {name}"
