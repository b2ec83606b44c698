"""Every wrong outline file: one error that says what, where and what to do."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from atlas.errors import SourceError
from atlas.project import SourceOverride
from atlas.sources.outlines import read_outlines

Save = Callable[..., Path]
CODES, NAMES = ["07001", "07002"], ["Acala", "Peñón"]
SQUARES = [shapely.box(-92, 15, -91, 16), shapely.box(-91, 15, -90, 16)]
BOW = shapely.Polygon([(-91, 15), (-90, 16), (-90, 15), (-91, 16)])


def _read(path: Path, **options: Any) -> Any:
    return read_outlines(path, SourceOverride(path, **options), digits=5, states=("07",))


SPOILED = {
    "swapped axes": (
        {"shapes": [shapely.box(15, -92, 16, -91), shapely.box(15, -91, 16, -90)]},
        r"does not lie in Mexico \(.*15\.00 to 16\.00 east.*longitude and latitude are swapped: export it",
    ),
    "another country's coordinates": (
        {"shapes": [shapely.box(2, 48, 3, 49), shapely.box(3, 48, 4, 49)]},
        r"does not lie in Mexico .*name the right crs in atlas\.toml",
    ),
    "metres said to be degrees": (
        {"shapes": [shapely.box(3e6, 5e5, 3.1e6, 6e5), shapely.box(3.1e6, 5e5, 3.2e6, 6e5)]},
        r"does not lie in Mexico .*name the right crs",
    ),
    "a bow-tie": (
        {"shapes": [SQUARES[0], BOW]},
        r"repair them \(QGIS.*\n.*07002 Peñón: Self-intersection\[-90\.5 15\.5\]",
    ),
    "codes as numbers": ({"codes": [7001, 7002]}, r"leading zero"),
    "a code that lost its zero": ({"codes": ["07001", "7002"]}, r"'Peñón' has the code '7002': expected 5 digits"),
    "a code with a letter": ({"codes": ["07001", "07O02"]}, r"'07O02': expected 5 digits"),
    "a code twice": ({"codes": ["07001", "07001"]}, r"the code '07001' stands 2 times"),
    "no code": ({"codes": ["07001", None]}, r"'Peñón' has the code '': expected 5 digits"),
    "no name": ({"names": ["Acala", None]}, r"'07002' has no name"),
    "letters decoded wrongly": (
        {"names": ["Acala", "PeÃ±Ã³n"]},
        r"column NOMGEO: 'PeÃ±Ã³n' was decoded wrongly.*\.cpg",
    ),
    "another state only": (
        {"codes": ["01001", "01002"]},
        r"has no area of the states 07; give a file of the whole country",
    ),
    "lines instead of areas": (
        {"shapes": [shapely.LineString([(-92, 15), (-91, 16)]), shapely.LineString([(-91, 15), (-90, 16)])]},
        r"07001 Acala: has no area, but LineString",
    ),
    "an empty shape": ({"shapes": [SQUARES[0], shapely.Polygon()]}, r"07002 Peñón: has no area"),
}


@pytest.mark.parametrize(("change", "message"), SPOILED.values(), ids=SPOILED)
def test_a_file_is_refused_for(tmp_path: Path, save: Save, change: dict[str, Any], message: str) -> None:
    held = {"shapes": SQUARES, "codes": CODES, "names": NAMES, **change}
    kind = "LineString" if held["shapes"][0].geom_type == "LineString" else "Polygon"
    path = save(
        tmp_path / "own.gpkg",
        held["shapes"],
        {"CVEGEO": held["codes"], "NOMGEO": held["names"]},
        "EPSG:4326",
        kind=kind,
    )
    with pytest.raises(SourceError, match=rf"own\.gpkg.*(.|\n)*{message}"):
        _read(path)


def _good(folder: Path, save: Save, name: str = "own.gpkg", **options: Any) -> Path:
    return save(folder / name, SQUARES, {"CVEGEO": CODES, "NOMGEO": NAMES}, "EPSG:4326", **options)


def test_a_good_file_is_read_in_the_order_of_codes(tmp_path: Path, save: Save) -> None:
    path = save(tmp_path / "own.gpkg", SQUARES[::-1], {"CVEGEO": CODES[::-1], "NOMGEO": NAMES[::-1]}, "EPSG:4326")
    outlines = _read(path)
    assert (outlines.codes, outlines.names) == (("07001", "07002"), ("Acala", "Peñón"))
    assert shapely.equals(outlines.area("07001"), SQUARES[0])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.gpkg does not exist"):
        _read(tmp_path / "nowhere.gpkg")


@pytest.mark.parametrize("data", [b"", b"not a map", b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_file_that_is_no_map_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "own.gpkg"
    path.write_bytes(data)
    with pytest.raises(
        SourceError, match=r"own\.gpkg (is empty|is of no format that is read|cannot be read as a map file)"
    ):
        _read(path)


def test_a_table_without_shapes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("CVEGEO,NOMGEO\n07001,Acala\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"own\.csv holds no shapes, only a table; give a GeoPackage, a shapefile"):
        _read(path)


def test_a_truncated_geopackage_is_named(tmp_path: Path, save: Save) -> None:
    path = _good(tmp_path, save)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(SourceError, match=r"own\.gpkg cannot be read as a map file"):
        _read(path)


def test_a_truncated_shapefile_is_named(tmp_path: Path, save: Save) -> None:
    path = _good(tmp_path, save, "own.shp")
    path.write_bytes(path.read_bytes()[:150])
    with pytest.raises(SourceError, match=r"own\.shp"):
        _read(path)


@pytest.mark.parametrize("size", [0, 30, 2_000])
def test_a_truncated_zip_is_named(tmp_path: Path, save: Save, size: int) -> None:
    whole, path = _zipped(tmp_path, _good(tmp_path, save)), tmp_path / "cut.zip"
    path.write_bytes(whole.read_bytes()[:size])
    with pytest.raises(SourceError, match=r"cut\.zip is (not a readable zip file .*copy or download it again|empty)"):
        _read(path)


def test_a_zip_with_its_map_spoiled_inside_is_named(tmp_path: Path, save: Save) -> None:
    path = _zipped(tmp_path, _good(tmp_path, save))
    data = bytearray(path.read_bytes())
    data[400:4000] = b"\x55" * 3600
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"own\.zip"):
        _read(path)


@pytest.mark.parametrize("name", ["own.zip", "OWN.ZIP"])
def test_a_zip_is_read_whatever_its_letters(tmp_path: Path, save: Save, name: str) -> None:
    path = _zipped(tmp_path, _good(tmp_path, save)).rename(tmp_path / name)
    assert _read(path).codes == ("07001", "07002")


def test_a_zip_of_several_maps_is_named_with_them(tmp_path: Path, save: Save) -> None:
    path = _zipped(tmp_path, _good(tmp_path, save), _good(tmp_path, save, "other.gpkg"))
    with pytest.raises(
        SourceError, match=r"own\.zip holds 2 map files \(other, own\); give one as '.*own\.zip\|layername=other'"
    ):
        _read(path)


def test_a_zip_of_no_map_is_named(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing", encoding="utf-8")
    path = _zipped(tmp_path, tmp_path / "readme.txt")
    with pytest.raises(SourceError, match=r"holds no map file \(readme\.txt\); .*put a shapefile"):
        _read(path)


def _zipped(folder: Path, *files: Path) -> Path:
    path = folder / "own.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return path


def test_a_file_of_several_layers_asks_which(tmp_path: Path, save: Save) -> None:
    path = _good(tmp_path, save, layer="mun")
    save(path, SQUARES, {"CVEGEO": CODES, "NOMGEO": NAMES}, "EPSG:4326", layer="loc", append=True)
    with pytest.raises(SourceError, match=r'own\.gpkg holds several layers \(mun, loc\).*layer = "mun"'):
        _read(path)
    assert _read(path, layer="mun").codes == ("07001", "07002")


def test_a_layer_that_is_not_there_is_named(tmp_path: Path, save: Save) -> None:
    with pytest.raises(SourceError, match=r"own\.gpkg has no layer 'nope'; it has own"):
        _read(_good(tmp_path, save), layer="nope")


def test_names_in_latin_1_without_a_code_page_are_read(tmp_path: Path, save: Save) -> None:
    path = _good(tmp_path, save, "own.shp", encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink()
    dbf = path.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[29] = 0  # the byte in which a table says its code page
    dbf.write_bytes(data)
    assert _read(path).names == ("Acala", "Peñón")
    path.with_suffix(".cpg").write_text("ISO-8859-1", encoding="ascii")
    assert _read(path).names == ("Acala", "Peñón")


def test_names_in_utf_8_said_to_be_latin_1_are_refused(tmp_path: Path, save: Save) -> None:
    path = _good(tmp_path, save, "own.shp", encoding="UTF-8")
    path.with_suffix(".cpg").write_text("ISO-8859-1", encoding="ascii")
    with pytest.raises(SourceError, match=r"own\.shp, column NOMGEO: 'PeÃ±Ã³n' was decoded wrongly; .*\.cpg"):
        _read(path)
