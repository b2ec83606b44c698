"""A border of one's own, from outlines to pages, as a user makes it."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import shapely

from atlas.border_project.json_schema import json_schema
from atlas.borderland.new_project import Wanted, new_project
from atlas.errors import InputError, UsageError
from atlas.geometry.coverage import edge_owners
from atlas.pipeline.refresh import refresh
from atlas.project import find_project
from tests.borderland.made_up import edge, strips, write

pytestmark = pytest.mark.slow

Command = Callable[..., subprocess.CompletedProcess[str]]


def _layer(folder: Path, name: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((folder / "geodata/layers" / f"{name}.geojson").read_bytes())[
        "features"
    ]
    return features


def _areas(features: list[dict[str, Any]]) -> list[shapely.Geometry]:
    return [shapely.geometry.shape(feature["geometry"]) for feature in features]


def test_both_sides_share_the_line_position_by_position(made: Path) -> None:
    here, there = (_areas(_layer(made, name)) for name in ("municipalities", "neighbour_regions"))
    assert shapely.coverage_is_valid([*here, *there])
    for feature in _layer(made, "border"):
        line = np.array(feature["geometry"]["coordinates"])
        assert (edge_owners(line, here) >= 0).all()
        assert (edge_owners(line, there) >= 0).all()


def test_the_leading_side_keeps_its_edge(made: Path, outlines: tuple[Path, Path]) -> None:
    given = shapely.union_all(_areas(json.loads(outlines[0].read_bytes())["features"]))
    line = shapely.union_all(_areas(_layer(made, "border")))
    assert shapely.hausdorff_distance(line, shapely.intersection(line, shapely.buffer(given.boundary, 2e-6))) < 1e-5


def test_the_ledger_has_each_position_that_moved_in_metres(made: Path, outlines: tuple[Path, Path]) -> None:
    ledger = json.loads((made / "geodata/edgematch.json").read_bytes())
    leading, led = ledger["sides"]
    assert (leading["code"], leading["moved"], leading["units"]) == ("AAA", 0, [])
    given = shapely.get_coordinates(_areas(json.loads(outlines[1].read_bytes())["features"]))
    moved = [row for unit in led["units"] for row in unit["positions_moved"]]
    # 31 positions of either edge, but for the two ends of each, which lie on edges between units as they are now
    assert led["moved"] == len(moved) == 58
    assert {tuple(row[:2]) for row in moved} <= {tuple(np.round(xy, 7)) for xy in given}
    assert min(row[2] for row in moved) > 45
    added = [row for unit in led["units"] for row in unit["positions_added"]]
    assert max(row[2] for row in [*moved, *added]) == led["most_m"] < 55


def test_codes_names_and_parents_are_the_files_own(made: Path) -> None:
    units = [feature["properties"] for feature in _layer(made, "municipalities")]
    assert [(unit["cvegeo"], unit["name"], unit["state"]) for unit in units] == [
        (f"A-{n}", f"Gau {n} „Süd“", "Kreis 1") for n in range(3)
    ]
    assert {unit["population_2020"] for unit in units} == {None}
    assert {unit["neighbour"] for unit in (f["properties"] for f in _layer(made, "neighbour_regions"))} == {"BBB"}


def test_a_project_verifies_and_its_layers_pass_check(made: Path, command_line: Command) -> None:
    verified = command_line("--project", made, "verify")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "No difference in 19 files.")
    layers = sorted((made / "geodata/layers").glob("*.geojson"))
    checked = command_line("check", *(path for path in layers if path.stem != "basemap"))
    assert checked.returncode == 0, checked.stdout


def test_pages_name_this_border_and_no_other(made: Path) -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in sorted((made / "maps").glob("*.html"))}
    assert set(pages) == {"index", "atlas", "border", "municipalities", "annotate"}
    assert "Südland" in pages["index"]
    assert '<h1 data-t="page.index.title">Desert</h1>' in pages["index"]
    assert not [name for name in ("Suchiate", "Chiapas", "Guatemala", "INEGI") if name in pages["index"]]


def test_the_release_gate_has_boxes_on_both_sides(made: Path, command_line: Command, tmp_path: Path) -> None:
    folder = shutil.copytree(made, tmp_path / "copy")
    boxed = command_line("--project", folder, "boxes")
    assert boxed.returncode == 0, boxed.stderr
    assert json.loads((folder / "geodata/boxes.json").read_bytes())["both_banks"] is True


def test_a_new_project_fits_its_json_schema(made: Path) -> None:
    jsonschema.validate(tomllib.loads((made / "atlas.toml").read_text(encoding="utf-8")), json_schema())


def test_the_schema_that_is_shipped_is_the_models(repo: Path) -> None:
    shipped = json.loads((repo / "atlas/border_project/project.schema.json").read_bytes())
    assert shipped == json_schema()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('leader = "here"', 'leader = "me"', r"\[border\] leader is 'me'; it can be here, neighbour, middle"),
        ('code = "AAA"', 'code = "BBB"', "the code BBB stands for two sides; give each side a code of its own"),
        ("tolerance_m = 1000.0", "tolerance_m = -1", r"\[border\] tolerance_m must be metres, above 0"),
        ("[modules]", "[modulos]", r"\[modulos\] is no table of a project; did you mean modules\? the tables are"),
        ('file = "outlines/here.geojson"', 'file = "gone.gpkg"', r"\[sources.here\] file: there is no file"),
        (
            "[modules]",
            '[[telephones]]\nbegins = "2-9"\n[modules]',
            r"\[telephones 1\] has neither groups nor digits; add",
        ),
        (
            "[modules]",
            '[[telephones]]\nbegins = "9-2"\ndigits = 9\n[modules]',
            r"\[telephones 1\] begins must be a digit",
        ),
        ("[modules]", '[[projections]]\nname = "x"\ncrs = "x"\n[modules]', r"\[projections 1\] crs must be EPSG: with"),
        ("[here]", '[here]\nland = "land_neighbours"', r"\[here\] land is the word of the border that comes with"),
        ('way = "shared edge"', "", r'\[border\] way is missing: how the line comes about; add way = "shared edge"'),
    ],
)
def test_an_error_names_table_key_and_remedy(made: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = shutil.copytree(made, tmp_path / "copy")
    text = (folder / "atlas.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "atlas.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        find_project(folder)


def test_another_file_than_the_one_written_down_is_refused(made: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(made, tmp_path / "copy")
    with (folder / "outlines/here.geojson").open("a") as stream:
        stream.write("\n")
    with pytest.raises(InputError, match=r"\[sources.here\] .* is another file than the one"):
        refresh(find_project(folder))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"neighbours": (Path("nowhere.gpkg"),)}, "--neighbour: there is no file nowhere.gpkg"),
        ({"names": ("AAA",)}, "expected CODE=NAME, such as FRA=France"),
        ({"columns": {0: {"name": "NOM"}}}, "has no column 'NOM'; its columns are KENNZ, Bezeichnung, kreis"),
        ({"names": ("AAA=x", "AAA=y")}, "two sides would have the code AAA; name each side"),
    ],
)
def test_what_cannot_be_known_is_asked(
    outlines: tuple[Path, Path], tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    here, there = outlines
    with pytest.raises((InputError, UsageError), match=message):
        new_project(tmp_path / "new", Wanted(**{"here": here, "neighbours": (there,), **change}))
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_left_alone(outlines: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is not empty; give a new folder for the project"):
        new_project(tmp_path, Wanted(here=outlines[0], neighbours=(outlines[1],)))


def test_figures_are_drawn_of_the_pages_that_it_has(made: Path, command_line: Command, tmp_path: Path) -> None:
    drawn = command_line("--project", made, "figure", "border", "-o", tmp_path / "f.svg", "--lang", "es")
    assert (drawn.returncode, (tmp_path / "f.svg").read_text("utf-8")[:5]) == (0, "<?xml")
    refused = command_line("--project", made, "figure", "crossings", "-o", tmp_path / "g.svg")
    assert "the pages with a figure are atlas, border, municipalities" in refused.stderr


def test_citations_and_deposits_name_this_border_and_no_other(
    made: Path, command_line: Command, tmp_path: Path
) -> None:
    for form in ("text", "bibtex", "csl"):
        cited = command_line("--project", made, "cite", "border", "--format", form)
        assert (cited.returncode, "Desert" in cited.stdout, "southern" in cited.stdout.lower()) == (0, True, False)
    ours = command_line("cite", "border").stdout
    assert cited.stdout.count("urn:uuid:") == 1
    # the same id in two projects names two things
    assert not set(re.findall("urn:uuid:[0-9a-f-]+", cited.stdout)) & set(re.findall("urn:uuid:[0-9a-f-]+", ours))
    done = command_line("--project", made, "deposit", "-o", tmp_path / "deposit")
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "deposit/datacite.json").read_bytes())
    assert record["titles"][0]["title"] == "Desert"
    assert {word["subject"] for word in record["subjects"]} >= {"Südland", "Nordland"}
    # nobody stated a licence for these outlines, so that none is given to the whole
    assert "rightsIdentifier" not in record["rightsList"][0]
    assert json.loads((tmp_path / "deposit/datapackage.json").read_bytes())["name"] == "desert"
    for name in ("datacite.json", ".zenodo.json", "ro-crate-metadata.json", "dcat.jsonld", "README.md"):
        text = (tmp_path / "deposit" / name).read_text(encoding="utf-8")
        assert not re.search("Mexico|southern-border atlas", text), name


def test_a_project_without_claims_says_so(made: Path, command_line: Command) -> None:
    done = command_line("--project", made, "claims")
    assert (done.returncode, done.stdout) == (
        0,
        "There are no claims yet; they would be rows of geodata/evidence/claims.csv.\n",
    )
    assert command_line("--project", made, "claims", "--format", "json").stdout == "[]\n"


def test_an_area_across_180_uncut_is_refused_with_a_remedy_that_works(tmp_path: Path, command_line: Command) -> None:
    boxes = [
        shapely.Polygon([(179, south), (-179, south), (-179, south + 1), (179, south + 1)]) for south in (-17, -18)
    ]
    files = [
        write(tmp_path / f"{n}.geojson", [box], [{"code": "1", "name": f"Unit {n}"}]) for n, box in enumerate(boxes)
    ]
    sides = ("--side", "AAA=A", "--side", "BBB=B")
    done = command_line("new", tmp_path / "p", "--here", files[0], "--neighbour", files[1], *sides)
    assert done.returncode == 2
    assert "across 180° uncut; cut it with `atlas clean" in done.stderr
    cut = [tmp_path / f"cut{n}.geojson" for n in (0, 1)]
    for file, out in zip(files, cut, strict=True):
        # which of both was meant is asked: across 180°, or around the earth
        cleaned = command_line("clean", file, "-o", out, "--repair", "antimeridian")
        assert cleaned.returncode == 0, cleaned.stdout + cleaned.stderr
    done = command_line("new", tmp_path / "p", "--here", cut[0], "--neighbour", cut[1], *sides)
    assert done.returncode == 0, done.stderr
    assert "box = [178." in (tmp_path / "p/atlas.toml").read_text(encoding="utf-8")


def _file(path: Path, rows: list[dict[str, object]]) -> Path:
    return write(path, strips(edge(0), 9.2, len(rows)), rows)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"code": "A", "name": "x"}, {"code": "A", "name": "y"}], r"no code for each unit \('A' stands 2 times"),
        ([{"code": "A", "name": "x"}, {"code": None, "name": "y"}], r"code is no code for each unit"),
        ([{"code": 1001, "name": "x"}, {"code": 11002, "name": "y"}], r"codes have 4 and 5 digits, none begins with 0"),
    ],
)
def test_what_is_odd_about_codes_is_remarked(
    outlines: tuple[Path, Path], tmp_path: Path, rows: list[dict[str, object]], message: str
) -> None:
    made_now = new_project(tmp_path / "p", Wanted(here=_file(tmp_path / "a.geojson", rows), neighbours=(outlines[1],)))
    assert re.search(message, "\n".join(made_now.proposals))


def test_a_file_of_codes_alone_is_not_asked_for_names(outlines: tuple[Path, Path], tmp_path: Path) -> None:
    rows = [{"code": f"A{n}", "area": 2.5} for n in range(3)]
    made_now = new_project(tmp_path / "p", Wanted(here=_file(tmp_path / "a.geojson", rows), neighbours=(outlines[1],)))
    assert "code = code, name = none" in "\n".join(made_now.proposals)


def test_rows_are_left_out_by_the_codes_that_are_proposed(outlines: tuple[Path, Path], tmp_path: Path) -> None:
    rows = [{"code": f"A{n}", "name": f"Unit {n}"} for n in range(3)]
    here = _file(tmp_path / "a.geojson", rows)
    new_project(tmp_path / "p", Wanted(here=here, neighbours=(outlines[1],), leave_out={0: ("A2",)}))
    assert 'leave_out = ["A2"]' in (tmp_path / "p/atlas.toml").read_text(encoding="utf-8")


def test_a_third_end_and_a_folder_are_refused(
    outlines: tuple[Path, Path], tmp_path: Path, command_line: Command
) -> None:
    ends = ("--end", "10,23", "--end", "10,24", "--end", "10,23.5")
    done = command_line("new", tmp_path / "p", "--here", outlines[0], "--neighbour", outlines[1], *ends)
    assert (done.returncode, "--end is given 3 times; a line has two ends" in done.stderr) == (2, True)
    (tmp_path / "units.gdb").mkdir()
    done = command_line("new", tmp_path / "p", "--here", tmp_path / "units.gdb")
    assert (done.returncode, "units.gdb is a folder; give one file of outlines" in done.stderr) == (2, True)


def test_the_next_step_can_be_pasted(outlines: tuple[Path, Path], tmp_path: Path, command_line: Command) -> None:
    folder = tmp_path / "it's mine"
    done = command_line("new", folder, "--here", outlines[0], "--neighbour", outlines[1], "--columns", "0:name=KENNZ")
    assert done.returncode == 0, done.stderr
    step = done.stdout.splitlines()[-1].removeprefix("Next: ").partition(" && ")[0]
    assert shlex.split(step) == ["cd", str(folder)]
