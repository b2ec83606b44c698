"""Released field notes are a layer of the whole atlas; without any, the page is what it was."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from atlas.published import PublishedLayers
from atlas.render.build_context import BuildContext
from atlas.render.pages.map_page import MapPage
from atlas.render.released_notes import RELEASED, NotedContext, WithReleased, noted

pytestmark = pytest.mark.slow

AREA = {"type": "Polygon", "coordinates": [[[-92, 15], [-91, 15], [-91, 16], [-92, 15]]]}


def note(**properties: Any) -> dict[str, Any]:
    note_properties = {"category": "hazard", "month": "2026-01", "sensitivity": "generalised", **properties}
    return {"type": "Feature", "id": "synthetic", "geometry": AREA, "properties": note_properties}


def test_without_released_notes_the_edition_stays_the_same(edition: BuildContext) -> None:
    assert noted(edition) is edition


def test_released_notes_are_a_layer_with_only_the_fields_that_are_shown(release: PublishedLayers) -> None:
    made = NotedContext(WithReleased(release, [note(left_out="SYNTHETICSECRET")]))
    html = MapPage("atlas").render(made)
    block = re.search(rf'id="layer_{RELEASED}">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    layer = json.loads(block[1])
    assert layer["group"] == "field"
    assert len(layer["rows"]) == 1
    assert "2026-01" in layer["rows"][0]
    assert "SYNTHETICSECRET" not in html
    assert "Notas de campo (publicadas)" in html


def test_the_gate_of_a_build_takes_the_page_with_released_notes(release: PublishedLayers) -> None:
    # columns that no note fills are not on the page, which declares only what the policy lets out
    made = NotedContext(WithReleased(release, [note()]))
    block = re.search(rf'id="layer_{RELEASED}">(.*?)</script>', MapPage("atlas").render(made), re.DOTALL)
    assert block is not None
    assert {name for name, *_ in json.loads(block[1])["fields"]} == {"category", "month", "sensitivity"}


def test_a_class_says_how_often_in_both_languages_and_that_white_is_not_nothing(release: PublishedLayers) -> None:
    stated = {"group": "help", "reports_at_least": 10, "period": "2025", "level": "zone", "remainder": False}
    made = NotedContext(WithReleased(release, [note(category=None, month=None, place="zone R000", **stated)]))
    html = MapPage("atlas").render(made)
    for words in (
        "noted on at least 10 days",
        "anotado en al menos 10 días",
        "White is not nothing",
        "Blanco no quiere decir que no haya nada",
        "refugio y servicio",
    ):
        assert words in html, words


def test_a_note_that_was_reviewed_says_so_on_the_page_and_passes_the_gate(release: PublishedLayers) -> None:
    made = NotedContext(WithReleased(release, [note(note="SYNTHETIC WORDS", note_reviewed=True)]))
    html = MapPage("atlas").render(made)
    block = re.search(rf'id="layer_{RELEASED}">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    layer = json.loads(block[1])
    # the audit refuses words that do not say that somebody has looked at them
    assert [row for row in layer["rows"] if "SYNTHETIC WORDS" in row and True in row]
    assert "words reviewed" in html
    assert "texto revisado" in html
