"""Synthetic field records, made up and planted with things that must not leave; and small maps of boxes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from atlas.project import Project, find_project
from atlas.release.box_levels import Levels
from atlas.release.boxes import BoxMap, read_boxes
from atlas.release.ground import Ground, open_ground
from atlas.release.terms import Policy
from atlas.release.terms_reader import default_policy_text, read_policy

Record = dict[str, Any]
SmallMap = Callable[..., BoxMap]
CATEGORIES = ("informal_crossing", "shelter", "incident", "checkpoint", "vehicular_crossing", "formal_crossing")


@pytest.fixture
def project(releasing: Path) -> Project:
    return find_project(releasing)


@pytest.fixture(scope="session")
def ground(repo: Path) -> Ground:
    return open_ground(find_project(repo))


@pytest.fixture(scope="session")
def boxes(boxes_file: Path) -> BoxMap:
    return read_boxes(boxes_file)


@pytest.fixture(scope="session")
def policy() -> Policy:
    return read_policy(default_policy_text(), "the default policy")


@pytest.fixture(scope="session")
def policy_with() -> Callable[..., Policy]:
    """The default policy with some of its lines changed: old text, new text, and so on."""

    def changed(*pairs: tuple[str, str]) -> Policy:
        text = default_policy_text()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        return read_policy(text, "a policy")

    return changed


@pytest.fixture(scope="session")
def small_map() -> SmallMap:
    """A map of squares: for each section the numbers of boxes in its zones, and how many atoms a box has."""

    def made(
        sections: Sequence[Sequence[int]], *, atoms: int = 1, candidates: dict[str, dict[str, int]] | None = None
    ) -> BoxMap:
        shapes: dict[str, Any] = {}
        box_of, zones, sections_of, about = {}, {}, {}, {}
        for s, section in enumerate(sections):
            for z, count in enumerate(section):
                for b in range(count):
                    box = f"S{s}Z{z}B{b}"
                    zones[box], sections_of[f"S{s}Z{z}"] = f"S{s}Z{z}", f"S{s}"
                    about[box] = {"km": None, "near": [], "candidates": (candidates or {}).get(box, {})}
                    for a in range(atoms):
                        west, south = len(shapes) % 50 * 0.2, len(shapes) // 50 * 0.2
                        shapes[f"{box}a{a}"] = shapely.box(west, south, west + 0.2, south + 0.2)
                        box_of[f"{box}a{a}"] = box
        parts = dict.fromkeys(sections_of.values(), "border")
        return BoxMap("small", shapes, box_of, Levels(zones, sections_of, parts), about, both_banks=False)

    return made


@pytest.fixture(scope="session")
def records_near(ground: Ground) -> Callable[..., list[Record]]:
    """Synthetic records, by seed: most beside the border, others inland, with people's data that must not leave."""

    def made(seed: int, count: int, *, share_inland: float = 0.3) -> list[Record]:
        random = np.random.default_rng(seed)
        return [_record(ground, random, share_inland) for _ in range(count)]

    return made


def _record(ground: Ground, random: np.random.Generator, share_inland: float) -> Record:
    if random.random() < share_inland:
        lon, lat = random.uniform((-93, 14.5), (-88, 18.6))
    else:
        at = np.array(
            ground.border.at(random.choice([12.0, 33.0, 103.0, 140.0, 300.0, 1000.0]) + random.uniform(-9, 9))
        )
        lon, lat = at + random.normal(0, 0.006, 2)
    month, day = random.integers(1, 13), random.integers(1, 29)
    return {
        "type": "Feature",
        "id": str(uuid.UUID(bytes=random.bytes(16), version=4)),
        "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]},
        "properties": {
            "category": str(random.choice(CATEGORIES)),
            "note": "Synthetic Sonia Secreta, 962 555 0123, sonia.secreta@example.org",
            "observed_at": f"{random.integers(2023, 2026)}-{month:02d}-{day:02d}T07:41:{random.integers(10, 59)}-06:00",
            "sensitivity": [None, "open", "generalised", "generalised", "generalised", "restricted", "withheld"][
                random.integers(7)
            ],
            "confidence": [None, "high", "low", "Zacarias told me"][random.integers(4)],
            "reporter": "Quirino Oculto",
        },
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write records into a file of the working folder's own."""

    def written(records: list[Record], name: str = "exact.geojson", **members: Any) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": records, **members}), encoding="utf-8")
        return path

    return written
