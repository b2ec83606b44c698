"""A pair of coordinates is read alike by the import and by the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pyproj import Transformer

from atlas.field.readers.angles import angle, pair
from atlas.field.readers.fault import RowFaultError

VECTORS = Path(__file__).parents[2] / "vectors"
CASES: list[dict[str, Any]] = json.loads((VECTORS / "coordinates.json").read_text(encoding="utf-8"))["cases"]
ANGLES: list[dict[str, Any]] = json.loads((VECTORS / "angles.json").read_text(encoding="utf-8"))["cases"]


PIECES = (
    *("14", "14.68", "92,15", "40", "48", "7.5", "61", "-92", "+14", "- 92", "\u221292.15", "0", "190"),
    *(
        "N",
        "n",
        "W",
        "O",
        "oeste",
        "north",
        "S",
        "s",
        "E",
        "lat",
        "Long.",
        "LON",
        "d",
        "deg",
        "m",
        "min",
        "sec",
        "g",
        "x",
        "ñ",
        "ß",
        "y",
        "de",
        "latitud",
        "minutos",
        "شمال",
        "غرب",
    ),
    *(
        "°",
        "º",
        "'",
        "\u2032",
        "''",
        '"',
        "\u201d",
        "`",
        " ",
        " ",
        " ",
        ", ",
        ",",
        ";",
        "/",
        ":",
        "(",
        ")",
        ".",
        "#",
        "\u00a0",
        "\t",
        "\x1c",
        "\u200f",
        "=",
    ),
    *("\u0661\u0664", "\u0669\u0662\u066b\u0661\u0665", "\u060c"),
)
GRID = (
    *("15P", "15 P", "15Q", "15N", "15S", "15", "1C", "60X", "UTM", "zona", "WGS84", "norte", "sur", "X", "Y"),
    *(
        "15P ",
        "580000 ",
        "E 580000 ",
        "1620000",
        "580000",
        "580000.5",
        "1620000,25",
        "99999",
        "900000",
        "10000001",
        "80000",
        "20000",
        "8000",
        "2",
    ),
    *("E", "N", "mE", "mN", "m", "WS", "VV", "AS", "ws", "PWS"),
    *(" ", " ", ", ", ":", ";", "=", "(", ")", "/"),
)
LINK = (
    *("https://", "http://", "geo:", "GEO:", "om:", "maps.google.com", "www.google.com.mx", "goo.gl", "osm.org"),
    *("/maps", "/@", "/search/", "/dir/", "/place/", "?q=", "&q=", "?ll=", "&ll=", "?query=", "?cp=", "#map=17/", "?"),
    *("14.68,-92.15", "14.68%2C-92.15", "14.68", "-92.15", ",", "/", "~", "%2C", "%", "loc:", "ll.", "+", " "),
    *("!3d14.68!4d-92.15", "?mlat=14.68&mlon=-92.15", "?lat=14.68&lon=-92.15", ";u=35", ";crs=wgs84", ";crs=x", ",17z"),
)
TEXTS = 6000


@pytest.mark.parametrize("case", CASES, ids=[case["text"] or "nothing" for case in CASES])
def test_a_pair_is_read_as_the_vectors_say(case: dict[str, Any]) -> None:
    try:
        read: tuple[float | None, ...] = pair(case["text"])
    except RowFaultError:
        read = (None, None, None)
    assert read == pytest.approx((case["lon"], case["lat"], case.get("metres")), abs=6e-8)


@pytest.mark.parametrize("case", ANGLES, ids=[f"{case['axis']} {case['text'] or 'nothing'}" for case in ANGLES])
def test_an_angle_is_read_as_the_vectors_say(case: dict[str, Any]) -> None:
    try:
        degrees = angle(case["text"], "latitude" if case["axis"] == "y" else "longitude")
    except RowFaultError:
        degrees = None
    assert degrees == pytest.approx(case["degrees"], abs=6e-8)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("14.68 # -92.15", r"'#' is no side, no unit and no number"),
        ("14.68", "it is not two numbers"),
        ("14 N 15 N", "both of its numbers are called a latitude"),
        ("14 61 0 N 92 0 0 W", "minutes or seconds that do not exist"),
        ("14.68 N, -92.15 W", "keep one of them"),
        ("91.5 N 92 W", "the latitude 91.5 is out of range"),
        ("N 14.68 W 92.15 E", "belongs to no number"),
        ("14.68 norte sur, 92.15 oeste", "belongs to no number"),
        ("580000 1620000", "UTM needs its zone and band"),
        ("15S 580000 1620000", "write 15 north or 15 south"),
        ("15R 580000 1620000", "not in band R, nor in one beside it"),
        ("15P 1620000 580000", "write the easting first"),
        ("15PAS8000020000", "there is no square AS in 15P"),
        ("https://www.google.com/maps/place/Tapachula/@14.9,-92.3,12z", "a link without a position"),
        ("15PWS800", "as many digits to the east as to the north"),
        ("geo:14.68,-92.15;crs=nad27", "another system than WGS 84"),
        ("https://maps.app.goo.gl/abc", "a link without a position"),
        ("https://yandex.com/maps/?ll=-92.15,14.68", "a program that is not known"),
    ],
)
def test_what_is_no_pair_says_why(words: str, why: str) -> None:
    with pytest.raises(RowFaultError, match=why):
        pair(words)


def _by_store(text: str) -> tuple[float, float] | None:
    try:
        longitude, latitude, _ = pair(text)
    except RowFaultError:
        return None
    return latitude, longitude


@pytest.mark.parametrize(("pieces", "most", "read"), [(PIECES, 12, 80), (GRID, 5, 10), (LINK, 5, 20)])
def test_any_text_is_read_alike_by_the_page(
    pieces: tuple[str, ...], most: int, read: int, on_page: Callable[..., list[dict[str, Any]]]
) -> None:
    random = Random(27)  # noqa: S311 - the same texts each time
    texts = ["".join(random.choices(pieces, k=random.randint(1, most))) for _ in range(TEXTS)]
    results = [given["result"] for given in on_page("pairs", "read", [[text] for text in texts])]
    on_the_page = [None if "fault" in given else (given["lat"], given["lon"]) for given in results]
    in_the_store = [_by_store(text) for text in texts]
    different = [
        one for one in zip(texts, on_the_page, in_the_store, strict=True) if one[1] != pytest.approx(one[2], abs=6e-8)
    ]
    assert different == []
    assert sum(one is not None for one in in_the_store) > read


def test_any_angle_is_read_alike_by_the_page(on_page: Callable[..., list[dict[str, Any]]]) -> None:
    random = Random(28)  # noqa: S311 - the same texts each time
    texts = ["".join(random.choices(PIECES, k=random.randint(1, 6))) for _ in range(TEXTS)]
    results = [given["result"] for given in on_page("pairs", "angle", [[text, "y"] for text in texts])]

    def by_store(text: str) -> float | None:
        try:
            return angle(text, "latitude")
        except RowFaultError:
            return None

    on_the_page = [None if isinstance(given, dict) else given for given in results]
    in_the_store = [by_store(text) if text.strip() else None for text in texts]
    different = [
        one for one in zip(texts, on_the_page, in_the_store, strict=True) if one[1] != pytest.approx(one[2], abs=6e-8)
    ]
    assert different == []
    assert sum(one is not None for one in in_the_store) > 100


@pytest.mark.slow
@pytest.mark.parametrize("zone", [1, 14, 15, 16, 31, 60])
def test_utm_is_what_proj_makes_of_it(zone: int) -> None:
    random = Random(zone)  # noqa: S311 - the same places each time
    for _ in range(100):
        latitude, longitude = random.uniform(-79.9, 83.9), 6 * zone - 183 + random.uniform(-3, 3)
        south = latitude < 0
        to_metres = Transformer.from_crs("OGC:CRS84", f"EPSG:{32700 if south else 32600}".replace("00", f"{zone:02d}"))
        easting, northing = to_metres.transform(longitude, latitude)
        text = f"{zone} {'south' if south else 'north'} {easting:.4f} {northing:.4f}"
        assert pair(text)[:2] == pytest.approx((longitude, latitude), abs=2e-8)


@pytest.mark.parametrize(
    ("text", "longitude", "latitude"),
    [
        # the example of the documentation of python-mgrs, and the tower of Eiffel
        ("15TWG0000049776", -93.0, 42.0),
        ("31UDQ4825111932", 2.2945, 48.8582),
        ("18SUJ2348006470", -77.0353, 38.8894),
    ],
)
def test_mgrs_is_what_others_make_of_it(text: str, longitude: float, latitude: float) -> None:
    assert pair(text)[:2] == pytest.approx((longitude, latitude), abs=1e-4)
