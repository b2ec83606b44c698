"""The page of the crossings: every count with its stretch, and no informal point anywhere in its data."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from atlas.render.build_context import BuildContext

PAGE = "crossings.html"
SPREAD = {"whole", "GTM"}


def _block(pages: Mapping[str, bytes], element_id: str) -> Any:
    match = re.search(rf'id="{element_id}">(.*?)</script>', pages[PAGE].decode(), re.DOTALL)
    assert match is not None
    return json.loads(match[1])


def _totals(repo: Path) -> list[dict[str, str]]:
    with (repo / "geodata/evidence/crossings_totals.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["total"] or row["vehicular"]]


def test_every_published_count_has_its_stretch(pages: Mapping[str, bytes], edition: BuildContext, repo: Path) -> None:
    held = _block(pages, "atlas-counts")
    layer = {row["properties"]["total_id"]: row["properties"] for row in edition.features["crossings_reported"]}
    assert set(held["stretches"]) == set(layer) == {row["total_id"] for row in _totals(repo)}
    for total_id, (_, intervals) in held["stretches"].items():
        assert intervals == layer[total_id]["chainage_intervals"]
        assert all(0 <= start < end <= held["lengthKm"] for start, end in intervals)
    assert held["stretches"]["T08"][0] == "land"
    assert held["turnKm"] == pytest.approx(963.1, abs=0.2)


def test_dots_are_offered_for_totals_of_the_whole_line_or_of_guatemala(
    pages: Mapping[str, bytes], edition: BuildContext
) -> None:
    held = _block(pages, "atlas-dots")
    layer = {row["properties"]["total_id"]: row["properties"] for row in edition.features["crossings_reported"]}
    wanted = {key for key, row in layer.items() if row["extent"] in SPREAD and row["total"] is not None}
    assert set(held["choices"]) == wanted
    assert layer[held["first"]]["total"] == 370
    assert layer[held["first"]]["source_ids"] == ["ramos2020"]


def test_only_formal_crossings_and_settlements_are_points_in_the_page(pages: Mapping[str, bytes]) -> None:
    for name in ("municipalities", "border", "border_reaches", "crossings_informal", "crossings_reported"):
        assert "p" not in {shape[0] for shape in _block(pages, f"layer_{name}")["shapes"] if shape}, name
    assert set(_block(pages, "atlas-dots")) == {"choices", "first"}


def test_the_page_says_how_many_crossings_are_only_counted(pages: Mapping[str, bytes], repo: Path) -> None:
    with (repo / "geodata/evidence/crossings_informal_counts.csv").open(encoding="utf-8", newline="") as stream:
        counted = sum(int(row["named"]) for row in csv.DictReader(stream))
    assert _block(pages, "atlas-withheld") == counted > 0
