"""UTM in columns of its own: a zone, an easting and a northing say a place together or not at all."""

from __future__ import annotations

import pytest

from tests.field.readers.conftest import Reading

HEADER = "id,zona,este,norte,fecha,nota\n"


def test_a_row_in_utm_has_its_place(reading: Reading) -> None:
    row = reading(f"{HEADER}u1,15Q,580000,1650000,2026-05-04,UTM\n").only
    assert row.geometry is not None
    assert row.geometry["coordinates"] == [pytest.approx(-92.2561477, abs=1e-6), pytest.approx(14.9235133, abs=1e-6)]
    assert "zona" not in row.fields


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (",580000,1650000", "UTM needs its zone"),
        ("15Q,580000,", "an easting and a northing"),
        ("15Q,1650000,580000", "write the easting first"),
        ("Norte,580000,1650000", "UTM needs its zone"),
        ("15Q,580.000,1.650.000", "cannot be read"),
        ("15,580000,1650000", "the zone 15 has no band; write it with its letter, such as 15P"),
    ],
)
def test_half_a_place_in_utm_is_none(reading: Reading, cells: str, reason: str) -> None:
    (bad,) = reading(f"{HEADER}u1,{cells},2026-05-04,UTM\n").bad
    assert reason in bad.reason


def test_a_zone_without_metres_is_a_column_like_any_other(reading: Reading) -> None:
    row = reading("id,zona,lat,lon,fecha\nu1,norte,14.68,-92.15,2026-05-04\n").only
    assert row.fields["zona"] == "norte"


def test_a_link_or_a_square_says_how_far_off_it_may_be(reading: Reading) -> None:
    rows = reading('id,coordenadas,fecha\nv1,"geo:14.68,-92.15;u=35",2026-05-04\nv2,15PWS 80 20,2026-05-04\n').good
    assert [row.fields["coordinateUncertaintyInMeters"] for row in rows] == [35, 708]
