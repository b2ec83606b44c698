"""Any map file comes in by one door; what GDAL would hide is a fault that says what, where and what to do."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atlas.errors import InputError
from atlas.vector import parquet_reader
from atlas.vector.in_degrees import bring_to_degrees
from atlas.vector.layer import VectorLayer
from atlas.vector.source import open_source, read_source

_FILE = Path(__file__).with_name("odd_files.py")
_SPEC = importlib.util.spec_from_file_location("odd_files", _FILE)
assert _SPEC is not None
assert _SPEC.loader is not None
odd = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(odd)


def _read(path: Path | str, **more: Any) -> VectorLayer:
    with open_source(Path(path)) as source:
        (layer,) = read_source(source, **more)
    bring_to_degrees(layer)
    return layer


def _rules(layer: VectorLayer) -> set[str]:
    return {fault.rule for fault in layer.faults}


def _message(layer: VectorLayer, rule: str) -> str:
    return next(fault.message for fault in layer.faults if fault.rule == rule)


@pytest.mark.parametrize(
    ("encoding", "stated", "rules"),
    [
        ("utf-8", None, set()),
        ("cp1252", "1252", set()),
        ("cp1252", "ANSI 1252", set()),
        ("cp1252", "ISO 88591", set()),
        ("cp850", "850", set()),
        ("utf-8", "ISO-8859-1", {"file-encoding"}),
        ("utf-8", "", {"file-encoding"}),
    ],
)
def test_texts_of_a_shapefile_are_read_as_their_bytes_show(
    encoding: str, stated: str | None, rules: set[str], tmp_path: Path
) -> None:
    layer = _read(odd.shapefile(tmp_path / "s", encoding=encoding, stated=stated))
    assert list(layer.columns["nombre"]) == odd.NAMES
    assert list(layer.columns["cvegeo"]) == ["07001", "07002", "07003"]
    assert _rules(layer) == rules


@pytest.mark.parametrize("stated", ["UTF-8", ""])
def test_texts_in_an_encoding_that_nobody_states_are_asked_about(stated: str, tmp_path: Path) -> None:
    path = odd.shapefile(tmp_path / "s", encoding="cp1252", stated=stated)
    layer = _read(path)
    assert "“Río Hondo”" in _message(layer, "file-encoding")
    assert "--encoding cp1252" in _message(layer, "file-encoding")
    layer = _read(path, encoding="cp1252")
    assert list(layer.columns["nombre"]) == odd.NAMES
    assert _rules(layer) == set()


@pytest.mark.parametrize(
    ("gone", "rule", "words"),
    [
        (".prj", "crs-missing", r".prj file"),
        (".shx", "file-incomplete", "made again"),
        (".dbf", "file-incomplete", "no .dbf file"),
    ],
)
def test_a_part_of_a_shapefile_that_is_missing_is_said(gone: str, rule: str, words: str, tmp_path: Path) -> None:
    path = odd.shapefile(tmp_path / "s")
    path.with_suffix(gone).unlink()
    before = sorted(one.name for one in path.parent.iterdir())
    layer = _read(path)
    assert len(layer) == 3
    assert _rules(layer) == {rule}
    assert words in _message(layer, rule)
    assert sorted(one.name for one in path.parent.iterdir()) == before


@pytest.mark.parametrize("rename", [str.upper, str.title, lambda name: name.replace("mun.dbf", "MUN.DBF")])
def test_names_in_any_case_are_one_shapefile(rename: Any, tmp_path: Path) -> None:
    odd.shapefile(tmp_path / "s")
    for part in list((tmp_path / "s").iterdir()):
        part.rename(part.with_name(rename(part.name)))
    assert list(_read(tmp_path / "s").columns["nombre"]) == odd.NAMES
    assert list(_read(odd.zipped(tmp_path / "s.zip", tmp_path / "s")).columns["nombre"]) == odd.NAMES


def test_of_several_shapefiles_in_a_zip_one_is_named(tmp_path: Path) -> None:
    odd.shapefile(tmp_path / "s")
    target = odd.zipped(tmp_path / "two.zip", tmp_path / "s", within="a/")
    odd.zipped(target, tmp_path / "s", lambda name: name.replace("mun", "estados"), within="b/")
    with pytest.raises(InputError, match=r"2 map files \(estados, mun\); give one as '.*\|layername=estados'"):
        _read(target)
    assert len(_read(f"{target}|layername=mun")) == 3
    with pytest.raises(InputError, match="it has no 'x'"):
        _read(f"{target}|layername=x")


def test_odd_values_of_an_old_table_are_said_with_their_row(tmp_path: Path) -> None:
    path = odd.shapefile(tmp_path / "s")
    columns = [("dia", b"D", 8), ("casas", b"N", 5), ("texto", b"C", 60)]
    odd.old_table(
        path.with_suffix(".dbf"), columns, [["20240531", "12", "x" * 60], ["20241399", "1O", ""], ["", "", "y"]]
    )
    layer = _read(path)
    faults = {(one.rule, one.row, one.field): one.message for one in layer.faults}
    assert "“20241399” is no date" in faults["value-lost", 2, "dia"]
    assert "“1O” is no number" in faults["value-lost", 2, "casas"]
    assert "fill all 60 bytes" in faults["text-cut", 1, "texto"]
    assert list(layer.columns["dia"]) == ["2024-05-31", None, None]
    assert list(layer.columns["casas"]) == [12, None, None]


def test_deleted_rows_and_cut_names_are_mentioned(tmp_path: Path) -> None:
    path = odd.shapefile(tmp_path / "s", frame=odd.areas().rename(columns={"hogares": "poblacion_"}))
    table = path.with_suffix(".dbf")
    data = bytearray(table.read_bytes())
    start = int.from_bytes(data[8:10], "little")
    data[start] = ord("*")
    table.write_bytes(bytes(data))
    assert {"row-deleted", "name-cut"} <= _rules(_read(path))


def test_a_geopackage_of_tables_or_of_nothing_is_one_clear_error(tmp_path: Path) -> None:
    import pyogrio

    path = tmp_path / "table.gpkg"
    pyogrio.write_dataframe(odd.areas().drop(columns="geometry"), path, layer="only")
    with pytest.raises(InputError, match=r"no shapes, only a table \(only\)"):
        _read(path)
    odd.areas().to_file(path, layer="mun")
    layer = _read(path)
    assert len(layer) == 3
    assert _rules(layer) == {"layer-table"}
    empty = tmp_path / "empty.gpkg"
    shutil.copy(path, empty)
    with closing(sqlite3.connect(empty)) as database, database:
        database.execute("DELETE FROM gpkg_contents")
        database.execute("DELETE FROM gpkg_geometry_columns")
    with pytest.raises(InputError, match="holds no"):
        _read(empty)
    plain = tmp_path / "plain.gpkg"
    with closing(sqlite3.connect(plain)) as database, database:
        database.execute("CREATE TABLE a (b)")
    with pytest.raises(InputError, match="no GeoPackage"):
        _read(plain)


def test_another_system_is_reprojected_and_its_operation_named(tmp_path: Path) -> None:
    odd.areas().to_crs("EPSG:32615").to_file(tmp_path / "utm.gpkg")
    layer = _read(tmp_path / "utm.gpkg")
    (fault,) = layer.faults
    assert fault.rule == "crs-other"
    assert fault.before == "EPSG:32615 (WGS 84 / UTM zone 15N)"
    assert "Inverse of UTM zone 15N" in fault.after
    assert "accurate to 0 m" in fault.after
    assert layer.geometries[0] is not None
    assert layer.geometries[0].parts[0][0][0].tolist() == [-92.0, 15.0]


@pytest.mark.parametrize(
    ("crs", "words"), [("EPSG:32615", "numbers are degrees"), ("EPSG:4326", "no longitude and latitude")]
)
def test_a_system_that_the_numbers_are_not_in_is_said(crs: str, words: str, tmp_path: Path) -> None:
    frame = odd.areas() if crs == "EPSG:32615" else odd.areas().to_crs("EPSG:32615")
    frame.set_crs(crs, allow_override=True).to_file(tmp_path / "wrong.gpkg")
    layer = _read(tmp_path / "wrong.gpkg")
    assert words in _message(layer, "crs-disagrees")


@pytest.mark.parametrize("quantised", [True, False])
def test_topojson_is_put_together_from_its_arcs(quantised: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a case
    topology = json.loads(json.dumps(odd.TOPOLOGY))
    if not quantised:
        del topology["transform"]
        arcs = []
        for arc in topology["arcs"]:
            x = y = 0
            absolute = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                absolute.append([-92 + x / 1000, 15 + y / 1000])
            arcs.append(absolute)
        topology["arcs"] = arcs
        topology["objects"]["mun"]["geometries"][3]["coordinates"] = [-91.5, 15.5]
    layer = _read(odd.written(tmp_path / "t.json", topology))
    shapes = [None if one is None else one.geojson()["coordinates"] for one in layer.geometries]
    assert shapes[0] == [[[-91, 15], [-91, 16], [-92, 16], [-92, 15], [-91, 15]]]
    assert shapes[1] == [[[-91, 16], [-91, 15], [-90, 15], [-90, 16], [-91, 16]]]
    assert shapes[2:] == [None, [-91.5, 15.5]]
    assert list(layer.ids or ()) == ["a", "b", None, None]
    topology["objects"]["mun"]["geometries"][0]["arcs"] = [[99]]
    layer = _read(odd.written(tmp_path / "t.json", topology))
    assert "arc that is not there" in _message(layer, "shape-lost")


def test_esri_json_has_rings_by_direction_dates_and_systems_by_number(tmp_path: Path) -> None:
    layer = _read(odd.written(tmp_path / "e.json", odd.ESRI))
    assert layer.geometries[0] is not None
    assert [len(part) for part in layer.geometries[0].parts] == [2]
    assert layer.geometries[0].kind == "Polygon"
    assert list(layer.columns["day"]) == ["2024-05-31", None]
    assert _rules(layer) == {"crs-other"}
    assert layer.geometries[1] is None
    odd.written(tmp_path / "e.json", {"spatialReference": {"wkid": 1}, "features": [], "error": {"message": "no"}})
    with pytest.raises(InputError, match="error message of a server"):
        _read(tmp_path / "e.json")


@pytest.mark.parametrize(
    ("srs", "pos", "rules"),
    [
        ("urn:ogc:def:crs:EPSG::4326", "15.5 -92", set()),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "15.5 -92", set()),
        ("EPSG:4326", "-92 15.5", {"axis-order"}),
    ],
)
def test_gml_has_its_axes_as_the_name_of_its_system_says(srs: str, pos: str, rules: set[str], tmp_path: Path) -> None:
    layer = _read(odd.written(tmp_path / "a.gml", odd.GML.format(srs=srs, pos=pos)))
    assert layer.geometries[0] is not None
    assert layer.geometries[0].geojson()["coordinates"] == [-92, 15.5]
    assert _rules(layer) == rules
    assert [one.name for one in tmp_path.iterdir()] == ["a.gml"]


@pytest.mark.parametrize(
    ("text", "place", "rules"),
    [
        ("cvegeo,nombre,latitud,longitud\n07001,Peñasco,15.5,-92\n", [-92, 15.5], set()),
        ("cvegeo;nombre;Latitud;Longitud\n07001;Peñasco;15,5;-92\n", [-92, 15.5], {"decimal-comma"}),
        ("cvegeo\tnombre\tcoord_x\tcoord_y\n07001\tPeñasco\t-92\t15.5\n", [-92, 15.5], set()),
        ("sep=|\ncvegeo|nombre|wkt\n07001|Peñasco|POINT (-92 15.5)\n", [-92, 15.5], set()),
        ("cvegeo,nombre,geometria\n07001,Peñasco,SRID=4326;POINT(-92 15.5)\n", [-92, 15.5], set()),
        ('cvegeo,nombre,lat,lon\n07001,Peñasco,"15°30\'00"" N","92° O"\n', [-92, 15.5], set()),
        (
            "cvegeo,nombre,lat,lon\n#adm2+code,#adm2+name,#geo+lat,#geo+lon\n07001,Peñasco,15.5,-92\n",
            [-92, 15.5],
            {"row-hashtags"},
        ),
        ("cvegeo,nombre,lat,lon\n07001,Peñasco,,\n", None, set()),
        ("cvegeo,nombre,lat,lon\n07001,Peñasco,here,-92\n", None, {"shape-lost"}),
        ("cvegeo,nombre,este,norte\n07001,Peñasco,600000,1700000\n", [600000, 1700000], {"crs-missing"}),
    ],
)
def test_a_table_has_its_place_in_columns(text: str, place: Any, rules: set[str], tmp_path: Path) -> None:
    layer = _read(odd.written(tmp_path / "t.csv", text))
    shape = layer.geometries[0]
    assert (None if shape is None else shape.geojson()["coordinates"]) == place
    assert layer.columns["cvegeo"][0] == "07001"
    assert layer.columns["nombre"][0] == "Peñasco"
    assert _rules(layer) == rules


def test_a_table_in_another_encoding_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("nombre,lat,lon\nPeñasco,15.5,-92\n".encode("cp1252"))
    assert "“" in _message(_read(tmp_path / "t.csv"), "file-encoding")
    assert _rules(_read(tmp_path / "t.csv", encoding="cp1252")) == set()


def test_a_workbook_keeps_texts_and_its_row_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([], ["cvegeo", "Latitud", "Longitud"], ["07001", 15.5, -92], [], ["07002", "15,5", "x"]):
        sheet.append(row)
    book.create_sheet("notes").append(["nothing here"])
    book.save(tmp_path / "t.xlsx")
    layer = _read(tmp_path / "t.xlsx")
    assert list(layer.columns["cvegeo"]) == ["07001", "07002"]
    assert [layer.row(n) for n in range(2)] == [3, 5]
    assert [one.row for one in layer.faults if one.rule == "shape-lost"] == [5]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.bin", b"\x00\x01\x02\x03" * 100, "no format that is read"),
        ("a.shp", b"hello", "does not begin as a shapefile does"),
        ("a.shp", b"\x00\x00\x27\x0a" + b"\0" * 40, "cut off|cannot be read"),
        ("a.dbf", b"\x03" + b"\0" * 40, "part of a shapefile"),
        ("a.fgb", b"fgb\x03fgb\x00" + b"\xff" * 50, "cannot be read|holds no layers"),
        ("a.parquet", b"PAR1" + b"\0" * 50, "cannot be read as GeoParquet"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 50, "not a readable zip"),
        ("a.json.gz", b"\x1f\x8b\x08" + b"\0" * 50, "unpack it first"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 50, "save it as .xlsx"),
        (
            "a.kml",
            b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>",
            "no format that is read",
        ),
        ("a.csv", b"name,kind\na,b\n", "no columns for a place"),
        ("a.csv", b"lat,lon\n", None),
        ("a.gml", b"<FeatureCollection xmlns='http://www.opengis.net/gml'>", "cannot be read|holds no layers"),
        ("a.gpx", b"<gpx><wpt lat='x'", "cannot be read"),
    ],
)
def test_what_is_no_map_file_is_one_clear_error(name: str, data: bytes, words: str | None, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    if words is None:
        assert len(_read(tmp_path / name)) == 0
        return
    with pytest.raises(InputError, match=words):
        _read(tmp_path / name)


@pytest.mark.parametrize("name", ["../../evil.shp", "/etc/evil.shp", "..\\evil.shp"])
def test_a_zip_leads_nowhere_else(name: str, tmp_path: Path) -> None:
    target = tmp_path / "evil.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, b"hello")
    with pytest.raises(InputError, match=r"evil\.zip"):
        _read(target)
    assert [one.name for one in tmp_path.iterdir()] == ["evil.zip"]


def test_parquet_of_more_rows_than_memory_holds_is_refused_by_its_head(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_reader, "_MOST_ROWS", 2)
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"lon": [-92.0] * 3, "lat": [15.0] * 3}), path)
    monkeypatch.setattr(pq, "read_table", None)
    with (
        open_source(path) as source,
        pytest.raises(InputError, match=r"has 3 rows; at most 2 are read at once\. .*atlas count"),
    ):
        read_source(source)


@pytest.mark.parametrize("form", ["parquet", "parquet2", "geoarrow", "no crs", "projected"])
def test_geoparquet_of_every_kind(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = odd.points()
    if form == "parquet2":
        # lower ones, which the atlas works with, too, write none
        pytest.importorskip("geopandas", minversion="1.2")
        frame.to_parquet(path, schema_version="2.0.0")
    elif form == "geoarrow":
        frame.to_parquet(path, geometry_encoding="geoarrow")
    elif form == "no crs":
        frame.set_crs(None, allow_override=True).to_parquet(path)
    elif form == "projected":
        frame.to_crs("EPSG:6372").to_parquet(path, write_covering_bbox=True, row_group_size=1)
    else:
        frame.to_parquet(path)
    layer = _read(path)
    assert list(layer.columns) == ["cvegeo", "nombre", "hogares", "fecha"]
    assert list(layer.columns["hogares"]) == [1, 2, 3]
    assert [one.geojson()["coordinates"] for one in layer.geometries if one] == [
        [-91.5, 15.5],
        [-90.5, 15.5],
        [-89.5, 15.5],
    ]
    assert _rules(layer) == {"no crs": {"crs-missing"}, "projected": {"crs-other"}}.get(form, set())


@pytest.mark.parametrize("name", ["places.csv", "places.gpkg", "places.zip", "places"])
def test_a_workbook_is_read_whatever_its_name_ends_in(tmp_path: Path, name: str) -> None:
    book = openpyxl.Workbook()
    for row in (["lon", "lat", "name"], [-92.1, 14.9, "Tapachula"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    (tmp_path / "t.xlsx").rename(tmp_path / name)
    assert list(_read(tmp_path / name).columns["name"]) == ["Tapachula"]


def _kml(*placemarks: str) -> str:
    return (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Schema name="s" id="s">'
        '<SimpleField name="clave" type="string"/></Schema>' + "".join(placemarks) + "</Document></kml>"
    )


def _placemark(clave: str) -> str:
    return (
        f'<Placemark><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="clave">{clave}</SimpleData>'
        "</SchemaData></ExtendedData><Point><coordinates>-90,15</coordinates></Point></Placemark>"
    )


def _kmz(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    "parts",
    [
        {"doc.kml": _kml(_placemark("07001"))},
        {
            "doc.kml": _kml("<NetworkLink><Link><href>a.kml</href></Link></NetworkLink>"),
            "a.kml": _kml(_placemark("07001")),
        },
        {"files/a.png": "", "files/places.kml": _kml(_placemark("07001"))},
    ],
)
def test_a_kmz_keeps_the_fields_of_its_placemarks(parts: dict[str, str], tmp_path: Path) -> None:
    layer = _read(_kmz(tmp_path / "places.kmz", parts))
    assert dict(layer.columns) == {"clave": ["07001"]}


def test_of_several_parts_of_a_kmz_one_is_named(tmp_path: Path) -> None:
    path = _kmz(tmp_path / "places.kmz", {"a.kml": _kml(_placemark("1")), "b.kml": _kml(_placemark("2"))})
    with pytest.raises(InputError, match=r"holds 2 map files \(a, b\); give one as"):
        _read(path)
    assert list(_read(f"{path}|layername=b").columns["clave"]) == ["2"]


def test_a_row_that_is_blank_is_said_and_one_with_an_id_alone_is_kept(tmp_path: Path) -> None:
    layer = _read(odd.written(tmp_path / "t.csv", "id,lat,lon\na,15,-92\n,,\nb,,\n\n,,\n"))
    assert list(layer.columns["id"]) == ["a", "b"]
    (fault,) = layer.faults
    assert (fault.rule, fault.row) == ("row-blank", 3)
    assert fault.message.startswith("2 rows have neither a place nor a value")
