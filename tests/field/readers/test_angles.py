"""Longitudes and latitudes in all spellings; a slip is refused with a hint and never put right in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.field.readers import positions
from atlas.field.readers.angles import angle, pair
from atlas.field.readers.fault import RowFaultError


@pytest.mark.parametrize(
    ("written", "axis", "degrees"),
    [
        ("14.68", "latitude", 14.68),
        ("14,68", "latitude", 14.68),
        ("-92.15", "longitude", -92.15),
        ("\u221292,15", "longitude", -92.15),
        ("92.15 W", "longitude", -92.15),
        ("92°09'00\"O", "longitude", -92.15),
        ("O 92 09 00", "longitude", -92.15),
        ("N14 40.800", "latitude", 14.68),
        ("14º 40′ 48″ N", "latitude", 14.68),
        ("14d40m48s N", "latitude", 14.68),
        ("-92° 9'", "longitude", -92.15),
        (14.68, "latitude", 14.68),
        ("", "latitude", None),
    ],
)
def test_an_angle_is_read_in_any_spelling(written: object, axis: str, degrees: float | None) -> None:
    assert angle(written, axis) == (pytest.approx(degrees, abs=1e-9) if degrees is not None else None)


@pytest.mark.parametrize(
    ("written", "axis", "reason"),
    [
        ("-92.15", "latitude", "swapped"),
        ("580000", "longitude", "--crs"),
        ("14.68 N", "longitude", "letter is one of a latitude"),
        ("-92.15 W", "longitude", "a minus sign and a letter"),
        ("14°61'N", "latitude", "minutes or seconds that do not exist"),
        ("14.5°30'N", "latitude", "have a fraction and go on"),
        ("north of the bridge", "latitude", "cannot be read"),
        ("1.495.000", "latitude", "cannot be read"),
        ("=14.68", "latitude", "cannot be read"),
        (float("nan"), "latitude", "out of range"),
        ("1e2", "latitude", "cannot be read"),
    ],
)
def test_what_is_no_angle_says_why(written: object, axis: str, reason: str) -> None:
    with pytest.raises(RowFaultError, match=reason):
        angle(written, axis)


@pytest.mark.parametrize(
    "words", ["14.68, -92.15", "14.68 -92.15", "(14.68; -92.15)", "14°40'48\"N 92°09'00\"W", "N14 40.8, W92 9.0"]
)
def test_a_pair_in_one_cell_has_latitude_first(words: str) -> None:
    assert pair(words)[:2] == (pytest.approx(-92.15), pytest.approx(14.68))


@pytest.mark.parametrize(
    ("longitude", "latitude", "reason"),
    [
        (14.68, -89.9, "swapped"),
        (92.15, 14.68, "minus sign"),
        (14.68, 89.9, "swapped, with a minus sign"),
        (0.0, 0.0, "no position"),
        (None, 14.68, "longitude is missing"),
    ],
)
def test_a_position_that_cannot_be_meant_is_refused(longitude: float | None, latitude: float, reason: str) -> None:
    with pytest.raises(RowFaultError, match=reason):
        positions.point(longitude, latitude)


def test_a_position_far_away_that_no_slip_explains_is_taken() -> None:
    assert positions.point(2.35, 48.85)["coordinates"] == [2.35, 48.85]


_PARTS = st.tuples(st.integers(15, 32), st.integers(0, 59), st.integers(0, 59_999))


@given(_PARTS, _PARTS)
def test_degrees_minutes_and_seconds_mean_the_same(north: tuple[int, int, int], west: tuple[int, int, int]) -> None:
    def written(parts: tuple[int, int, int], add: int) -> tuple[str, float]:
        degrees, minutes, thousandths = parts
        seconds = thousandths / 1000
        return f"{degrees + add}°{minutes}'{seconds:.3f}\"", degrees + add + minutes / 60 + seconds / 3600

    (latitude, north_degrees), (longitude, west_degrees) = written(north, 0), written(west, 65)
    geometry = positions.point(angle(f"{longitude}W", "longitude"), angle(f"{latitude}N", "latitude"))
    assert geometry["coordinates"] == [pytest.approx(-west_degrees, abs=1e-8), pytest.approx(north_degrees, abs=1e-8)]


@given(st.text(max_size=40), st.sampled_from(["latitude", "longitude"]))
def test_no_text_breaks_the_reading_of_angles(words: str, axis: str) -> None:
    try:
        degrees = angle(words, axis)
    except RowFaultError as fault:
        assert fault.reason  # noqa: PT017 - the reason is what is tested
    else:
        assert degrees is None or abs(degrees) <= 180
