"""Secrets in files of every make: tables, free pages, journals, pictures, archives, pages, histories."""

from __future__ import annotations

import base64
import gzip
import io
import json
import sqlite3
import struct
import subprocess
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from PIL import Image, PngImagePlugin, TiffImagePlugin

from atlas.disclosure import audit
from atlas.disclosure.finding import Finding
from atlas.disclosure.limits import Limits
from atlas.disclosure.public_content import public_pairs
from atlas.disclosure.scan import Scan
from atlas.disclosure.scanned_paths import scan_paths
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.project import Project

pytestmark = pytest.mark.slow

Rules = Callable[..., set[str]]

# as in conftest.py: plainly synthetic
LON, LAT = -92.0837415, 15.0712638
PHONE = "+502 5555 0142"
NOTE = "Cruce junto al almendro grande detras de la tienda vieja"


@pytest.fixture
def scanned(limits: Limits, search: Search) -> Callable[..., list[Finding]]:
    """What is found in files and folders, with or without the exact records."""

    def scan(*paths: Path, against: bool = True) -> list[Finding]:
        run = Scan(limits, search if against else None)
        scan_paths(run, paths)
        return list(run.findings.all())

    return scan


def _rules(findings: list[Finding]) -> set[str]:
    return {one.rule for one in findings}


@pytest.fixture
def frame() -> Any:
    rows = {"name": ["a", "b"], "note": [NOTE, "nothing"]}
    return geopandas.GeoDataFrame(rows, geometry=[shapely.Point(LON, LAT), shapely.Point(-91, 16)], crs=4326)


@pytest.mark.parametrize("driver", ["GPKG", "FlatGeobuf", "GeoJSON", "KML", "ESRI Shapefile", "Parquet", "CSV"])
def test_a_file_of_a_gis_gives_its_secrets_away(scanned: Any, frame: Any, tmp_path: Path, driver: str) -> None:
    # the name says nothing of what is in it
    path = tmp_path / "picture.dat"
    if driver == "Parquet":
        frame.to_parquet(path)
    elif driver == "CSV":
        frame.assign(wkt=frame.geometry.to_wkt()).drop(columns="geometry").to_csv(path, index=False)
    elif driver == "ESRI Shapefile":
        frame.to_file(tmp_path / "a.shp")
    else:
        (tmp_path / "in").mkdir()
        frame.to_file(tmp_path / "in" / f"a.{driver.lower()[:4]}", driver=driver)
        next((tmp_path / "in").iterdir()).rename(path)
    assert {"secret-position", "secret-text"} <= _rules(scanned(tmp_path))


@pytest.mark.parametrize("crs", [3857, 32615, 6372])
def test_a_file_in_metres_gives_its_secrets_away(scanned: Any, frame: Any, tmp_path: Path, crs: int) -> None:
    frame.to_crs(crs).drop(columns="note").to_file(tmp_path / "a.gpkg")
    assert "secret-position" in _rules(scanned(tmp_path / "a.gpkg"))


def _database(path: Path, *, journal: str = "delete") -> sqlite3.Connection:
    base = sqlite3.connect(path)
    base.execute("PRAGMA secure_delete = OFF")
    base.execute(f"PRAGMA journal_mode = {journal}")
    base.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT, x REAL, y REAL)")
    base.executemany("INSERT INTO notes (note, x, y) VALUES (?, ?, ?)", [("f" * 900, 1.5, 2.5)] * 40)
    base.commit()
    return base


@pytest.mark.parametrize("rows", [1, 60])
def test_deleted_rows_of_a_database_are_found(scanned: Any, tmp_path: Path, rows: int) -> None:
    base = _database(tmp_path / "a.db")
    base.executemany("INSERT INTO notes (note, x, y) VALUES (?, ?, ?)", [(NOTE, LON, LAT)] * rows)
    base.commit()
    base.execute("DELETE FROM notes WHERE note = ?", (NOTE,))
    base.commit()
    base.close()
    findings = scanned(tmp_path / "a.db")
    assert {"secret-position", "secret-text", "hidden-bytes"} <= _rules(findings)
    assert "hidden-bytes" in _rules(scanned(tmp_path / "a.db", against=False))


def test_a_database_that_was_vacuumed_is_clean(scanned: Any, tmp_path: Path) -> None:
    base = _database(tmp_path / "a.db")
    base.execute("INSERT INTO notes (note, x, y) VALUES (?, ?, ?)", (NOTE, LON, LAT))
    base.commit()
    base.execute("DELETE FROM notes WHERE note = ?", (NOTE,))
    base.commit()
    base.execute("VACUUM")
    base.close()
    assert not {rule for rule in _rules(scanned(tmp_path / "a.db")) if rule.startswith(("secret", "hidden"))}


def test_a_journal_beside_a_database_is_found_with_what_it_holds(scanned: Any, tmp_path: Path) -> None:
    base = _database(tmp_path / "a.db", journal="wal")
    base.execute("INSERT INTO notes (note, x, y) VALUES (?, ?, ?)", (NOTE, LON, LAT))
    base.commit()
    findings = [one for one in scanned(tmp_path) if one.file.endswith("-wal")]
    base.close()
    assert {"journal", "secret-position", "secret-text"} <= _rules(findings)


def _rationals(value: float) -> tuple[float, float, float]:
    return int(abs(value)), int(abs(value) % 1 * 60), round(abs(value) % 1 * 60 % 1 * 60, 4)


def _photograph(form: str) -> bytes:
    stream = io.BytesIO()
    picture = Image.new("RGB", (64, 48), "#446688")
    tags: Any = TiffImagePlugin.ImageFileDirectory_v2() if form == "TIFF" else picture.getexif()
    tags[0x8825] = {1: "N", 2: _rationals(LAT), 3: "W", 4: _rationals(LON)}
    picture.save(stream, form, **{"tiffinfo" if form == "TIFF" else "exif": tags})
    return stream.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG", "TIFF"])
def test_the_position_in_a_picture_is_found(scanned: Any, tmp_path: Path, form: str) -> None:
    (tmp_path / "photo.bin").write_bytes(_photograph(form))
    assert {"exif", "secret-position"} <= _rules(scanned(tmp_path))
    assert "exif" in _rules(scanned(tmp_path, against=False))


def test_a_thumbnail_a_comment_and_bytes_after_a_picture_are_found(judged: Rules) -> None:
    stream, small = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (16, 12), "#ff0000").save(small, "JPEG")
    Image.new("RGB", (64, 48), "#446688").save(stream, "JPEG", comment=b"taken by somebody")
    plain = stream.getvalue()
    body = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00" + small.getvalue()
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    assert {"thumbnail", "exif", "hidden-bytes"} <= judged(plain[:2] + segment + plain[2:] + b"and more")


def test_text_in_a_png_is_found(rules_of: Rules, judged: Rules) -> None:
    stream, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Comment", f"{NOTE} {PHONE}", zip=True)
    Image.new("RGB", (8, 8)).save(stream, "PNG", pnginfo=info)
    assert "exif" in judged(stream.getvalue())
    assert {"secret-text", "secret-contact"} <= rules_of(stream.getvalue())


def test_a_picture_without_anything_is_clean(judged: Rules) -> None:
    for form in ("JPEG", "PNG", "WEBP", "TIFF"):
        stream = io.BytesIO()
        Image.new("RGB", (64, 48), "#446688").save(stream, form)
        assert not judged(stream.getvalue())


def test_archives_are_opened_to_the_last_layer(rules_of: Rules) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "doc.kml", f"<kml><Placemark><Point><coordinates>{LON},{LAT}</coordinates></Point></Placemark></kml>"
        )
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("deep/a.kmz", inner.getvalue())
    assert "secret-position" in rules_of(outer.getvalue())


def test_a_member_that_the_list_of_an_archive_leaves_out_is_found(rules_of: Rules, judged: Rules) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hidden.txt", NOTE * 3)
    hidden = stream.getvalue()[: stream.getvalue().index(b"PK\x01\x02")]
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("seen.txt", "nothing")
    data = hidden + other.getvalue()
    assert "hidden-bytes" in judged(data)
    assert "secret-text" in rules_of(data)


def test_a_workbook_and_a_pdf_are_read(rules_of: Rules, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append([NOTE, LON, LAT])
    book.save(tmp_path / "a.xlsx")
    assert {"secret-text", "secret-position"} <= rules_of((tmp_path / "a.xlsx").read_bytes())
    stream = zlib.compress(f"BT ({NOTE}) Tj ET".encode())
    pdf = b"%PDF-1.7\n1 0 obj <</Filter/FlateDecode>> stream\n" + stream + b"\nendstream endobj\n%%EOF"
    assert "secret-text" in rules_of(pdf)


@pytest.mark.parametrize(
    "angles", [[15, 4.27583, 92, 5.02449], [15, 4, 16.5497, 92, 5, 1.46940]], ids=["minutes", "seconds"]
)
def test_angles_in_cells_with_numbers_of_their_own_are_read(
    project: Project, limits: Limits, exact: list[dict[str, Any]], tmp_path: Path, angles: list[float]
) -> None:
    one = Search(secrets_of(exact[:1], limits), limits, public_pairs(project))

    def rules_of(data: bytes) -> set[str]:
        run = Scan(limits, one)
        run.data("file", data, judged=False)
        return _rules(list(run.findings.all()))

    # between two numbers of a workbook stands where the second one is: <c r="C2" t="n">
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["site", *("angle" for _ in angles)])
    book.active.append(["a", *angles])
    book.save(tmp_path / "a.xlsx")
    assert "secret-position" in rules_of((tmp_path / "a.xlsx").read_bytes())
    page = "".join(f'<td class="c{at}">{angle}</td>' for at, angle in enumerate(angles))
    assert "secret-position" in rules_of(f"<table><tr>{page}</tr></table>".encode())
    cells = "".join(
        f'<table:table-cell office:value="{angle}"><text:p>{angle}</text:p></table:table-cell>' for angle in angles
    )
    assert "secret-position" in rules_of(f"<table:table-row>{cells}</table:table-row>".encode())


def test_a_second_page_of_a_tiff_and_its_description_are_read(rules_of: Rules, judged: Rules) -> None:
    stream = io.BytesIO()
    tags = {270: f"{LAT}, {LON}"}
    pages = [Image.new("RGB", (40, 40), shade) for shade in ("white", "grey")]
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:], tiffinfo=tags, compression="tiff_lzw")
    assert "secret-position" in rules_of(stream.getvalue())
    assert "exif" in judged(stream.getvalue())


def test_the_hidden_sheet_of_a_spreadsheet_is_read(rules_of: Rules, judged: Rules) -> None:
    cells = f"<table:table-cell><text:p>{LON}</text:p></table:table-cell><text:p>{LAT}</text:p><text:p>{PHONE}</text:p>"
    sheet = (
        f'<office:document-content><table:table table:display="false">{cells}</table:table></office:document-content>'
    )
    data = _zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": sheet})
    assert {"secret-position", "secret-contact"} <= rules_of(data)
    assert "phone" in judged(data)


@pytest.mark.parametrize("hidden", ["project", "database", "picture"])
def test_a_project_of_qgis_is_opened(rules_of: Rules, tmp_path: Path, hidden: str) -> None:
    members: dict[str, Any] = {"p.qgs": '<!DOCTYPE qgis><qgis version="3.34"><title/></qgis>'}
    if hidden == "project":
        members["p.qgs"] = (
            f'<qgis><extent><xmin>{LON}</xmin><ymin>{LAT}</ymin></extent><memory x="{LON}" y="{LAT}"/></qgis>'
        )
    elif hidden == "database":
        # what QGIS keeps beside the project: labels that somebody has moved by hand
        path = tmp_path / "p.qgd"
        with sqlite3.connect(path) as database:
            database.execute("create table auxiliary (id text, positionx real, positiony real)")
            database.execute("insert into auxiliary values ('a', ?, ?)", (LON, LAT))
        database.close()
        members["p.qgd"] = path.read_bytes()
    else:
        members["photo.tif"] = _photograph("TIFF")
    assert "secret-position" in rules_of(_zipped(members))


def _zipped(members: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.slow
def test_a_page_of_explore_gives_its_hidden_columns_away(scanned: Any, frame: Any, tmp_path: Path) -> None:
    page = frame.explore(tooltip="name", popup=False, tiles=None)
    page.save(tmp_path / "map.html")
    findings = scanned(tmp_path / "map.html")
    assert {"secret-position", "secret-text", "unclassified", "field", "decimals"} <= _rules(findings)


def test_a_marker_of_folium_is_found(judged: Rules) -> None:
    folium = pytest.importorskip("folium")
    page = folium.Map()
    folium.Marker([LAT, LON]).add_to(page)
    assert {"unclassified", "decimals"} <= judged(page.get_root().render().encode())


def test_data_in_a_page_behind_base64_and_deflate_are_found(rules_of: Rules) -> None:
    packed = base64.b64encode(zlib.compress(json.dumps({"note": NOTE, "at": [LON, LAT]}).encode())).decode()
    page = f'<!DOCTYPE html><html><script>const data = inflate("{packed}");</script></html>'
    assert {"secret-text", "secret-position"} <= rules_of(page.encode())


def test_statistics_of_a_parquet_file_are_found(rules_of: Rules, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"lon": [LON, -91.0], "lat": [LAT, 16.0]})
    parquet.write_table(table, tmp_path / "a.parquet", compression="zstd")
    data = (tmp_path / "a.parquet").read_bytes()
    # the head alone, as a damaged file leaves it
    size = struct.unpack("<I", data[-8:-4])[0]
    assert "secret-position" in rules_of(data[-8 - size :])
    assert "secret-position" in rules_of(data)


def _git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


@pytest.mark.parametrize("kept", ["older commit", "reflog", "message", "never committed"])
def test_the_history_of_a_folder_is_searched(scanned: Any, tmp_path: Path, kept: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    _git(folder, "init", "-q")
    (folder / "readme.txt").write_text("nothing", encoding="utf-8")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "first")
    (folder / "old.txt").write_text(f"{NOTE} at {LON}, {LAT}", encoding="utf-8")
    if kept == "message":
        _git(folder, "commit", "-q", "--allow-empty", "-m", f"{NOTE} at {LON}, {LAT}")
    else:
        _git(folder, "add", ".")
    if kept in {"older commit", "reflog"}:
        _git(folder, "commit", "-qm", "second")
    if kept == "older commit":
        _git(folder, "rm", "-q", "old.txt")
        _git(folder, "commit", "-qm", "third")
    elif kept != "message":
        _git(folder, "reset", "-q", "--hard", "HEAD~1" if kept == "reflog" else "HEAD")
    (folder / "old.txt").unlink(missing_ok=True)
    findings = scanned(folder)
    assert {"secret-position", "secret-text"} <= _rules(findings)
    assert all("git" in one.file for one in findings)


HOSTILE = {
    "empty": b"",
    "bomb": zlib.compress(bytes(10**6)) * 3,
    "gzip that ends early": b"\x1f\x8b\x08\x00" + bytes(30),
    "zip that ends early": b"PK\x03\x04" + bytes(20),
    "database that ends early": b"SQLite format 3\x00" + b"\x10\x00" + bytes(60),
    "damaged database": b"SQLite format 3\x00\x10\x00\x01\x01\x00@ " + bytes(range(256)) * 32,
    "damaged parquet": b"PAR1" + bytes(range(200)) + b"PAR1",
    "damaged flatgeobuf": b"fgb\x03fgb\x01" + bytes(range(200)),
    "jpeg of nothing": b"\xff\xd8\xff\xe1\xff\xff",
    "png of nothing": b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff",
    "tiff in a circle": b"II*\x00\x08\x00\x00\x00\x01\x00\x69\x87\x04\x00\x01\x00\x00\x00\x08\x00\x00\x00",
    "json of brackets": b"[" * 200_000,
    "json that ends early": b'{"type": "FeatureCollection", "features": [{"type": "Fea',
    "features of nonsense": b'{"type":"FeatureCollection","features":[1,null,[],{"properties":[],"geometry":3}]}',
    "layer of nonsense": b'{"name":[],"fields":[[],3],"rows":[4,[1]],"shapes":[["p"],["p",7]],"sensitivity":{}}',
    "xml bomb": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><kml><Placemark>&b;</Placemark></kml>',
    "csv of quotes": b'lon,lat\n"' + b"1" * 300_000,
    "numbers without end": b"9" * 300_000 + b"." + b"1" * 300_000,
    "not a number": b'{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[NaN,1e999]}}',
    "packed arcs without end": b'{"perDegree":1,"steps":"' + b"_" * 5000 + b'"}',
    "floats that are none": np.full(999, np.nan).tobytes() + np.full(999, np.inf).tobytes(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_survived(rules_of: Rules, name: str) -> None:
    rules = rules_of(HOSTILE[name], judged=True)
    assert not {rule for rule in rules if rule.startswith("secret")}


BOMBS: dict[str, Callable[[], bytes]] = {
    "large member": lambda: _zipped({"zeros": bytes(100_000_000)}),
    "many members": lambda: _zipped({f"{number}": bytes(10_000_000) for number in range(12)}),
    "one inside another": lambda: _zipped({str(n): _zipped({"zeros": bytes(9_000_000)}) for n in range(14)}),
    "streams in a file": lambda: gzip.compress(bytes(20_000_000)) * 5,
    "streams in a page": lambda: b"".join(
        b'<p data="' + base64.b64encode(gzip.compress(bytes(20_000_000))) + b'">' for _ in range(5)
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_fills_the_memory(judged: Rules, name: str) -> None:
    bomb = BOMBS[name]()
    start = time.process_time()
    assert "unread" in judged(bomb)
    assert time.process_time() - start < 20


def test_what_cannot_be_opened_is_not_called_clean(judged: Rules) -> None:
    assert judged(b"7z\xbc\xaf\x27\x1c" + bytes(40)) == {"unread"}
    assert judged(b"age-encryption.org/v1\n-> X25519 abc\n") == {"sealed"}
    assert judged(b'{"format":"atlas-field-notes-sealed","version":1,"data":""}') == {"sealed"}


BEYOND = "1" + "0" * 400
SHAPES = {
    "Point": f"[{BEYOND}, 1, 2]",
    "point of texts": '["-92.08", "15.07"]',
    "LineString": f"[[{BEYOND}, 1], [2, 2]]",
    "Polygon": f"[[[-{BEYOND}, 1], [2, 2], [3, 3], [-{BEYOND}, 1]]]",
    "MultiPoint": f"[[1, 2], [2, {BEYOND}]]",
}


@pytest.mark.parametrize("name", SHAPES)
def test_numbers_beyond_all_are_a_finding_and_no_traceback(project: Project, tmp_path: Path, name: str) -> None:
    kind = "Point" if name.startswith("point") else name
    properties = f'{{"category": "informal_crossing", "sensitivity": "generalised", "year": {BEYOND}}}'
    shape = f'{{"type": "{kind}", "coordinates": {SHAPES[name]}}}'
    feature = f'{{"type": "Feature", "id": "a", "properties": {properties}, "geometry": {shape}}}'
    document = f'{{"type": "FeatureCollection", "features": [{feature}]}}'
    (tmp_path / "a.geojson").write_text(document, encoding="utf-8")
    (tmp_path / "a.html").write_text(f"<html><script>L.geoJson({document})</script></html>", encoding="utf-8")
    place = '{"type": "Point", "coordinates": [-92.08, 15.07]}'
    exact = f'{{"type": "Feature", "id": "e", "geometry": {place}, "properties": {{}}}}'
    (tmp_path / "exact.geojson").write_text(exact, encoding="utf-8")
    files = ("a.geojson", "a.html")
    findings = audit(project, [tmp_path / file for file in files], against=tmp_path / "exact.geojson").findings
    for file in files:
        rules = _rules([one for one in findings if Path(one.file).name == file])
        assert ("point" if kind == "Point" else "unread") in rules, file


@pytest.mark.parametrize(
    "piece",
    ["<script ", "<script>", "<script></", "<", "<!--", '"', '\\"', "EEEEE(1", "-92.1 ", "1.111 ", '{"geometry":{'],
)
def test_a_page_that_opens_much_and_closes_nothing_is_soon_read(judged: Rules, piece: str) -> None:
    start = time.process_time()
    for head in (b"<!DOCTYPE html>", b"", b'{"a": "'):
        judged(head + piece.encode() * 13_000)
    assert time.process_time() - start < 10
