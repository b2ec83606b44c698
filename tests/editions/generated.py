"""A coverage and an edition of it that was changed on purpose, with what was done to it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.editions.edition import Features

REGION = shapely.box(-95, 14, -88, 20)
Row = tuple[str, str, BaseGeometry]
Outcome = tuple[str, str | None, str | None]


@dataclass
class Generated:
    """Two editions, and each change as (kind, old code, new code)."""

    old: list[Row]
    new: list[Row] = field(default_factory=list)
    changes: set[Outcome] = field(default_factory=set)

    def features(self) -> tuple[Features, Features]:
        """Both as they are read."""
        return features("old", self.old), features("new", self.new)


def features(title: str, rows: list[Row]) -> Features:
    """Rows as they are read from a file."""
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [shape for _, _, shape in rows]
    return Features(title, shapes, [{"cvegeo": code, "name": name} for code, name, _ in rows], [None] * len(rows))


def coverage(count: int, seed: int) -> list[Row]:
    """Areas that share all their edges."""
    points = np.random.default_rng(seed).uniform((-95, 14), (-88, 20), (count, 2))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=REGION))
    return [(f"{n:05d}", f"Place {n}", cell) for n, cell in enumerate(shapely.intersection(cells, REGION))]


def generated(seed: int, count: int = 60) -> Generated:
    """A coverage with some of its areas split, merged, renamed, recoded, gone or come."""
    rng, made = random.Random(seed), Generated(coverage(count, seed))  # noqa: S311 - no secret
    tree = shapely.STRtree([row[2] for row in made.old])
    left = dict(enumerate(made.old))
    for number in rng.sample(range(count), count):
        if number in left:
            _change(rng, made, left, tree, number)
    rng.shuffle(made.new)
    return made


def _change(rng: random.Random, made: Generated, left: dict[int, Row], tree: shapely.STRtree, number: int) -> None:
    code, name, area = left.pop(number)
    fresh = str(90_000 + 10 * number)
    match rng.choice([*["unchanged"] * 4, "split", "split anew", "merged", "renamed", "recoded", "gone", "new"]):
        case "split" | "split anew" as how:
            codes = [code if how == "split" else fresh, str(int(fresh) + 1)]
            for one, part in zip(codes, _halves(area, rng.uniform(0.05, 0.95)), strict=True):
                made.new.append((one, name if one == code else f"Part {one}", part))
                made.changes.add(("split", code, one))
        case "merged" if near := [
            n for n in tree.query(area, "intersects").tolist() if n in left and _meet(area, left[n])
        ]:
            other = left.pop(rng.choice(near))
            kept = rng.choice([code, fresh])
            made.new.append((kept, name if kept == code else f"Union {kept}", shapely.union(area, other[2])))
            made.changes |= {("merged", code, kept), ("merged", other[0], kept)}
        case "renamed":
            made.new.append((code, f"{name} de Juárez", area))
            made.changes.add(("renamed", code, code))
        case "recoded":
            made.new.append((fresh, name, area))
            made.changes.add(("recoded", code, fresh))
        case "gone":
            made.changes.add(("gone", code, None))
        case "new":
            # was there all along, but only the new edition has it
            made.old.remove((code, name, area))
            made.new.append((code, name, area))
            made.changes.add(("new", None, code))
        case _:
            made.new.append((code, name, area))
            made.changes.add(("unchanged", code, code))


def _halves(area: BaseGeometry, share: float) -> list[BaseGeometry]:
    west, south, east, north = area.bounds
    cut = west + share * (east - west)
    return [
        area.intersection(shapely.box(west, south, cut, north)),
        area.intersection(shapely.box(cut, south, east, north)),
    ]


def _meet(area: BaseGeometry, row: Row) -> bool:
    return bool(shapely.length(shapely.intersection(area, row[2])) > 0.02)
