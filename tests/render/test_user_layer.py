"""A user's own file over the base map: a good map or one clear error, and nothing of it that was not chosen."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import html5lib
import pandas as pd
import pytest

import atlas
from atlas.admission import layer_input as reading
from atlas.admission.user_features import read_user_layer
from atlas.cartography.composition import Composition, MapLayer
from atlas.cli.map_options import looks_like_file
from atlas.errors import InputError, OutputError, PolicyError, UsageError
from atlas.published import PublishedLayers
from atlas.release.restricted import Restricted
from atlas.render import render_layer, render_page
from atlas.render import user_layer as drawing
from atlas.render.pages import user_layer as page
from atlas.render.shapes import Packed
from atlas.render.tiles import find_tiles

pytestmark = pytest.mark.slow

Write = Callable[..., Path]
Command = Callable[..., subprocess.CompletedProcess[str]]
DATA = Path(__file__).parents[1] / "data" / "layers"
SQUARE = [[[-91, 17], [-90, 17], [-90, 18], [-91, 18], [-91, 17]]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writes(*features: Any, **members: Any) -> Path:
        path = tmp_path / "mine.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}), encoding="utf-8")
        return path

    return writes


def _feature(kind: str | None, coordinates: Any = None, **properties: Any) -> dict[str, Any]:
    geometry = None if kind is None else {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _layer(html: bytes) -> dict[str, Any]:
    block = re.search(r'id="layer_own">(.*?)</script>', html.decode(), re.DOTALL)
    assert block is not None
    layer: dict[str, Any] = json.loads(block[1])
    return layer


def _drawn(
    path: Path, release: PublishedLayers, fields: Sequence[str] | None = None
) -> tuple[dict[str, Any], Sequence[str]]:
    html, notes = render_layer(path, release=release, fields=fields)
    html5lib.HTMLParser(strict=True).parse(html.decode())
    return _layer(html), notes


def test_only_a_name_is_shown_unless_more_is_chosen(write: Write, release: PublishedLayers) -> None:
    path = write(_feature("Point", [-91, 16], Nombre="Uno", phone="555-0142", note="zacatuche"))
    html, notes = render_layer(path, release=release)
    assert _layer(html)["rows"] == [["Uno"]]
    assert b"555-0142" not in html
    assert b"zacatuche" not in html
    assert notes == ["Fields of the file that are not in this page: 2."]
    layer, _ = _drawn(path, release, ["note", "Nombre"])
    assert layer["title"] == ["Nombre"]
    assert layer["facts"] == ["note"]


def test_a_file_without_a_name_is_listed_by_row(write: Write, release: PublishedLayers) -> None:
    layer, _ = _drawn(write(_feature("Point", [-91, 16], a=1), _feature("Point", [-91, 17], a=2)), release)
    assert layer["rows"] == [[1], [2]]
    assert layer["title"] == ["#"]


def test_heights_collections_and_missing_places(write: Write, release: PublishedLayers) -> None:
    collection = {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [-89, 18]}]}
    deep = {"type": "GeometryCollection", "geometries": [collection, {"type": "Polygon", "coordinates": SQUARE}]}
    path = write(
        _feature("LineString", [[-92, 15, 10], [-91, 16, 20]], name="high"),
        {"type": "Feature", "geometry": deep, "properties": {"name": "both"}},
        _feature(None, name="nowhere"),
        _feature("Polygon", [], name="empty"),
        _feature("LineString", [[-92, 15], [-92, 15]], name="no length"),
        _feature("MultiPoint", [[-92, 15], [-91, 15]], name="two"),
    )
    layer, notes = _drawn(path, release)
    assert [shape and shape[0] for shape in layer["shapes"]] == ["l", "p", "a", None, None, None, "p"]
    assert [row[0] for row in layer["rows"]] == ["high", "both", "both", "nowhere", "empty", "no length", "two"]
    assert layer["shapes"][-1][1] == [[-92.0, 15.0], [-91.0, 15.0]]
    assert "Features whose heights were left out: 1." in notes
    assert "Features with several kinds of shape, each kind drawn separately: 1." in notes
    assert "Features without a place, listed only: 3." in notes


def test_an_empty_file_is_a_map_that_says_so(write: Write, release: PublishedLayers) -> None:
    html, notes = render_layer(write(), release=release)
    assert notes == ["The file holds no features: there is nothing to draw."]
    assert "The file holds no features" in html.decode().split("</main>")[0]


@pytest.mark.parametrize("bare", [{"type": "Point", "coordinates": [-91, 16]}, _feature("Point", [-91, 16])])
def test_a_bare_geometry_and_a_bare_feature_are_drawn(tmp_path: Path, release: PublishedLayers, bare: Any) -> None:
    path = tmp_path / "bare.geojson"
    path.write_text(json.dumps(bare), encoding="utf-8")
    assert _drawn(path, release)[0]["shapes"] == [["p", [[-91.0, 16.0]]]]


def test_two_hundred_properties_and_long_nested_and_huge_values(write: Write, release: PublishedLayers) -> None:
    many = {f"field {number}": number for number in range(200)}
    path = write(_feature("Point", [-91, 16], **many, long="x" * 5000, deep={"a": [1]}, huge=2**70, yes=True))
    layer, notes = _drawn(path, release, [*many, "long", "deep", "huge", "yes"])
    (row,) = layer["rows"]
    assert row[:200] == list(range(200))
    assert row[200:] == ["x" * 2000 + "…", '{"a": [1]}', {"number": str(2**70)}, True]
    assert notes == []
    assert len(render_layer(path, release=release)[0]) < 900_000


def test_numbers_that_a_browser_writes_otherwise_go_as_their_text(tmp_path: Path, release: PublishedLayers) -> None:
    path = tmp_path / "mine.geojson"
    plain = '"a": 0.0004, "b": 14.123456, "c": 2019, "d": "007", "e": -3.5'
    other = '"f": 1.50, "g": 1e-7, "h": -0, "i": 5.0, "j": 0.00001, "k": 9007199254740993'
    place = '"geometry": {"type": "Point", "coordinates": [-91, 16]}'
    path.write_text(f'{{"type": "Feature", "properties": {{{plain}, {other}}}, {place}}}', encoding="utf-8")
    (row,) = _drawn(path, release, list("abcdefghijk"))[0]["rows"]
    assert row[:5] == [0.0004, 14.123456, 2019, "007", -3.5]
    assert row[5:] == [{"number": text} for text in ("1.50", "1e-7", "-0", "5.0", "0.00001", "9007199254740993")]


def test_a_field_that_has_the_name_of_one_of_the_atlas_is_shown(write: Write, release: PublishedLayers) -> None:
    names = ["chainage", "source_ids", "confidence", "as_of"]
    layer, _ = _drawn(
        write(_feature("Point", [-91, 16], name="x", **dict.fromkeys(names, "y"))), release, ["name", *names]
    )
    assert layer["facts"] == names
    assert layer["rows"] == [["x", "y", "y", "y", "y"]]


def test_a_projected_file_is_brought_to_degrees_where_it_says_which(write: Write, release: PublishedLayers) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32615"}}
    layer, notes = _drawn(write(_feature("Point", [500000, 1768935.0], name="x"), crs=crs), release)
    ((lon, lat),) = layer["shapes"][0][1]
    assert lon == pytest.approx(-93.0, abs=1e-5)
    assert lat == pytest.approx(16.0, abs=1e-2)
    assert notes == ["Converted to degrees from the coordinate system WGS 84 / UTM zone 15N."]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_a_file_that_says_degrees_is_left_alone(write: Write, release: PublishedLayers, name: str) -> None:
    path = write(_feature("Point", [-91, 16], name="x"), crs={"type": "name", "properties": {"name": name}})
    layer, notes = _drawn(path, release)
    assert layer["shapes"] == [["p", [[-91.0, 16.0]]]]
    assert notes == []


@pytest.mark.parametrize(
    ("feature", "crs", "message"),
    [
        (_feature("Point", [500000, 1768935]), None, r"\(500000, 1.76894e\+06\), which is not longitude.*ogr2ogr"),
        (_feature("Point", [15, -92.5]), None, "if the two are swapped, put longitude first"),
        (_feature("Point", [1, 2]), {"type": "name", "properties": {"name": "EPSG:nope"}}, "'EPSG:nope', which is not"),
        (_feature("Point", [1, 2]), {"type": "link"}, "a member 'crs' without a name"),
        (_feature("Point", [1]), None, "feature 1: "),
        (_feature("Point", ["a", "b"]), None, "feature 1: .*could not convert"),
        (_feature("Circle", [1, 2]), None, "feature 1: 'Circle' is no type of geometry"),
        (_feature("LineString", [[1, 1]]), None, "feature 1: "),
        ({"type": "Feature", "geometry": None, "properties": [1]}, None, "feature 1: its properties are not an object"),
        (7, None, "feature 1: it is not a Feature"),
    ],
)
def test_what_cannot_be_drawn_is_one_clear_error(write: Write, feature: Any, crs: Any, message: str) -> None:
    path = write(feature, **({"crs": crs} if crs else {}))
    with pytest.raises(InputError, match=message) as caught:
        read_user_layer(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"type": "FeatureCollection", "features": [', "line 1, column"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "NaN is not a number of JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff\xfe{\xd8", "is not UTF-16"),
        (b"", "is not JSON"),
        (b"[1, 2]", "is not GeoJSON: its type is None"),
        (b'{"type": "Topology"}', "is no TopoJSON: a topology has objects and arcs"),
        (b'{"type": "FeatureCollection"}', "without a list of features"),
    ],
)
def test_what_is_not_geojson_is_one_clear_error(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "bad.geojson"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_user_layer(path)


def test_files_that_are_missing_or_folders_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_user_layer(tmp_path / "none.geojson")
    with pytest.raises(InputError, match="is a folder without a shapefile"):
        read_user_layer(tmp_path)
    (tmp_path / "month=2026-01").mkdir()
    (tmp_path / "month=2026-01" / "part-0.parquet").touch()
    with pytest.raises(InputError, match=r"is a folder of tables, .* such as .*part-0\.parquet; .*atlas locate"):
        read_user_layer(tmp_path)


def test_a_folder_is_no_mistyped_page_unless_a_page_bears_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points").mkdir()
    (tmp_path / "border").mkdir()
    assert looks_like_file("points")
    assert not looks_like_file("border")
    assert not looks_like_file("bordre")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.geojson"
    with path.open("wb") as stream:
        stream.truncate(reading.MOST_BYTES + 1)
    with pytest.raises(InputError, match=r"has 150 MB, more than the 150 MB .* simplify it"):
        read_user_layer(path)


def test_a_large_file_is_drawn_coarser_and_neighbours_stay_neighbours(
    write: Write, release: PublishedLayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "MOST_POSITIONS", 100)
    shared = [[-91 + 0.002 * (number % 2), 15 + number / 1000] for number in range(1000)]
    west = _feature("Polygon", [[[-92, 15], *shared, [-92, 16], [-92, 15]]], name="west")
    east = _feature("Polygon", [[[-90, 15], [-90, 16], *shared[::-1], [-90, 15]]], name="east")
    composition = Composition((MapLayer(write(west, east)),))
    edition = page.edition_of(composition, release=release, tiles=None)
    packed: Packed = edition.packed
    one, other = (
        {ref if ref >= 0 else ~ref for run in shape[1][0][0] for ref in (run if isinstance(run, list) else [run])}
        for shape in packed.layers["own"]
        if shape is not None
    )
    assert one & other
    assert sum(len(packed.arcs[arc]) for arc in one | other) < 300
    assert "coarse" in edition.release.composed["own"].drawn.file.notes


def test_fields_that_are_not_there_are_named_with_their_neighbours(write: Write, release: PublishedLayers) -> None:
    with pytest.raises(UsageError, match="has no field 'nombr'; did you mean 'nombre'\\? It has "):
        render_layer(write(_feature("Point", [-91, 16], nombre="x")), release=release, fields=["nombr"])


@pytest.mark.parametrize("stated", ["restricted", "Withheld"])
def test_a_feature_that_says_it_is_not_for_publication_is_not_drawn(
    write: Write, release: PublishedLayers, stated: str
) -> None:
    with pytest.raises(PolicyError, match=rf"sensitivity is '{stated}', which is not drawn \(feature 1\)"):
        render_layer(write(_feature("Point", [-91, 16], sensitivity=stated)), release=release)


def test_a_geodataframe_is_drawn_as_its_file_is(write: Write, repo: Path, release: PublishedLayers) -> None:
    path = write(
        _feature("Point", [-91, 16], name="x", count=3), _feature("Point", [-90.5, 16.25], name="y", count=None)
    )
    frame = geopandas.read_file(path)
    drawn, _ = render_layer(path, release=release, fields=["name", "count"])
    for layer in (frame, frame.to_crs("EPSG:6372"), json.loads(path.read_text(encoding="utf-8"))):
        view = atlas.open(repo).map(layer=layer, fields=["name", "count"])
        assert _layer(view.html)["shapes"] == _layer(drawn)["shapes"]
        assert _layer(view.html)["rows"] == [["x", 3], ["y", None]]
    assert view.title == "layer"


def test_a_layer_of_the_atlas_is_drawn_out_of_memory(repo: Path) -> None:
    project = atlas.open(repo)
    for name in ("crossings_informal", "crossings_vehicular"):
        frame = project.layer(name)
        assert len(_layer(project.map(layer=frame, fields=["name"]).html)["rows"]) == len(frame)


def test_a_geodataframe_passes_the_same_door(repo: Path) -> None:
    project = atlas.open(repo)
    points = geopandas.points_from_xy([-92.1, -92.2], [14.7, 14.8])
    frame = geopandas.GeoDataFrame({"sensitivity": ["open", None]}, geometry=points, crs="EPSG:4326")
    with pytest.raises(PolicyError, match=r"sensitivity is None, .* \(feature 2\)"):
        project.map(layer=frame)
    assert project.map(layer=frame[:1]).html
    assert project.map(layer=frame, sensitivity_field="none").html
    with pytest.raises(PolicyError, match="cannot be drawn"):
        project.map(layer=Restricted([_feature("Point", [-92.1, 14.7])]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"type": "FeatureCollection", "features": [_feature("Point", [float("nan"), 1])]}, "NaN is not a number"),
        ({"type": "Topology"}, "is not GeoJSON: its type is 'Topology'"),
        ({}, "is not GeoJSON"),
        (pd.DataFrame({"a": [1]}), "DataFrame has no columns for a place; name them lat and lon .* Its columns: 'a'"),
        (17, "the int cannot be read as GeoJSON"),
        ("x" * 5000, "cannot be opened"),
        (geopandas.GeoDataFrame({"x": [1]}, geometry=geopandas.points_from_xy([5e6], [5e6])), "not longitude"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_is_no_layer_is_one_clear_error(repo: Path, layer: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        atlas.open(repo).map(layer=layer)


def test_a_geoseries_is_a_layer_without_fields(repo: Path) -> None:
    series = geopandas.GeoSeries.from_xy([500000], [1768935.0], crs="EPSG:32615")
    ((lon, _),) = _layer(atlas.open(repo).map(layer=series).html)["shapes"][0][1]
    assert lon == pytest.approx(-93.0, abs=1e-5)


def test_only_the_door_reads_a_layer_that_is_drawn(repo: Path) -> None:
    reading = [
        path.relative_to(repo)
        for path in (repo / "atlas").rglob("*.py")
        if "read_user_layer" in path.read_text("utf-8")
    ]
    assert sorted(map(str, reading)) == ["atlas/admission/user_features.py", "atlas/admission/user_layers.py"]


def test_two_makings_give_the_same_bytes(write: Write, release: PublishedLayers) -> None:
    path = write(_feature("Polygon", SQUARE, name="x"))
    assert render_layer(path, release=release) == render_layer(path, release=release)


def test_a_page_by_itself_is_the_page_of_the_build(pages: Mapping[str, bytes], release: PublishedLayers) -> None:
    assert render_page(release, "border") == pages["border.html"]
    assert render_page(release, "index.html") == pages["index.html"]


def test_an_unknown_page_is_named_with_its_neighbours(release: PublishedLayers) -> None:
    with pytest.raises(UsageError, match=r"there is no page 'bordre'; did you mean 'border'\?"):
        render_page(release, "bordre")


def test_tiles_open_the_policy_to_their_host_and_no_other(release: PublishedLayers) -> None:
    text = render_page(release, "border", tiles="OpenStreetMap.Mapnik").decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    assert "img-src data: https://tile.openstreetmap.org;" in policy
    assert policy.count("https://") == 1
    assert "default-src &#39;none&#39;" in policy
    assert "unsafe" not in policy
    assert "can see your network address" in text
    assert "puede ver su dirección IP" in text
    assert '<meta name="referrer" content="strict-origin">' in text


def test_a_page_without_tiles_asks_nobody(pages: Mapping[str, bytes]) -> None:
    for name, page_bytes in pages.items():
        if name.endswith(".html"):
            assert b"img-src data:;" in page_bytes
            assert b'content="no-referrer"' in page_bytes
            assert b'id="atlas-tiles"' not in page_bytes


def test_tiles_that_a_page_cannot_use_are_refused(release: PublishedLayers) -> None:
    with pytest.raises(UsageError, match="there are no tiles 'OpenTopMap'; near it: OpenTopoMap"):
        find_tiles("OpenTopMap")
    with pytest.raises(UsageError, match="need a key of your own"):
        find_tiles("Thunderforest.OpenCycleMap")
    with pytest.raises(UsageError, match="has no map to put tiles under"):
        render_page(release, "index", tiles="OpenTopoMap")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["border"], 0, "Wrote "),
        (["--layer", "mine.geojson", "--fields", "name"], 0, "Wrote "),
        ([], 2, "one of the two"),
        (["border", "--layer", "mine.geojson"], 2, "one of the two"),
        (["border", "--fields", "a"], 2, "has no field 'a'"),
        (["--layer", "none.geojson"], 2, "there is no file 'none.geojson'"),
        (["--layer", f"{DATA}/confidencial.geojson"], 2, "sensitivity is 'confidencial', which is no class"),
        (["--layer", f"{DATA}/confidencial.geojson", "--sensitivity-field", "none"], 0, "Wrote "),
        (["--layer", f"{DATA}/duplicate-sensitivity.geojson"], 2, "stands twice in $.features[0].properties"),
        (["--layer", f"{DATA}/duplicate-sensitivity-escaped.geojson"], 2, "“sensitivity” stands twice"),
        (["--layer", f"{DATA}/int-too-large.geojson"], 2, "of 311 digits is larger than programs can hold"),
        (["border", "--sensitivity-field", "none"], 2, "is named for a file of your own"),
        (["border", "--tiles", "Nowhere.AtAll"], 2, "there are no tiles"),
    ],
)
def test_the_command_writes_a_file_or_says_why_not(
    command_line: Command, write: Write, arguments: list[str], code: int, message: str
) -> None:
    folder = write(_feature("Point", [-91, 16], name="x")).parent
    done = command_line("--project", DATA.parents[2], "map", *arguments, "-o", "out.html", cwd=folder)
    assert done.returncode == code, done.stderr
    assert message in done.stdout + done.stderr
    assert (folder / "out.html").is_file() == (code == 0)


def test_a_map_is_not_written_over_a_folder(repo: Path, tmp_path: Path) -> None:
    view = atlas.open(repo).map("index")
    with pytest.raises(OutputError, match="is a folder; name a file in it"):
        view.save(tmp_path)
    assert view.save(tmp_path / "deep" / "index.html").read_bytes() == view.html
