"""What a team gets told: a gate that shows nothing passes every attack and is of no use.

The shares are those that were measured when the gate was built, less two points.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import numpy as np
import pytest

from atlas.release.book import Book, grouping_for, level_for
from atlas.release.books import disclose
from atlas.release.box_labels import Label
from atlas.release.boxes import BoxMap
from atlas.release.ground import Ground
from atlas.release.public_ledger import Ledger
from atlas.release.terms import Policy

CATEGORIES = (
    *(["informal_crossing"] * 8 + ["vehicular_crossing", "shelter", "shelter", "service"]),
    *(["incident"] * 3 + ["hazard", "checkpoint", "checkpoint", "observation", "observation", "other"]),
)
TOWNS_KM = (
    *(8, 12, 22, 33, 41, 47, 55, 66, 75, 97, 103, 107, 118, 140, 165, 180, 240, 255, 300, 360, 430, 520, 560, 640),
    *(662, 700, 740, 800, 900, 1050, 1140),
)


def _spot(ground: Ground, dice: random.Random, kind: str) -> tuple[float, float]:
    """Where a trip goes: to a town on the line, to the corridor, or anywhere in a border municipality."""
    draw = dice.random()
    if kind == "sparse" and draw < 0.6:
        lon, lat = ground.border.at(dice.uniform(1, 1150))
    elif kind != "sparse" and draw < 0.7:
        weights = [1 / (rank + 1) ** 1.1 for rank in range(len(TOWNS_KM))]
        towns = random.Random(7).sample(TOWNS_KM, len(TOWNS_KM))  # noqa: S311 - made-up records
        km = dice.choices(towns, weights)[0] + dice.gauss(0, 2)
        lon, lat = ground.border.at(min(max(km, 0.2), 1150))
    elif kind != "sparse" and draw < 0.85:
        lon, lat = (float(part) for part in dice.choice(list(ground.corridor.positions)))
    else:
        west, south, east, north = dice.choice(ground.municipalities).shape.bounds
        lon, lat = dice.uniform(west, east), dice.uniform(south, north)
    return lon + dice.gauss(0, 0.012), lat + dice.gauss(0, 0.012)


def _labels(ground: Ground, boxes: BoxMap, kind: str, count: int, seed: int) -> list[Label]:
    """Synthetic trips of one year, each with a few notes of one day."""
    dice = random.Random(f"{kind}{count}{seed}")  # noqa: S311 - made-up records
    spots, about = [], []
    while len(spots) < count:
        month = dice.choice((3, 3, 3, 4, 4, 5, 10, 11)) if kind == "seasonal" else dice.randint(1, 12)
        day, (lon, lat) = date(2025, month, dice.randint(1, 28)), _spot(ground, dice, kind)
        for _ in range(1 + int(dice.expovariate(0.5))):
            spots.append((lon + dice.gauss(0, 0.014), lat + dice.gauss(0, 0.014)))
            about.append((dice.choice(CATEGORIES), day))
    atoms = boxes.atoms_at(np.array(spots[:count]))
    return [Label(atom, *one, "") for atom, one in zip(atoms, about, strict=False) if atom]


@pytest.mark.parametrize(
    ("count", "kind", "at_once", "closed"),
    [
        (150, "clustered", 29, 56),
        (150, "sparse", 1, 50),
        (600, "clustered", 56, 75),
        (600, "sparse", 30, 62),
        (600, "seasonal", 54, 76),
        (5000, "clustered", 76, 85),
        (5000, "sparse", 62, 77),
    ],
)
def test_most_of_what_a_team_noted_is_told(  # noqa: PLR0913, PLR0917 - the rows of a table
    ground: Ground, boxes: BoxMap, policy: Policy, count: int, kind: str, at_once: int, closed: int
) -> None:
    book = Book(2025, count, level_for(count), grouping_for(count))
    chosen = replace(policy, books=MappingProxyType({2025: book}), usual=None)
    shares = []
    for seed in (1, 2, 3):
        labels = _labels(ground, boxes, kind, count, seed)
        made = disclose(labels, chosen, boxes, Ledger("x", boxes.sha256), today=date(2026, 4, 1), close=(2025,))
        entry = made.ledger.books["2025"]
        days = sum(len(each.days) for counted in made.counts for each in counted.counts.values())
        shares.append((100 * sum(entry.shown.values()) / days, 100 * sum(entry.rest.values()) / days))
    shown, rest = np.mean(shares, axis=0)
    assert shown >= at_once
    assert shown + rest >= closed
