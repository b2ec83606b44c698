"""What leaves the gate is coarse, shared, the same again, and never finer under a stricter policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.errors import PolicyError
from atlas.geojson.collection import read_collection
from atlas.release.earlier import used_places
from atlas.release.generalise import RELEASED_FIELDS, generalise_records, release
from atlas.release.places import Place, PublicPlaces
from atlas.release.release_files import records_bytes
from atlas.release.restricted import Restricted
from atlas.release.terms import Policy

Record = dict[str, Any]
Make = Callable[..., list[Record]]
SEEDS = st.integers(0, 2**32 - 1)
COUNTS = st.integers(0, 250)
FEW = settings(max_examples=12, deadline=None)


def _shared(features: Any) -> Counter[tuple[object, ...]]:
    keys = ("place", "category", "year", "month")
    return Counter(tuple(found["properties"].get(key) for key in keys) for found in features)


def _looks(features: Any) -> Counter[tuple[object, ...]]:
    keys = ("place", "category", "year", "month", "confidence")
    return Counter(tuple(found["properties"].get(key) for key in keys) for found in features)


def test_no_id_can_be_taken_for_a_number(places: PublicPlaces, policy: Policy, records_near: Make) -> None:
    released = release(Restricted(records_near(3, 3000)), policy, places)
    assert len(released) > 1000
    assert all(found["id"].isalpha() and found["id"].isascii() and len(found["id"]) == 16 for found in released)


@FEW
@given(seed=SEEDS, count=COUNTS, k=st.integers(2, 12))
def test_every_place_category_and_time_is_shared_by_k(  # noqa: PLR0913, PLR0917 - what it needs is drawn
    places: PublicPlaces, policy_with: Any, records_near: Make, seed: int, count: int, k: int
) -> None:
    released = release(Restricted(records_near(seed, count)), policy_with(("k = 5", f"k = {k}")), places)
    assert all(number >= k for number in _shared(released).values())


@FEW
@given(seed=SEEDS, count=COUNTS)
def test_every_shape_is_a_known_public_place_and_every_field_a_known_field(
    places: PublicPlaces, policy: Policy, records_near: Make, seed: int, count: int
) -> None:
    for found in release(Restricted(records_near(seed, count)), policy, places):
        assert set(found) == {"type", "id", "geometry", "properties"}
        assert set(found["properties"]) <= set(RELEASED_FIELDS)
        place = places.recognised(found["properties"]["place"], found["geometry"])
        assert place is not None
        assert place.size_m >= policy.floor_m
        assert found["properties"]["coordinateUncertaintyInMeters"] >= place.radius_m


@FEW
@given(seed=SEEDS, count=COUNTS)
def test_releasing_what_is_released_changes_nothing(
    places: PublicPlaces, policy: Policy, records_near: Make, seed: int, count: int
) -> None:
    once = release(Restricted(records_near(seed, count)), policy, places)
    again = release(Restricted(once), policy, places)
    assert records_bytes(again) == records_bytes(once)


@FEW
@given(seed=SEEDS, count=st.integers(2, 150), order=st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_show(  # noqa: PLR0913, PLR0917 - what it needs is drawn
    places: PublicPlaces, policy: Policy, records_near: Make, seed: int, count: int, order: Any
) -> None:
    records = records_near(seed, count)
    once = records_bytes(release(Restricted(records), policy, places))
    order.shuffle(records)
    assert records_bytes(release(Restricted(records), policy, places)) == once


def _finer_or_equal(places: PublicPlaces, fine: Counter[Any], coarse: Counter[Any], floor: float) -> bool:
    """Whether the coarse release says of no part of the land more than the fine one."""
    for ident in {key[0] for key in coarse}:
        within = sum(number for key, number in fine.items() if ident in {p.ident for p in places.chain(key[0])})
        if sum(number for key, number in coarse.items() if key[0] == ident) > within:
            return False
    return all(place.size_m >= floor for key in coarse for place in places.chain(key[0])[:1])


@FEW
@given(seed=SEEDS, count=COUNTS, k=st.integers(2, 8), more=st.integers(1, 20), floor=st.sampled_from([10, 15, 60, 300]))
def test_a_stricter_policy_never_reveals_more(  # noqa: PLR0913, PLR0917 - each is drawn
    places: PublicPlaces, policy_with: Any, records_near: Make, seed: int, count: int, k: int, more: int, floor: int
) -> None:
    records = Restricted(records_near(seed, count))
    loose = release(records, policy_with(("k = 5", f"k = {k}")), places)
    strict_policy = policy_with(
        ("k = 5", f"k = {k + more}"), ("floor_m = 10000", f"floor_m = {floor}000"), ('"confidence", ', "")
    )
    strict = release(records, strict_policy, places)
    assert len(strict) <= len(loose)
    for category in {found["properties"]["category"] for found in strict}:
        fine, coarse = (
            _shared(found for found in side if found["properties"]["category"] == category) for side in (loose, strict)
        )
        assert _finer_or_equal(places, fine, coarse, strict_policy.floor_m)
    assert not any("confidence" in found["properties"] for found in strict)
    dated = [sum(found["properties"]["month"] is not None for found in side) for side in (strict, loose)]
    assert dated[0] <= dated[1]


@FEW
@given(seed=SEEDS, count=COUNTS, other=SEEDS)
def test_records_elsewhere_change_nothing(  # noqa: PLR0913, PLR0917 - what it needs is drawn
    places: PublicPlaces, policy: Policy, records_near: Make, seed: int, count: int, other: int
) -> None:
    records = [found for found in records_near(seed, count) if found["properties"]["category"] != "incident"]
    others = [found for found in records_near(other, 60) if found["properties"]["category"] == "incident"]
    alone = _looks(release(Restricted(records), policy, places))
    together = release(Restricted(records + others), policy, places)
    assert _looks(found for found in together if found["properties"]["category"] != "incident") == alone


@FEW
@given(seed=SEEDS, count=st.integers(20, 200), added=st.integers(0, 60))
def test_what_k_share_stays_where_it_is_when_more_are_added(  # noqa: PLR0913, PLR0917 - what it needs is drawn
    places: PublicPlaces, policy: Policy, records_near: Make, seed: int, count: int, added: int
) -> None:
    records = records_near(seed, count + added)
    before, after = (release(Restricted(part), policy, places) for part in (records[:count], records))
    finest = {
        key
        for key in used_places(before)
        if not key[0].startswith(("border-0", "municipalities")) or key[0].count("-") > 1
    }
    kept = {key for key in finest if len(places.chain(key[0])) == 3}
    assert kept <= used_places(after)


@FEW
@given(seed=SEEDS, count=st.integers(20, 160))
def test_a_place_is_never_finer_than_in_an_earlier_release(
    places: PublicPlaces, policy: Policy, records_near: Make, seed: int, count: int
) -> None:
    records = records_near(seed, 2 * count)
    first = used_places(release(Restricted(records[:count]), policy, places))
    for found in release(Restricted(records), policy, places, before=[first]):
        place, category = found["properties"]["place"], found["properties"]["category"]
        above = {(each.ident, category) for each in places.chain(place)[1:]}
        assert (place, category) in first or not above & first


@FEW
@given(seed=SEEDS, count=COUNTS)
def test_the_same_records_after_their_own_release_are_the_same_release(
    places: PublicPlaces, policy: Policy, records_near: Make, seed: int, count: int
) -> None:
    records = Restricted(records_near(seed, count))
    first = release(records, policy, places)
    assert records_bytes(release(records, policy, places, before=[used_places(first)])) == records_bytes(first)


def _ways_up(places: PublicPlaces) -> list[tuple[Place, Place]]:
    return [(place, places.chain(place.ident)[1]) for place in places.fixed() if len(places.chain(place.ident)) > 1]


def test_every_place_lies_within_the_next_coarser_one(places: PublicPlaces) -> None:
    outside = [
        (fine.ident, coarse.ident)
        for fine, coarse in _ways_up(places)
        if not shapely.within(fine.shape, shapely.buffer(coarse.shape, 0.0007))
    ]
    assert not outside


def test_no_place_is_smaller_than_the_floor(places: PublicPlaces) -> None:
    assert not [place.ident for place in places.fixed() if place.size_m < 10_000]


def test_every_place_stays_in_mexico_and_in_its_municipality(places: PublicPlaces) -> None:
    every = shapely.union_all([found.shape for found in places.ground.municipalities])
    own = {found.cvegeo: found.shape for found in places.ground.municipalities}
    for place in places.fixed():
        if place.kind != "corridor":
            home = own.get(place.fields["municipality_cvegeo"], every)
            # lines are drawn to some 20 m, or 50 m where they are long, and to four decimals; areas lie inside
            off = 0.0 if place.kind in {"municipality", "municipalities"} else 0.0003 if place.size_m < 1e5 else 0.0006
            assert shapely.within(place.shape, shapely.buffer(home, off)), place.ident


def test_the_border_of_a_place_is_that_of_the_published_layers(places: PublicPlaces, repo: Path) -> None:
    known: set[tuple[float, float]] = set()
    for name in ("border", "border_reaches"):
        for found in read_collection(repo / "geodata" / "layers" / f"{name}.geojson"):
            known |= {(lon, lat) for lon, lat in found["geometry"]["coordinates"]}
    tree = shapely.STRtree(shapely.points(sorted(known)))
    for place in places.fixed():
        if place.kind == "border":
            drawn = shapely.points(shapely.get_coordinates(place.shape))
            _, apart = tree.query_nearest(drawn, return_distance=True, all_matches=False)
            # rounding to four decimals moves a position by at most half of the last one either way
            assert apart.max() < 0.00008, place.ident


def test_no_place_has_positions_so_fine_that_they_could_be_taken_for_a_record(places: PublicPlaces) -> None:
    for place in places.fixed():
        drawn = shapely.get_coordinates(place.shape)
        assert (np.round(drawn, 4) == drawn).all(), place.ident


def test_an_informal_crossing_is_placed_on_the_border_of_its_own_municipality(
    places: PublicPlaces, policy: Policy, records_near: Make
) -> None:
    ground = places.ground
    for found in records_near(5, 400, share_inland=0.0):
        found["properties"] |= {"category": "informal_crossing", "sensitivity": "open"}
        released = release(Restricted([{**found, "id": n} for n in range(9)]), policy, places)
        lon, lat = found["geometry"]["coordinates"]
        at = [m for m in ground.municipalities if m.shape.intersects(shapely.Point(lon, lat))]
        for each in released:
            assert each["geometry"]["type"] in {"LineString", "MultiLineString"}
            says = each["properties"]["municipality_cvegeo"]
            assert not at or says in {at[0].cvegeo, None}
            assert each["properties"]["state"] == (at[0].state if at else each["properties"]["state"])


@pytest.mark.parametrize("name", ["Tapachula", "Metapa", "Motozintla", "Las Margaritas"])
def test_where_a_border_is_short_a_crossing_is_given_by_its_state(
    places: PublicPlaces, policy: Policy, name: str
) -> None:
    municipality = next(found for found in places.ground.municipalities if found.name == name)
    start, end = municipality.intervals[0]
    lon, lat = places.ground.border.at((start + end) / 2)
    same = [_at(lon, lat, number) for number in range(5)]
    (place,) = {found["properties"]["place"] for found in release(Restricted(same), policy, places)}
    assert place == "border-07"


def _at(lon: float, lat: float, number: int, **properties: Any) -> Record:
    said = {"category": "informal_crossing", "sensitivity": "generalised", "observed_at": "2024-05-03", **properties}
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": number, "geometry": geometry, "properties": said}


def test_copies_of_one_record_are_one_and_take_the_strictest_class(places: PublicPlaces, policy: Policy) -> None:
    lon, lat = places.ground.border.at(12)
    assert len(release(Restricted([_at(lon, lat, 1)] * 5), policy, places)) == 0
    five = [_at(lon, lat, number) for number in range(5)]
    assert len(release(Restricted(five), policy, places)) == 5
    assert len(release(Restricted([*five, _at(lon, lat, 4, sensitivity="withheld")]), policy, places)) == 0
    nameless = [{key: value for key, value in found.items() if key != "id"} for found in five]
    assert len(release(Restricted(nameless), policy, places)) == 0


@pytest.mark.parametrize(
    "stated", ["restricted", "withheld", None, "Open", "OPEN", "public", "", 1, True, [], ["open"], {}]
)
def test_any_other_class_stays_behind(places: PublicPlaces, policy: Policy, stated: Any) -> None:
    lon, lat = places.ground.border.at(12)
    found = generalise_records(Restricted([_at(lon, lat, n, sensitivity=stated) for n in range(9)]), policy, places)
    assert len(found.released) == 0
    assert found.held == ({} if stated == "withheld" else {"restricted or unclassified": 9})


def test_what_is_known_by_its_reach_alone_goes_to_a_place_that_holds_the_reach(
    places: PublicPlaces, policy: Policy
) -> None:
    numbers = range(len(places.ground.border.measures_m) and int(places.ground.border.length_km // 10) + 1)
    for number in numbers:
        records = [{**_at(0, 0, n, reach=f"R{number:03d}"), "geometry": None} for n in range(5)]
        (place,) = {found["properties"]["place"] for found in release(Restricted(records), policy, places)}
        assert f"R{number:03d}" in places.place(place).fields["reaches"]


def test_an_open_record_of_a_listed_category_leaves_as_a_rounded_point(places: PublicPlaces, policy_with: Any) -> None:
    listed = policy_with(('formal_crossing = "generalised"\ncheck', 'formal_crossing = "open"\ncheck'))
    lon, lat = places.ground.border.at(12)
    records = [
        _at(lon, lat + 0.001234567, 1, category="formal_crossing", sensitivity="open"),
        _at(lon, lat + 0.001234567, 2, category="shelter", sensitivity="open"),
    ]
    (found,) = release(Restricted(records), listed, places)
    assert found["geometry"] == {"type": "Point", "coordinates": [round(lon, 4), round(lat + 0.001234567, 4)]}
    assert found["properties"]["sensitivity"] == "open"


def test_the_gate_takes_nothing_but_a_restricted_layer(places: PublicPlaces, policy: Policy) -> None:
    with pytest.raises(PolicyError, match="only restricted field records can be released, got list"):
        release([], policy, places)  # type: ignore[arg-type]
