"""A record becomes a label or is held back by name; raw text decides nothing, and no later step has a position."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import atlas
from atlas.project import Project
from atlas.published.sensitivity import PUBLISHED
from atlas.release.abroad import Abroad
from atlas.release.book import Book
from atlas.release.box_labels import Label, Labelled, label
from atlas.release.boxes import BoxMap
from atlas.release.class_counts import Places, counts_of
from atlas.release.drafts import drafts_of, local_day
from atlas.release.terms import Policy

Record = dict[str, Any]
PACKAGE = Path(atlas.__file__).parent / "release"
# what comes after the step that sees a position
AFTER = (
    "book",
    "books",
    "class_counts",
    "closing",
    "disclosed",
    "groups",
    "noise",
    "public_ledger",
    "private_state",
    "risk",
    "risk_page",
)
GEOMETRY = (
    "shapely",
    "numpy",
    "atlas.geometry",
    "atlas.release.ground",
    "atlas.release.drafts",
    "atlas.release.record_reader",
)


def at(lon: float, lat: float, **properties: Any) -> Record:
    known = {"category": "shelter", "sensitivity": "generalised", "observed_at": "2025-05-03", **properties}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": known}


def labelled(records: list[Record], policy: Policy, boxes: BoxMap) -> Labelled:
    drafts = [draft for draft in drafts_of(records, policy) if draft.sensitivity in PUBLISHED]
    return label(drafts, boxes, lambda positions: ["abroad"] * len(positions))


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2025-05-03", date(2025, 5, 3)),
        (" 2025-05-03 ", date(2025, 5, 3)),
        ("2025-05-03T10:04", date(2025, 5, 3)),
        ("2025-05-03 10:04:11.123", date(2025, 5, 3)),
        ("2025-05-03T23:30:00-06:00", date(2025, 5, 3)),
        # one evening that a telephone wrote down in UTC is one day
        ("2025-05-03T23:30:00Z", date(2025, 5, 3)),
        ("2025-05-04T02:30:00Z", date(2025, 5, 3)),
        ("2025-05-04T05:59:59+00:00", date(2025, 5, 3)),
        ("2025-05-04T06:00:00+00:00", date(2025, 5, 4)),
        ("2025-05", None),
        ("2025", None),
        ("2025-5-3", None),
        ("2025-02-30", None),
        ("2025-05-03 at the shelter", None),
        ("2025-05-03|help", None),
        ("20250503", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("٢٠٢٥-05-03", None),
        (20250503, None),
        (None, None),
    ],
)
def test_a_day_is_a_full_date_on_the_clocks_of_the_border(stated: Any, day: date | None) -> None:
    assert local_day(stated) == day


def test_five_notes_of_one_visit_are_one_day(policy: Policy, boxes: BoxMap) -> None:
    # B6: times of one visit counted as five different days
    records = [at(-92.15, 14.70, observed_at=f"2025-05-01T10:0{minute}", id=minute) for minute in range(5)]
    counts = counts_of(labelled(records, policy, boxes).labels, Places(boxes, Book(2025, 200, "zone", "five")))
    assert [len(count.days) for count in counts.values()] == [1]


@pytest.mark.parametrize(
    "category", ["refugio de Maria 555-1234", "a|b", "Shelter", "shelter ", "", None, 3, ["shelter"]]
)
def test_a_category_that_the_policy_does_not_list_is_held_and_never_repeated(
    policy: Policy, boxes: BoxMap, category: Any
) -> None:
    made = labelled([at(-92.15, 14.70, category=category)], policy, boxes)
    assert made.labels == ()
    assert dict(made.held) == {"of a category that the policy does not list": 1}


def test_observers_are_the_different_names_and_an_unnamed_one_is_nobody_else(policy: Policy, boxes: BoxMap) -> None:
    places = Places(boxes, Book(2025, 200, "zone", "five"))

    def observers(*names: Any) -> int:
        records = [at(-92.15, 14.70, observer=name, observed_at=f"2025-05-{n + 1:02d}") for n, name in enumerate(names)]
        (count,) = counts_of(labelled(records, policy, boxes).labels, places).values()
        return count.observer_number

    assert observers(None, "", "a", "A ", " a", 7) == 1
    assert observers("", "") == 1
    assert observers("a", "b", "") == 2


@pytest.mark.slow
def test_what_lies_beyond_the_line_is_refused_by_name(policy: Policy, boxes: BoxMap, project: Project) -> None:
    drafts = drafts_of([at(-90.5, 15.5, id=1), at(-88.9, 17.2, id=2), at(-60.0, 10.0, id=3)], policy)
    held = label(drafts, boxes, Abroad(project, both_banks=False)).held
    why = "where the map has no boxes: the project lacks its outlines (layers/neighbours.geojson)"
    assert held == {f"in Guatemala, {why}": 1, f"in Belize, {why}": 1, "at sea or elsewhere, in no box of the map": 1}


def test_a_record_with_a_reach_and_no_position_has_that_reach_as_its_atom(policy: Policy, boxes: BoxMap) -> None:
    def known(reach: Any) -> Record:
        return {**at(0, 0, reach=reach), "geometry": None}

    made = labelled([known(name) for name in ("R000", "R115", "R116", "r001", "R1", None)], policy, boxes)
    assert sorted(each.atom for each in made.labels) == ["R000", "R115"]
    assert made.held["without a position or a reach"] == 4


def test_a_label_has_no_room_for_a_position() -> None:
    assert Label._fields == ("atom", "category", "day", "observer")


@pytest.mark.parametrize("name", AFTER)
def test_no_module_after_the_label_imports_geometry(name: str) -> None:
    # P11; a map of boxes is handed to them for its names alone
    tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert not [module for module in imported if module.startswith(GEOMETRY)]
    text = (PACKAGE / f"{name}.py").read_text(encoding="utf-8")
    assert not [word for word in ("atoms_at", ".atoms[", ".shape", "place.geometry") if word in text]


def test_labels_are_the_same_from_anywhere_in_an_atom(
    policy: Policy, boxes: BoxMap, records_near: Callable[..., list[Record]]
) -> None:
    # Theorem 1 on the real map: a record moved to another point of its atom
    records = [one for one in records_near(9, 200) if one["properties"]["sensitivity"] == "generalised"]
    for number, one in enumerate(records):
        one["id"] = number
    moved = []
    for one in records:
        (atom,) = boxes.atoms_at(np.array([one["geometry"]["coordinates"]]))
        spot = (
            one["geometry"]["coordinates"] if atom is None else list(boxes.atoms[atom].representative_point().coords[0])
        )
        moved.append({**one, "geometry": {"type": "Point", "coordinates": spot}})
    assert labelled(moved, policy, boxes) == labelled(records, policy, boxes)
