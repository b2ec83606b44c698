"""What lies near a secret is a leak, whatever its last digit says; what chance or the public explains is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from atlas.disclosure.finding import Finding
from atlas.disclosure.limits import Limits
from atlas.disclosure.public_content import public_pairs, public_words
from atlas.disclosure.scan import Scan
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.project import Project
from tests.disclosure import plants
from tests.disclosure.writers import tile

pytestmark = pytest.mark.slow

Scanned = Callable[..., list[Finding]]

PLACES = plants.PLACES


def features(places: list[tuple[float, float]]) -> list[dict[str, Any]]:
    properties = {"category": "informal_crossing", "sensitivity": "generalised"}
    return [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": list(place)}, "properties": properties}
        for place in places
    ]


@pytest.fixture(scope="session")
def scanned(project: Project, limits: Limits) -> Scanned:
    """Findings of rule secret-position in some bytes, with the first so many places to look for."""
    public, words = public_pairs(project), public_words(project)
    searches = {n: Search(secrets_of(features(PLACES[:n]), limits, words), limits, public) for n in (1, 8)}

    def scan(data: bytes, records: int, name: str = "file") -> list[Finding]:
        run = Scan(limits, searches[records])
        run.data(name, data, judged=False)
        return [one for one in run.findings.all() if one.rule == "secret-position"]

    return scan


@pytest.fixture
def rules_in(project: Project, limits: Limits) -> Callable[[bytes], set[str]]:
    search = Search(secrets_of(features(PLACES), limits), limits, public_pairs(project))

    def scan(data: bytes) -> set[str]:
        run = Scan(limits, search)
        run.data("file", data, judged=False)
        return {one.rule for one in run.findings.all()}

    return scan


def moved(metres: float, seed: int = 3) -> list[tuple[float, float]]:
    dice = np.random.default_rng(seed)
    angles = dice.uniform(0, 2 * np.pi, len(PLACES))
    return [
        (lon + metres * np.cos(a) / 107_000, lat + metres * np.sin(a) / 111_195)
        for (lon, lat), a in zip(PLACES, angles, strict=True)
    ]


NEAR = {
    "two decimals": json.dumps([[round(x, 2), round(y, 2)] for x, y in PLACES]),
    "two decimals, cut off": json.dumps([[int(x * 100) / 100, int(y * 100) / 100] for x, y in PLACES]),
    "two decimals, latitude first": "\n".join(f"{y:.2f}, {x:.2f}" for x, y in PLACES),
    "two decimals with letters": "\n".join(f"{y:.2f} N {-x:.2f} W" for x, y in PLACES),
    "three decimals, moved by 200 m": json.dumps([[round(x, 3), round(y, 3)] for x, y in moved(200)]),
    "moved by 50 m": json.dumps(moved(50)),
    "moved by 400 m": "".join(f"{x:.5f},{y:.5f}\n" for x, y in moved(400)),
    "moved by 50 m, decimal commas": "".join(f"{x:.5f};{y:.5f}\n".replace(".", ",") for x, y in moved(50)),
}


@pytest.mark.parametrize("records", [1, 8])
@pytest.mark.parametrize("how", NEAR)
def test_what_lies_near_a_secret_is_found(scanned: Scanned, how: str, records: int) -> None:
    (hit,) = scanned(NEAR[how].encode(), records)
    assert hit.count == records
    assert hit.distance_m is not None
    assert hit.distance_m < 900
    assert "by chance in" in hit.what


def test_floats_near_secrets_are_found(scanned: Scanned) -> None:
    assert scanned(b"\x00\x01" + np.array(moved(50)).tobytes(), 8)


@pytest.mark.parametrize("records", [1, 8])
def test_dice_are_no_leak(scanned: Scanned, records: int) -> None:
    alarms = 0
    for seed in range(40):
        dice = np.random.default_rng(seed)
        pairs = zip(dice.uniform(-92.4, -88, 300), dice.uniform(14.5, 18.5, 300), strict=True)
        text = "".join(f"[{x:.{seed % 4 + 1}f},{y:.{seed % 4 + 1}f}]," for x, y in pairs)
        alarms += bool(scanned(text.encode(), records))
    # the stated chance is one of a hundred
    assert alarms <= 1


def test_a_line_that_runs_past_a_secret_is_no_leak(scanned: Scanned) -> None:
    steps = np.linspace(-0.2, 0.2, 400)
    line = [(PLACES[0][0] + step * 0.3 + 0.0004, PLACES[0][1] + step) for step in steps]
    assert not scanned(json.dumps([[round(x, 6), round(y, 6)] for x, y in line]).encode(), 1)


@pytest.mark.parametrize("records", [1, 8])
def test_layers_and_documents_are_no_leak(scanned: Scanned, repo: Path, records: int) -> None:
    for path in [*repo.glob("geodata/layers/*.geojson"), *repo.glob("docs/*.md"), *repo.glob("*.md")]:
        assert not scanned(path.read_bytes(), records, path.name), path.name


def test_the_history_and_a_large_folder_ask_for_more(limits: Limits, project: Project) -> None:
    search = Search(secrets_of(features(PLACES), limits, public_words(project)), limits, public_pairs(project))
    one, all_ = (NEAR["two decimals"].encode()[:16], NEAR["two decimals"].encode())
    alone, among = Scan(limits, search), Scan(limits, search, among=10_000)
    alone.data("file", one, judged=False)
    among.data("file", one, judged=False)
    assert [finding.rule for finding in alone.findings.all()] == ["secret-position"]
    assert not among.findings.all()
    among.data("file", all_, judged=False)
    assert among.findings.all()


def test_a_tile_around_a_secret_is_a_leak_and_a_pyramid_is_none(
    rules_in: Callable[..., set[str]],
) -> None:
    column, row = tile(PLACES[0], 14)
    assert rules_in(f"tiles/14/{column}/{row}.png".encode()) == {"secret-cell"}
    names = [f"tiles/14/{column + right}/{row + up}.png" for right in range(-5, 6) for up in range(-5, 6)]
    assert not rules_in("\n".join(names).encode())
    # nearly as large as the floor, and larger
    assert rules_in("tiles/12/{}/{}.png".format(*tile(PLACES[0], 12)).encode()) == {"secret-cell"}
    assert not rules_in("tiles/11/{}/{}.png".format(*tile(PLACES[0], 11)).encode())
