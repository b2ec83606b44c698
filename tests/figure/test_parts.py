"""The measures that a reader relies on: scale, places of labels, words, and sums that are checked."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pyproj
import pytest

from atlas.border_project import shipped_border
from atlas.errors import UsageError
from atlas.figure.figure_texts import LANGUAGES, load_words, read_catalogue
from atlas.figure.frame import Extent, MapFrame
from atlas.figure.furniture import round_length_km
from atlas.figure.pages.cards import disagreements
from atlas.figure.paper import Box, Canvas, text_width, wrapped
from atlas.figure.strip import spread
from atlas.published import PublishedLayers


def _frame(extent: Extent) -> MapFrame:
    box = Box(0, 0, 100, 100 * extent.aspect)
    return MapFrame(Canvas.of(box.width, box.height).axes(box), extent, box)


@pytest.mark.parametrize("latitude", [14.6, 16.5, 18.8])
@pytest.mark.parametrize("azimuth", [0, 90])
def test_the_scale_is_true_all_over_the_border_map(latitude: float, azimuth: float) -> None:
    frame = _frame(Extent(*shipped_border().figures["border"]))
    geod = pyproj.Geod(ellps="GRS80")
    far = geod.fwd(-90, latitude, azimuth, 20_000)
    on_paper = math.dist(frame.place(-90, latitude), frame.place(far[0], far[1]))
    assert on_paper * frame.metres == pytest.approx(20_000, rel=0.0015)


@pytest.mark.parametrize(("longest", "length"), [(9.99, 5), (10, 10), (130, 100), (49, 20), (0.7, 0.5)])
def test_scale_bars_are_round(longest: float, length: float) -> None:
    assert round_length_km(longest) == pytest.approx(length)


def test_labels_along_a_strip_keep_order_and_distance() -> None:
    widths = [4.0] * 8
    placed = spread([1, 1.5, 2, 2, 30, 98, 99, 99.5], widths, (0, 100))
    assert all(b - a >= 4 - 1e-9 for a, b in pairwise(placed))
    assert placed[0] >= 2
    assert placed[-1] <= 98
    assert placed[4] == pytest.approx(30)


def test_wrapped_lines_fit() -> None:
    lines = wrapped("Inventario de la CILA de cruces vehiculares informales", 30, 7)
    assert len(lines) > 1
    assert all(text_width(line, 7) <= 30 for line in lines)


def test_catalogues_have_the_same_keys_and_places() -> None:
    english, spanish = (read_catalogue(language) for language in LANGUAGES)
    assert english.keys() == spanish.keys()
    places = [{key: sorted(set(_places(text))) for key, text in texts.items()} for texts in (english, spanish)]
    assert places[0] == places[1]


def _places(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]


def test_what_the_data_say_in_english_has_its_spanish(release: PublishedLayers) -> None:
    words = load_words("es")
    texts = {
        **{f"universe.{f['properties']['total_id']}": f["properties"]["universe"] for f in _of(release, "reported")},
        **{f"item.{f['properties']['item']}": f["properties"]["what"] for f in release.features("containment")},
    }
    stale = [key for key, text in texts.items() if words.english.get(key) != text]
    assert not stale, "the catalogue translates another text than the data have"
    assert words.text_of("universe.T01", "a text that was changed since") == "a text that was changed since"


def _of(release: PublishedLayers, name: str) -> list[dict[str, dict[str, str]]]:
    return release.features(f"crossings_{name}")


def test_dates_are_written_out() -> None:
    words = load_words("es")
    assert [words.dated(text) for text in ("2021-03", "2019/2024", None)] == ["mar 2021", "2019–2024", "sin fecha"]
    assert words.number(1158.4) == "1,158"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="'de'; choose one of en, es"):
        load_words("de")


def test_totals_that_do_not_add_up_are_found_and_gaps_are_not_zeros() -> None:
    series = {
        "Chiapas": {2007: 10, 2008: 5, 2009: None},
        "Tabasco": {2007: None, 2008: 4, 2009: None},
        "Total": {2007: 11, 2008: 9, 2009: 7},
    }
    assert disagreements(series) == {2007: (11, 10)}


def test_north_is_up_and_east_is_right() -> None:
    frame = _frame(Extent(-93, 14, -88, 19))
    west, east, north = (np.array(frame.place(*at)) for at in ((-92, 16), (-89, 16), (-92, 18)))
    assert east[0] > west[0]
    assert north[1] > west[1]
