"""Single rules where one small file is not enough, and the layers of the atlas itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyproj
import pytest

from atlas.check import Report, Severity, check_file

ROOT = Path(__file__).parent.parent.parent
LAYERS = sorted((ROOT / "geodata" / "layers").glob("*.geojson"))


def _check(tmp_path: Path, *features: dict[str, Any], **members: Any) -> Report:
    path = tmp_path / "made.geojson"
    document = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return check_file(path)


def _feature(properties: dict[str, Any], position: tuple[float, float] = (-90.5, 16.5)) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": position}, "properties": properties}


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_the_layers_of_the_atlas_have_no_error(path: Path) -> None:
    schema = json.loads((path.parent.parent / "schema" / f"{path.stem}.json").read_text(encoding="utf-8"))
    report = check_file(path, schema=schema)
    assert [one for one in report.findings if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize("code", [32614, 32615, 32616, 6372, 3857])
def test_metres_are_told_with_the_projection_that_fits(tmp_path: Path, code: int) -> None:
    # the two ends of the region, so that one zone fits better than its neighbours
    project = pyproj.Transformer.from_crs(4326, code, always_xy=True)
    places = [(-92.1, 14.6), (-91.0, 17.8)] if code != 32616 else [(-88.4, 18.4), (-89.1, 17.9)]
    report = _check(tmp_path, *(_feature({"n": n}, project.transform(*place)) for n, place in enumerate(places)))
    assert set(report.counts) == {"crs-projected"}
    assert f"EPSG:{code}" in report.findings[0].message


def test_metres_of_no_projection_are_not_given_one(tmp_path: Path) -> None:
    report = _check(tmp_path, _feature({}, (2_600_000, 1_200_000)))
    assert "looks like EPSG:2056 (Switzerland, LV95)" in report.findings[0].message
    report = _check(tmp_path, _feature({}, (2_600_000_000, 1_200_000_000)))
    assert "no usual projection" in report.findings[0].message


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("MÃ©xico", "México"),
        ("PeÃ±a", "Peña"),
        ("Ã\x81ngel", "Ángel"),
        ("Â¿SÃ\xad?", "¿Sí?"),
        ("Mexâ€“Guat", "Mex–Guat"),
        ("MÃƒÂ©xico", "México"),
    ],
)
def test_mojibake_is_shown_as_it_should_be(tmp_path: Path, text: str, meant: str) -> None:
    report = _check(tmp_path, _feature({"name": text}))
    assert "text-mojibake" in report.counts
    assert f"it should be “{meant}”" in next(one.message for one in report.findings if one.rule == "text-mojibake")


@pytest.mark.parametrize("text", ["São Paulo", "Â", "CHÂTEAU", "Ñu Ã", "DÃ O", "niño", "“cita”", "50 €"])
def test_letters_of_other_languages_are_no_mojibake(tmp_path: Path, text: str) -> None:
    assert "text-mojibake" not in _check(tmp_path, _feature({"name": text})).counts


@pytest.mark.parametrize(
    "text",
    [
        "llamar al 961 123 4567",
        "Tel. 9611234567",
        "+52 961 123 4567",
        "+502 7934 1234",
        "(961) 123 4567",
        "preguntar a la señora María López",
        "casa del Sr. Juan Pérez",
        "CURP: GOMC800101HCSNRR09",
        "RFC GOMC800101AB1",
        "a.b-c+d@correo.example.mx",
    ],
)
def test_personal_data_is_found(tmp_path: Path, text: str) -> None:
    assert dict(_check(tmp_path, _feature({"note": text})).counts) == {"personal-data": 1}


@pytest.mark.parametrize(
    "text",
    [
        "07-059-0431",
        "573 1158 1200",
        "2019-05-31",
        "-92.226752, 14.532098",
        "Suchiate II (Puente Ing. Luis Cabrera, Ciudad Hidalgo)",
        "Calle Lic. Benito Juárez",
        "070590431",
        "km 12.5 de la MEX-200",
        "INE2019",
        "señora de las Nieves",
        "@ciudad",
        "R000-R115",
    ],
)
def test_codes_dates_and_places_are_no_personal_data(tmp_path: Path, text: str) -> None:
    assert "personal-data" not in _check(tmp_path, _feature({"note": text})).counts


@pytest.mark.parametrize(
    ("properties", "rules"),
    [
        ([{"cvegeo": "07089"}, {"cvegeo": "7102"}], {"code-zero-lost"}),
        ([{"CVE_ENT": "7"}], {"code-zero-lost"}),
        ([{"CVE_MUN": 89}], {"code-zero-lost"}),
        ([{"cvegeo": "07089"}, {"cvegeo": "070890001"}], set()),
        ([{"CVE_ENT": "07", "CVE_MUN": "089", "CVE_LOC": "0001"}], set()),
        ([{"fecha": "2024-02-30"}], {"date-not-iso"}),
        ([{"as_of": "2019/2021"}, {"as_of": "2019-05"}, {"as_of": "2024-05-31T10:00:00-06:00"}], set()),
        ([{"when": "5/31/24"}], {"date-not-iso"}),
        ([{"date": "unknown"}], set()),
        ([{"n": 1}, {"n": 2.5}, {"n": None}], set()),
        ([{"n": 1}, {"n": True}], {"type-mixed"}),
        ([{"n": "NULL"}], {"text-empty"}),
        ([{"kind": "none"}], set()),
        ([{"a": {"b": [2**60]}}], {"number-unsafe"}),
    ],
)
def test_fields(tmp_path: Path, properties: list[dict[str, Any]], rules: set[str]) -> None:
    features = [_feature(one, (-90.5 - n / 10, 16.5)) for n, one in enumerate(properties)]
    assert set(_check(tmp_path, *features).counts) == rules


@pytest.mark.parametrize("shift", range(5))
def test_a_spike_is_seen_at_every_position_of_a_ring(tmp_path: Path, shift: int) -> None:
    tip = [-90.5, 16.5]
    thin = [tip, [-90.4, 16.5001], [-90.4, 16.6], [-90.41, 16.6], [-90.41, 16.5002]]
    turned = thin[shift:] + thin[:shift]
    geometry = {"type": "Polygon", "coordinates": [[*turned, turned[0]]]}
    report = _check(tmp_path, {"type": "Feature", "geometry": geometry, "properties": {}})
    assert dict(report.counts) == {"spike": 1}
    assert report.findings[0].position == tuple(tip)


def test_areas_on_top_of_each_other_are_no_neighbours(tmp_path: Path) -> None:
    square = [[-90.5, 16.5], [-90.4, 16.5], [-90.4, 16.6], [-90.5, 16.6], [-90.5, 16.5]]
    larger = [[-90.51, 16.49], [-90.4, 16.5], [-90.4, 16.6], [-90.5, 16.6], [-90.51, 16.49]]
    features = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"n": n}}
        for n, ring in enumerate([square, square, larger])
    ]
    report = _check(tmp_path, *features)
    assert not report.counts
    assert "2 areas lie on others" in report.notes[0]


def test_parts_of_one_area_must_not_overlap(tmp_path: Path) -> None:
    square = [[-90.5, 16.5], [-90.4, 16.5], [-90.4, 16.6], [-90.5, 16.6], [-90.5, 16.5]]
    shifted = [[lon + 0.05, lat + 0.05] for lon, lat in square]
    geometry = {"type": "MultiPolygon", "coordinates": [[square], [shifted]]}
    report = _check(tmp_path, {"type": "Feature", "geometry": geometry, "properties": {}})
    assert set(report.counts) == {"overlap-parts"}
    assert "Two parts" in report.findings[0].message


def test_ids_that_look_the_same_are_the_same(tmp_path: Path) -> None:
    report = _check(tmp_path, {**_feature({"n": 1}), "id": 1}, {**_feature({"n": 2}), "id": "1"})
    assert dict(report.counts) == {"id-twice": 1}


@pytest.mark.parametrize("features", [[], [{"type": "Feature", "geometry": None, "properties": {}}] * 2])
def test_files_without_positions_are_done_to_the_end(tmp_path: Path, features: list[dict[str, Any]]) -> None:
    report = _check(tmp_path, *features, bbox=[1, 2, 3, 4])
    assert set(report.counts) <= {"geometry-null", "feature-twice"}
    assert report.counts.get("feature-twice", 0) == max(0, len(features) - 1)


def test_neighbours_are_compared_beside_points_and_in_collections(tmp_path: Path) -> None:
    west = [
        [-90.5, 16.5],
        [-90.4, 16.5],
        [-90.4, 16.52],
        [-90.399, 16.53],
        [-90.4, 16.54],
        [-90.4, 16.6],
        [-90.5, 16.5],
    ]
    east = [[-90.4, 16.5], [-90.3, 16.5], [-90.4, 16.6], [-90.4, 16.54], [-90.4, 16.52], [-90.4, 16.5]]
    line = {"type": "LineString", "coordinates": [[-90.7, 16.5], [-90.6, 16.5]]}
    mixed = {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [west]}, line]}
    report = _check(
        tmp_path,
        {"type": "Feature", "geometry": mixed, "properties": {}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [east]}, "properties": {}},
        _feature({}),
    )
    assert set(report.counts) == {"geometry-mixed", "overlap"}
