"""What a file says by itself: classes, shapes, fields, times, personal data; and the atlas' own files are clean."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import atlas
from atlas.admission.published_atlas import released_records
from atlas.cli import app
from atlas.disclosure import audit_published, audit_release, refuse_findings
from atlas.disclosure.finding import Severity
from atlas.disclosure.limits import Limits
from atlas.disclosure.scan import Scan
from atlas.errors import PolicyError
from atlas.project import Project

pytestmark = pytest.mark.slow

Rules = Callable[..., set[str]]


def _file(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def _feature(limits: Limits, **more: Any) -> dict[str, Any]:
    """A feature as `atlas release` makes it, at a place of the map of boxes."""
    assert limits.places is not None
    place = limits.places.place("box R030")
    assert place is not None
    properties = {"group": "crossings", "period": "2025", "reports_at_least": 5, "remainder": False, "book": "2025"}
    properties |= {"sensitivity": "generalised", **place.fields, "coordinateUncertaintyInMeters": 9000, **more}
    return {"type": "Feature", "id": "a" * 16, "geometry": place.geometry, "properties": properties}


def test_a_released_feature_is_clean(judged: Rules, limits: Limits) -> None:
    assert not judged(_file(*[_feature(limits)] * 5))


def test_figures_that_stand_apart_are_not_read_as_one_telephone_number(judged: Rules) -> None:
    page = "<!doctype html><html><body><p>1,208,000</p><p>{}</p></body></html>"
    assert "phone" not in judged(page.format("1019040").encode())
    assert "phone" in judged(page.format("1019040, +502 5555 0142").encode())


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"sensitivity": None}, "unclassified"),
        ({"sensitivity": "restricted"}, "not-published-class"),
        ({"sensitivity": ["open"]}, "not-published-class"),
        ({"operator": "somebody"}, "field"),
        ({"note": "free text"}, "note"),
        ({"month": "2026-03-14"}, "time"),
        ({"confidence": "ask +502 5555 0142"}, "phone"),
        ({"confidence": "write to someone@example.org"}, "email"),
        ({"confidence": "XEXX010101HNEXXXA4"}, "curp"),
        ({"confidence": "informante Zoraida Quetzalmina"}, "name"),
        ({"confidence": "at 15.07126, -92.08374"}, "decimals"),
        ({"place": "border-somewhere"}, "unknown-place"),
        ({"place": 7}, "unknown-place"),
        ({"place": "zone R030"}, "unknown-place"),
        ({"reports_at_least": 4}, "k"),
        ({"reports_at_least": 7}, "k"),
        ({"reports_at_least": None}, "k"),
    ],
)
def test_one_change_is_one_finding(judged: Rules, limits: Limits, change: dict[str, Any], rule: str) -> None:
    assert rule in judged(_file(_feature(limits, **change)))


@pytest.mark.parametrize("kind", ["Point", "MultiPoint", "GeometryCollection"])
@pytest.mark.parametrize("category", ["informal_crossing", "shelter"])
def test_a_generalised_record_is_never_a_point(judged: Rules, limits: Limits, kind: str, category: str) -> None:
    point = {"type": "Point", "coordinates": [-92.1, 15.1]}
    shapes = {
        "Point": point,
        "MultiPoint": {"type": "MultiPoint", "coordinates": [[-92.1, 15.1]]},
        "GeometryCollection": {"type": "GeometryCollection", "geometries": [point]},
    }
    assert "point" in judged(_file({**_feature(limits, category=category), "geometry": shapes[kind]}))


def test_a_place_that_was_made_smaller_is_found(judged: Rules, limits: Limits) -> None:
    ring = [[-92.10, 15.10], [-92.09, 15.10], [-92.09, 15.11], [-92.10, 15.10]]
    small = {**_feature(limits), "geometry": {"type": "Polygon", "coordinates": [ring]}}
    assert "unknown-place" in judged(_file(small))
    small["properties"] = {**small["properties"], "place": None}
    assert "too-fine" in judged(_file(small))


def test_an_open_point_needs_a_category_that_the_policy_opens(judged: Rules, limits: Limits) -> None:
    geometry = {"type": "Point", "coordinates": [-92.1234567, 15.1]}
    shown = {**_feature(limits, category="service", sensitivity="open", place=None), "geometry": geometry}
    assert {"point", "decimals"} <= judged(_file(shown))


@pytest.mark.slow
def test_the_pages_and_layers_of_the_atlas_are_clean(repo: Path, limits: Limits) -> None:
    run = Scan(limits)
    for path in sorted([*(repo / "maps").iterdir(), *(repo / "geodata").rglob("*.*")]):
        run.data(path.name, path.read_bytes())
    assert run.files > 40
    assert not [one for one in run.findings.all() if one.severity == Severity.ERROR]


@pytest.mark.slow
def test_an_export_of_the_atlas_is_clean(project: Project, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    layers = ["crossings_formal", "crossings_informal", "containment"]
    # a shapefile and TopoJSON are looked at by the export itself, from what it reads back of them
    formats = ["geojson", "gpkg", "fgb", "parquet", "csv", "kml", "qgs"]
    made = atlas.open(project.geodata.parent).export(tmp_path, layers=layers, formats=formats)
    files = {name: (tmp_path / name).read_bytes() for name in made.sizes}
    assert not audit_published(project, files)


def test_a_build_or_export_with_a_finding_writes_nothing(project: Project) -> None:
    files = {"a.html": b'<html><script type="application/json">"call +502 5555 0142"</script></html>'}
    with pytest.raises(PolicyError, match=r"the audit stopped the build; nothing was written:\n  - a\.html, .*phone"):
        refuse_findings(audit_published(project, files), what="the build")


@pytest.mark.slow
def test_a_build_over_a_layer_with_a_phone_number_stops(repo: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(repo / "geodata", tmp_path / "geodata")
    path = tmp_path / "geodata" / "layers" / "crossings_formal.geojson"
    path.write_bytes(path.read_bytes().replace(b'"note":null', b'"note":"call +502 5555 0142"', 1))
    with pytest.raises(PolicyError, match="the audit stopped the build"):
        atlas.open(tmp_path).build()
    assert not (tmp_path / "maps").exists()


def test_released_records_pass_the_gate_or_stop_it(
    repo: Path, boxes_file: Path, tmp_path: Path, limits: Limits
) -> None:
    released = tmp_path / "geodata" / "released"
    released.mkdir(parents=True)
    (tmp_path / "geodata" / "layers").symlink_to(repo / "geodata" / "layers")
    for name in ("registry.json", "evidence"):
        (tmp_path / "geodata" / name).symlink_to(repo / "geodata" / name)
    (tmp_path / "geodata" / "boxes.json").symlink_to(boxes_file)
    empty_project = Project(geodata=tmp_path / "geodata", maps=tmp_path / "maps")
    assert released_records(empty_project) == []
    (released / "records.geojson").write_bytes(_file(*[_feature(limits)] * 5))
    assert len(released_records(empty_project)) == 5
    (released / "records.geojson").write_bytes(_file(_feature(limits, reports_at_least=4)))
    with pytest.raises(PolicyError, match="numbers are told in steps of 5"):
        released_records(empty_project)


@pytest.mark.slow
def test_a_release_is_searched_for_its_own_records(project: Project, limits: Limits) -> None:
    from atlas.release.restricted import Restricted

    properties = {"category": "informal_crossing", "note": "junto al almendro grande de la plaza"}
    geometry = {"type": "Point", "coordinates": [-92.0837415, 15.0712638]}
    exact = {"type": "Feature", "id": "made-up-0001", "geometry": geometry, "properties": properties}
    files = {"records.geojson": _file(*[_feature(limits)] * 5), "release.json": b'{"center": [-92.08374, 15.07126]}'}
    run = audit_release(project, files, limits.policy, Restricted([exact]))
    assert "secret-position" in {one.rule for one in run}
    assert not audit_release(project, {"records.geojson": files["records.geojson"]}, limits.policy, Restricted([exact]))


def test_the_command_says_what_it_found_and_how_it_ended(tmp_path: Path, limits: Limits, repo: Path) -> None:
    run = CliRunner().invoke
    clean, bad = tmp_path / "clean.geojson", tmp_path / "bad.geojson"
    clean.write_bytes(_file(*[_feature(limits)] * 5))
    bad.write_bytes(_file(_feature(limits, sensitivity=None)))
    base = ["--project", str(repo), "audit"]
    done = run(app, [*base, str(clean)])
    assert (done.exit_code, "0 errors" in done.output, "Smallest k 5" in done.output) == (0, True, True)
    done = run(app, [*base, str(bad), "--format", "json"])
    report = json.loads(done.output)
    assert done.exit_code == 1
    assert not report["passed"]
    assert {one["rule"] for one in report["findings"]} == {"unclassified"}
    assert all(one["remedy"] and one["where"] and one["file"] for one in report["findings"])


@pytest.mark.parametrize(
    ("words", "match"),
    [
        (["missing.geojson"], "no such file or folder"),
        ([], "nothing to audit"),
        (["FILE", "--format", "xml"], "expected one of text, json"),
        (["FILE", "--against", "missing.geojson"], "missing.geojson does not exist"),
        (["FILE", "--policy", "missing.toml"], "missing.toml does not exist"),
    ],
)
def test_bad_use_is_one_sentence(tmp_path: Path, words: list[str], match: str, repo: Path) -> None:
    (tmp_path / "FILE").write_text("text", encoding="utf-8")
    given = [str(tmp_path / word) if word == "FILE" else word for word in words]
    done = CliRunner().invoke(app, ["--project", str(repo), "audit", *given])
    assert done.exit_code != 0
    assert match in str(done.exception)
