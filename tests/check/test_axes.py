"""Latitude first is seen anywhere on Earth where the features show it, and nowhere else."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from atlas.check import check_file
from atlas.clean import clean_files, options
from atlas.errors import InputError

CITIES = {
    "Berlin": (13.405, 52.52),
    "München": (11.576, 48.137),
    "Москва": (37.62, 55.75),
    "Nairobi": (36.82, -1.29),
    "Delhi": (77.22, 28.65),
    "Buenos Aires": (-58.38, -34.6),
    "الرياض": (46.72, 24.69),
    "Lagos": (3.4, 6.45),
    "Bogotá": (-74.08, 4.6),
}


def _write(path: Path, *points: tuple[float, float, dict[str, Any]]) -> Path:
    features = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [x, y]}}
        for x, y, properties in points
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", CITIES)
def test_the_name_of_a_city_shows_that_axes_are_swapped(tmp_path: Path, name: str) -> None:
    lon, lat = CITIES[name]
    here = {"site": f"Office, {name}", "n": 1}
    right = _write(tmp_path / "right.geojson", (lon, lat, here), (lon + 1, lat, {"n": 2}))
    assert "axes-swapped" not in check_file(right).counts
    path, out = _write(tmp_path / "in.geojson", (lat, lon, here), (lat, lon + 1, {"n": 2})), tmp_path / "out.geojson"
    assert check_file(path).counts["axes-swapped"] == 2
    with pytest.raises(InputError, match="--swap-axes"):
        clean_files([path], out, options())
    clean_files([path], out, options(swap_axes=True))
    made = [one["geometry"]["coordinates"] for one in json.loads(out.read_bytes())["features"]]
    assert made == [[lon, lat], [lon + 1, lat]]
    assert clean_files([out], tmp_path / "again.geojson", options(swap_axes=True)).total["changes"] == 0


COUNTRIES = {"Germany": (10.4, 51.2), "KEN": (37.0, 0.5), "Chile": (-71.0, -33.0)}


@pytest.mark.parametrize("name", ["Germany", "KEN", "Chile"])
def test_the_name_of_a_country_shows_it_of_an_outline(tmp_path: Path, name: str) -> None:
    lon, lat = COUNTRIES[name]
    ring = [[lon - 1, lat - 1], [lon + 1, lat - 1], [lon + 1, lat + 1], [lon - 1, lat + 1], [lon - 1, lat - 1]]
    for coordinates, faults in ((ring, 0), ([[y, x] for x, y in ring], 1)):
        geometry = {"type": "Polygon", "coordinates": [coordinates]}
        path = tmp_path / "in.geojson"
        path.write_text(json.dumps({"type": "Feature", "properties": {"name": name}, "geometry": geometry}), "utf-8")
        assert check_file(path).counts.get("axes-swapped", 0) == faults


def test_where_people_come_from_is_not_where_they_are(tmp_path: Path) -> None:
    points = [(18.3, 35.2, {"nationality": "Eritrea"}), (14.2, 36.0, {"nationality": "Syria"}), (12.6, 35.5, {})]
    points += [(18.3, 35.2 + n / 100, {"nationality": "Eritrea", "flag": "Panama"}) for n in range(9)]
    assert not check_file(_write(tmp_path / "in.geojson", *points)).counts.get("axes-swapped")


@pytest.mark.parametrize(("lon_name", "lat_name"), [("lon", "lat"), ("Longitude", "LATITUDE"), ("x", "y")])
def test_fields_with_the_two_numbers_show_it_feature_by_feature(tmp_path: Path, lon_name: str, lat_name: str) -> None:
    fields = {lon_name: "36.8", lat_name: 12.3}
    path = _write(tmp_path / "in.geojson", (12.3, 36.8, fields), (36.8, 12.3, fields), (12.3, 36.8, {}))
    assert check_file(path).counts["axes-swapped"] == 1


def test_many_places_of_nobody_that_are_places_of_people_when_swapped_show_it(tmp_path: Path) -> None:
    villages = [(30.06, 31.24), (30.59, 31.5), (31.04, 31.38), (30.79, 31.0), (31.2, 29.92), (29.31, 30.84)]
    path = _write(tmp_path / "in.geojson", *((lat + 0.001, lon, {}) for lat, lon in villages))
    assert not check_file(path).counts.get("axes-swapped")
    sweden = [(59.33, 18.07), (57.71, 11.97), (55.6, 13.0), (59.86, 17.64), (58.41, 15.62), (56.05, 12.69)]
    path = _write(tmp_path / "in.geojson", *((lat, lon, {"n": lat}) for lat, lon in sweden))
    assert check_file(path).counts["axes-swapped"] == 6


def test_data_of_the_seas_and_of_empty_lands_are_as_they_are(tmp_path: Path) -> None:
    rng = random.Random(7)  # noqa: S311 - places, not secrets
    wrong = 0
    for _ in range(60):
        lon, lat = rng.uniform(-90, 90), rng.uniform(-60, 75)
        points = [(round(lon + rng.gauss(0, 2), 4), round(lat + rng.gauss(0, 2), 4), {"n": n}) for n in range(12)]
        wrong += bool(check_file(_write(tmp_path / "in.geojson", *points)).counts.get("axes-swapped"))
    assert wrong == 0


METRES: dict[str, tuple[tuple[float, float], dict[str, Any], str]] = {
    "UTM of Germany": (
        (691_928, 5_335_080),
        {},
        r"EPSG:326ZZ.*\(longitude \+ 180\) / 6 \+ 1.*48\.1° north or 42\.1° south",
    ),
    "UTM of Kenya": ((255_196, 9_857_310), {}, r"EPSG:327ZZ.*1\.3° south"),
    "UTM of India with its longitude": (
        (715_128, 3_165_648),
        {"lat": 28.6, "lon": 77.2},
        r"EPSG:32643 \(UTM zone 43N\)",
    ),
    "Web Mercator": ((1_289_080, 6_130_178), {}, r"EPSG:3857"),
    "France": ((652_302, 6_861_303), {}, r"EPSG:2154 \(France, Lambert-93\)"),
    "New Zealand": ((1_742_325, 5_426_545), {}, r"looks like EPSG:2193"),
    "northing first": ((6_861_303, 652_302), {}, r"with northing before easting|looks like"),
    "Mexico's south": ((553_627, 1_713_692), {}, r"looks like EPSG:32615 .*elsewhere on Earth EPSG:326ZZ"),
}


@pytest.mark.parametrize("name", METRES)
def test_metres_are_told_anywhere_on_earth(tmp_path: Path, name: str) -> None:
    (x, y), properties, message = METRES[name]
    path = _write(tmp_path / "in.geojson", (x, y, properties))
    report = check_file(path)
    assert dict(report.counts) == {"crs-projected": 1}
    assert re.search(message, report.findings[0].message)


def test_degrees_beside_metres_tell_the_zone(tmp_path: Path) -> None:
    path = _write(tmp_path / "in.geojson", (36.8, -1.3, {}), (255_196, 9_857_310, {}))
    assert any("EPSG:32737 (37S)" in one.message or "32737" in one.message for one in check_file(path).findings)
    with pytest.raises(InputError, match=r"32737.*--crs EPSG:CODE"):
        clean_files([path], tmp_path / "out.geojson", options())
