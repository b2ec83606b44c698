"""Areas whose rings cross or stand in the wrong place: put right, asked about, and never lost without a word."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import shape
from typer.testing import CliRunner

from atlas.check import RULES, Severity, check_file
from atlas.clean import Options, clean_files, options
from atlas.clean.validity import Filling, filled, pieces_of
from atlas.cli import app
from atlas.errors import InputError, UsageError

GIS = Path(__file__).parent.parent / "data" / "gis"


def _box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _write(path: Path, *geometries: tuple[str, Any]) -> Path:
    features = [
        {"type": "Feature", "properties": {"n": n}, "geometry": {"type": kind, "coordinates": coordinates}}
        for n, (kind, coordinates) in enumerate(geometries)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def _cleaned(path: Path, out: Path, answers: Options | None = None) -> list[Any]:
    """The shapes that were written, which pass check and stay as they are."""
    assert clean_files([path], out, answers or options()).rejected == 0
    assert not {rule for rule in check_file(out).counts if RULES[rule].severity is not Severity.INFO}
    assert clean_files([out], out.with_name("again.geojson"), answers or options()).total["changes"] == 0
    return [shape(one["geometry"]) for one in json.loads(out.read_bytes())["features"]]


OUTER, INNER, BESIDE = _box(0, 10, 4, 14), _box(1, 11, 2, 12), _box(6, 10, 8, 14)
HOLE = _box(6.5, 11, 7, 12)
TWO_HOLES = [_box(1, 11, 3, 13)[::-1], _box(1.5, 11.5, 2, 12)[::-1]]
BOWTIE = [[0, 10], [2, 12], [2, 10], [0, 12], [0, 10]]
LOOP = [[0, 10], [4, 10], [4, 14], [2, 14], [2, 12], [3, 12], [3, 13], [1, 13], [1, 14], [0, 14], [0, 10]]
# what the rings show: the area that comes of it, without a question
SHOWN = {
    "a part written as a hole": (("Polygon", [OUTER, BESIDE]), 16 + 8),
    "a part with a hole, both written as holes": (
        ("Polygon", [OUTER, BESIDE, _box(6.5, 11, 7, 12)[::-1]]),
        16 + 8 - 0.5,
    ),
    "the same with clockwise outlines": (("Polygon", [OUTER[::-1], BESIDE[::-1], HOLE]), 23.5),
    "the outer ring after its hole": (("Polygon", [INNER[::-1], OUTER]), 16 - 1),
    "a hole written as a part": (("MultiPolygon", [[OUTER], [INNER[::-1]]]), 16 - 1),
}


@pytest.mark.parametrize("name", SHOWN)
def test_rings_go_where_their_direction_shows_that_they_belong(tmp_path: Path, name: str) -> None:
    geometry, area = SHOWN[name]
    (made,) = _cleaned(_write(tmp_path / "in.geojson", geometry), tmp_path / "out.geojson")
    assert made.area == pytest.approx(area)


# geometry, rule, area by structure, area by linework where that is offered
ASKED: dict[str, tuple[tuple[str, Any], str, float, float | None]] = {
    "a hole beside": (("Polygon", [OUTER, BESIDE[::-1]]), "hole-outside", 16 + 8, None),
    "a hole around": (("Polygon", [INNER, OUTER[::-1]]), "hole-outside", 16 - 1, None),
    "a ring over itself": (("Polygon", [LOOP]), "self-intersection", 15, 14),
    "parts that overlap": (("MultiPolygon", [[OUTER], [_box(3, 10, 6, 14)]]), "overlap-parts", 24, 20),
    "a part in a part": (("MultiPolygon", [[OUTER], [INNER]]), "polygon-invalid", 16, 15),
    "a hole in a hole": (
        ("Polygon", [OUTER, _box(1, 11, 3, 13)[::-1], _box(1.5, 11.5, 2, 12)[::-1]]),
        "polygon-invalid",
        12.25,
        12.25,
    ),
    "a hole across the outer ring": (("Polygon", [OUTER, _box(3, 11, 5, 12)[::-1]]), "self-intersection", 15, 16),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_the_rings_do_not_show_is_asked_and_repaired_as_answered(tmp_path: Path, name: str) -> None:
    geometry, rule, by_structure, by_linework = ASKED[name]
    path, out = _write(tmp_path / "in.geojson", geometry), tmp_path / "out.geojson"
    with pytest.raises(InputError, match=rf"{rule}: .*km².*--repair {rule}.*--reject {rule}.*--keep {rule}"):
        clean_files([path], out, options())
    (made,) = _cleaned(path, out, options(repair=(rule,)))
    assert made.area == pytest.approx(by_structure)
    (change,) = [
        one for one in json.loads((tmp_path / "out.ledger.json").read_bytes())["changes"] if one["rule"] == rule
    ]
    assert "km²" in change["before"]
    assert "km², " in change["after"] + ", "
    assert change["area_change_m2"] is not None
    if by_linework is not None:
        (made,) = _cleaned(path, out, options(repair=(f"{rule}=linework",)))
        assert made.area == pytest.approx(by_linework)
        assert "by linework" in (tmp_path / "out.ledger.json").read_text(encoding="utf-8")


def test_a_country_with_a_loop_is_asked_about_and_keeps_its_area(tmp_path: Path) -> None:
    path, out = GIS / "country-with-1km-loop.geojson", tmp_path / "out.geojson"
    with pytest.raises(InputError, match=r"by structure 12,.* km², by linework .*--repair self-intersection"):
        clean_files([path], out, options())
    (made,) = _cleaned(path, out, options(repair=("self-intersection",)))
    assert made.area == pytest.approx(1, abs=2e-3)


def test_the_second_part_of_each_area_is_kept(tmp_path: Path) -> None:
    path, out = GIS / "second-part-as-hole.geojson", tmp_path / "out.geojson"
    with pytest.raises(InputError, match="--repair hole-outside"):
        clean_files([path], out, options())
    first, second = _cleaned(path, out, options(repair=("all-safe",)))
    assert first.area == pytest.approx(0.02)
    assert second.area == pytest.approx(0.02 - 0.0004)


def test_a_bowtie_has_one_area_and_needs_no_answer(tmp_path: Path) -> None:
    (made,) = _cleaned(_write(tmp_path / "in.geojson", ("Polygon", [BOWTIE])), tmp_path / "out.geojson")
    assert made.area == pytest.approx(2)


@pytest.mark.slow
def test_putting_something_aside_is_exit_1_and_an_empty_result_an_error(tmp_path: Path) -> None:
    good, bad = ("Point", [-90, 15]), ("Point", [-905, 16])
    some, none = _write(tmp_path / "some.geojson", good, bad), _write(tmp_path / "none.geojson", bad)
    run = CliRunner().invoke
    done = run(app, ["clean", str(some), "-o", str(tmp_path / "out.geojson")])
    assert done.exit_code == 1
    assert "1 feature was put aside" in done.stdout
    with pytest.raises(InputError, match=r"nothing is left.*--allow-empty.*\n.*1 feature.*position-range"):
        clean_files([none], tmp_path / "2.geojson", options())
    assert not (tmp_path / "2.geojson").exists()
    assert run(app, ["clean", str(none), "-o", str(tmp_path / "2.geojson"), "--allow-empty"]).exit_code == 1
    assert len(json.loads((tmp_path / "2.rejected.geojson").read_bytes())["features"]) == 1
    # what was empty before has lost nothing
    assert clean_files([_write(tmp_path / "e.geojson")], tmp_path / "3.geojson", options()).rejected == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"repair": ("spike=linework",)}, "=structure or =linework"),
        ({"repair": ("self-intersection=both",)}, "=structure or =linework"),
        ({"repair": ("nothing=linework",)}, "=structure or =linework"),
        ({"repair": ("spike",), "keep": ("spike",)}, "exclude each other"),
        ({"repair": ("gap",)}, "all-safe"),
    ],
)
def test_answers_that_make_no_sense_are_refused(words: dict[str, tuple[str, ...]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        options(**words)


def test_all_safe_gives_way_to_an_answer_that_names_the_rule() -> None:
    made = options(repair=("all-safe",), keep=("type-mixed",))
    assert "type-mixed" not in made.repair
    assert {"hole-outside", "overlap-parts"} <= made.repair
    assert not {"self-intersection", "spike", "antimeridian", "null-island", "date-not-iso"} & made.repair


def _coast(islands: int, *, noise: float, noisy: int = 1_000) -> tuple[str, Any]:
    """A coast of 4,000 positions in one MultiPolygon with islands, a bowtie, and a stretch that is noise."""
    turn = np.linspace(0, 2 * np.pi, 4_000, endpoint=False)
    shore = np.column_stack([-92 + np.cos(turn), 16 + np.sin(turn)])
    shore[[100, 101]] = shore[[101, 100]]
    shore[2_000 : 2_000 + noisy] += np.random.default_rng(1).uniform(-noise, noise, (noisy, 2))
    rings = [np.vstack([shore, shore[:1]]).round(6).tolist()]
    for n in range(islands):
        west, south = round(-90.5 + 0.01 * (n % 50), 6), round(15 + 0.01 * (n // 50), 6)
        rings.append(_box(west, south, round(west + 0.004, 6), round(south + 0.004, 6)))
    return "MultiPolygon", [[ring] for ring in rings]


@pytest.mark.slow
def test_a_coast_with_a_bowtie_and_hundreds_of_islands_is_cleaned_in_seconds(tmp_path: Path) -> None:
    path = _write(tmp_path / "coast.geojson", _coast(700, noise=0))
    began = time.process_time()
    (made,) = _cleaned(path, tmp_path / "out.geojson", options(repair=["self-intersection"]))
    assert time.process_time() - began < 5
    assert len(made.geoms) == 701


@pytest.mark.parametrize("answer", ["repair", "reject", "keep", None])
def test_a_ring_that_crosses_itself_very_often_is_asked_about_in_seconds(answer: str | None, tmp_path: Path) -> None:
    path = _write(tmp_path / "noise.geojson", _coast(5, noise=0.1), ("Polygon", [_box(-80, 10, -79, 11)]))
    began = time.process_time()
    if answer is None:
        with pytest.raises(InputError, match="falls into more than 10,000 pieces"):
            clean_files([path], tmp_path / "out.geojson", options())
    else:
        given = ["self-intersection", "spike"] if answer == "repair" else ["self-intersection"]
        made = clean_files([path], tmp_path / "out.geojson", options(**{"repair": ["spike"], answer: given}))
        assert made.rejected == (answer != "keep")
    assert time.process_time() - began < 10


def test_a_ring_that_crosses_itself_often_is_filled_as_geos_fills_it() -> None:
    (((ring,), *_),) = [_coast(0, noise=0.05, noisy=80)[1]]
    area = shapely.Polygon(ring)
    made = filled(area, Filling.LINEWORK)
    expected = shapely.make_valid(area)
    assert made is not None
    assert pieces_of(area) > 250
    assert shapely.symmetric_difference(made, expected).area == pytest.approx(0, abs=1e-12)


def _lakes(count: int) -> shapely.Geometry:
    """An area that crosses itself, with lakes in rows of which every ninth meets the next one."""
    side = math.isqrt(count) + 1
    shell = [(0, 0), (side + 1, 0), (side + 1, side + 1), (0.6, side + 1), (0.1, side + 2), (0.7, side + 2)]
    holes = []
    for n in range(count):
        turns = -np.arange(9 + n % 4) * 2 * math.pi / (8 + n % 4)
        radius = 0.7 if n % 9 == 0 else 0.2 + n % 7 * 0.02
        holes.append(np.column_stack([np.cos(turns), np.sin(turns)]) * radius + [1 + n % side, 1 + n // side])
    return shapely.Polygon([*shell, (0.1, side + 1), (0, side + 1)], holes)


def test_lakes_that_are_apart_are_taken_off_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which gives the same as one by one."""
    area = _lakes(120)
    together = filled(area, Filling.STRUCTURE)
    monkeypatch.setattr("atlas.clean.validity._MANY_RINGS", math.inf)
    assert shapely.normalize(together) == shapely.normalize(filled(area, Filling.STRUCTURE))
    assert not shapely.is_empty(together)


def test_a_thousand_lakes_are_filled_in_seconds() -> None:
    """One after the other, the time grew with the square of their number."""
    started = time.process_time()
    assert filled(_lakes(1_000), Filling.STRUCTURE) is not None
    assert time.process_time() - started < 3
