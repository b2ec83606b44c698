"""A pair of coordinates is read alike by the import and by the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from atlas.field.readers.angles import pair
from atlas.field.readers.fault import RowFaultError

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "coordinates.json").read_text(encoding="utf-8")
)["cases"]


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
    ),
)
TEXTS = 6000


@pytest.mark.parametrize("case", CASES, ids=[case["text"] or "nothing" for case in CASES])
def test_a_pair_is_read_as_the_vectors_say(case: dict[str, Any]) -> None:
    try:
        longitude, latitude = pair(case["text"])
    except RowFaultError:
        longitude = latitude = None
    assert (latitude, longitude) == pytest.approx((case["lat"], case["lon"]), abs=5e-8)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("14.68 # -92.15", r"'#' is no side, no unit and no number"),
        ("14.68", "it is not two numbers"),
        ("14 N 15 N", "both of its numbers are called a latitude"),
        ("14 61 0 N 92 0 0 W", "minutes or seconds that do not exist"),
        ("14.68 N, -92.15 W", "keep one of them"),
        ("91.5 N 92 W", "the latitude 91.5 is out of range"),
    ],
)
def test_what_is_no_pair_says_why(words: str, why: str) -> None:
    with pytest.raises(RowFaultError, match=why):
        pair(words)


def _by_store(text: str) -> tuple[float, float] | None:
    try:
        longitude, latitude = pair(text)
    except RowFaultError:
        return None
    return latitude, longitude


def test_any_text_is_read_alike_by_the_page(on_page: Callable[..., list[dict[str, Any]]]) -> None:
    random = Random(27)  # noqa: S311 - the same texts each time
    texts = ["".join(random.choices(PIECES, k=random.randint(1, 12))) for _ in range(TEXTS)]
    results = [case["result"] for case in on_page("pairs", "read", [[text] for text in texts])]
    on_the_page = [None if "fault" in case else (case["lat"], case["lon"]) for case in results]
    in_the_store = [_by_store(text) for text in texts]
    different = [
        one for one in zip(texts, on_the_page, in_the_store, strict=True) if one[1] != pytest.approx(one[2], abs=5e-8)
    ]
    assert different == []
    assert sum(one is not None for one in in_the_store) > 100
