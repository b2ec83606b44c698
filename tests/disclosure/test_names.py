"""Re-identification by name: what a name leads to, with the project's layers, GeoNames and a list of one's own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import atlas
from atlas.disclosure import Severity
from atlas.disclosure.gazetteer import Gazetteer, ListedPlace, border_of
from atlas.disclosure.gazetteer_files import read_places
from atlas.disclosure.limits import Limits
from atlas.disclosure.name_decisions import name_check
from atlas.disclosure.scan import Scan
from atlas.disclosure.toponyms import readings
from atlas.errors import InputError, PolicyError
from atlas.project import Project
from atlas.releasing import _gazetteers

pytestmark = pytest.mark.slow

# invented, and so in no list; the position is that of Talismán's bridge, which is public
NAME = "Quetzalmina"
SPOT = (-92.1482, 14.9628)
STRETCH = {"type": "LineString", "coordinates": [[-92.2, 14.6], [-92.1, 14.9]]}


def _layer(name: str, **more: Any) -> bytes:
    properties = {
        "name": name, "named": None, "extent": "municipality:07087", "municipality_cvegeo": "07087",
        "municipality_name": "Suchiate", "neighbours": ["GTM"], "opposite": None, "vehicular": "unknown",
        "mode": None, "chainage_intervals": None, "dataGeneralizations": None, "informationWithheld": None,
        "note": None, "as_of": None, "confidence": "seen", "coordinateUncertaintyInMeters": None,
        "georeferenceProtocol": "", "sensitivity": "generalised", "source_ids": ["tn23_2019"], **more,
    }  # fmt: skip
    feature = {"type": "Feature", "id": "informal-1", "geometry": STRETCH, "properties": properties}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False).encode()


def _listed(*names: str, at: tuple[float, float] = SPOT) -> Mapping[str, Callable[[], list[ListedPlace]]]:
    return {"a list": lambda: [ListedPlace(names, *at)]}


def _rules(project: Project, limits: Limits, data: bytes, lists: Any = None, *, file: str = "") -> set[str]:
    scan = Scan(limits, names=name_check(project, limits.floor_m, lists or {}))
    scan.data(file or "crossings_informal.geojson", data)
    return {one.rule for one in scan.findings.all()} & {"re-identified", "undecided-name", "unknown-name"}


@pytest.fixture(scope="module")
def geonames() -> Mapping[str, Callable[[], Any]]:
    lists = _gazetteers(None)
    assert len(lists) == 1, "the tests need the sources extra"
    ((title, read),) = lists.items()
    places = list(read())
    return {title: lambda: places}


# ── how names are compared ──────────────────────────────────────────────────────────────────────────────────────────
ALIKE = [
    ("Quetzalmina", "QUETZALMINA"),
    ("Quétzalmína", "Quetzalmina"),
    ("Quetzalmin\u0303a", "Quetzalmina"),
    ("".join(chr(ord(letter) + 0xFEE0) for letter in "Quetzalmina"), "Quetzalmina"),
    ("Quetzal\u200bmina", "Quetzalmina"),
    ("Ejido Quetzalmina", "Quetzalmina"),
    ("Rancho La Quetzalmina", "Quetzalmina"),
    ("Paso de la Quetzalmina", "Quetzalmina Crossing"),
    ("the ford of Quetzalmina", "Vado Quetzalmina"),
    ("Former Navy post Quetzalmina", "Quetzalmina"),
    ("Zoraida Quetzalmina", "Quetzalmina Zoraida"),
    ("Zoraida (Quetzalmina)", "Quetzalmina"),
    ("Zoraida – Quetzalmina", "Quetzalmina"),
    ("Zoraida / Quetzalmina", "Quetzalmina"),
    ("Zoraida or Quetzalmina", "Quetzalmina"),
    ("Sta. Quetzalmina", "Santa Quetzalmina"),
    ("St Quetzalmina", "San Quetzalmina"),
    ("Quetzal-Mina", "Quetzalmina"),
    ("Quetzal Mina", "Quetzalmina"),
    ("Quetzal’mina", "Quetzalmina"),
    ("Nueva Quetzalmina", "Nva. Quetzalmina"),
    ("La Frontera", "Frontera"),
]


@pytest.mark.parametrize(("written", "listed"), ALIKE)
def test_a_name_is_the_same_however_it_is_written(written: str, listed: str) -> None:
    assert any(one.matches(other) for one in readings(written) for other in readings(listed))
    assert any(one.matches(other) for one in readings(listed) for other in readings(written))


@pytest.mark.parametrize(
    ("written", "listed"),
    [("Quetzalmina", "Zoraida"), ("Paso Quetzalmina", "Paso Zoraida"), ("Río Zoraida", "Río Quetzalmina")],
)
def test_a_kind_of_place_alone_makes_no_names_alike(written: str, listed: str) -> None:
    assert not any(one.matches(other) for one in readings(written) for other in readings(listed))


@pytest.mark.parametrize("name", ["", "7", "R012", "…", "the crossing point on the river of the border"])
def test_what_names_no_place_has_no_telling_word(name: str) -> None:
    assert not [reading for reading in readings(name) if not reading.joined.startswith("r0")]


# ── what a name leads to ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("written", [NAME, f"Paso {NAME}", f"Ejido {NAME.upper()} (informal use)"])
def test_a_name_that_a_list_has_near_the_line_is_a_finding(project: Project, limits: Limits, written: str) -> None:
    assert _rules(project, limits, _layer(written), _listed(NAME)) == {"re-identified"}
    assert _rules(project, limits, _layer(written), _listed("Zoraida", NAME)) == {"re-identified"}


def test_a_name_that_is_in_no_list_is_not_cleared(project: Project, limits: Limits) -> None:
    assert _rules(project, limits, _layer(NAME)) == {"undecided-name"}
    # far from the line it is another place
    assert _rules(project, limits, _layer(NAME), _listed(NAME, at=(-96.0, 19.0))) == {"undecided-name"}
    assert _rules(project, limits, _layer(NAME), file="notes.geojson") == {"unknown-name"}


def test_what_lies_opposite_is_looked_up_too(project: Project, limits: Limits) -> None:
    data = _layer("Talismán (informal use)", opposite=NAME)
    assert _rules(project, limits, data, _listed(NAME)) == {"re-identified"}


def test_a_decision_lets_a_name_stand_and_a_municipality_is_no_finer_than_its_stretch(
    project: Project, limits: Limits
) -> None:
    for name in (
        "Talismán (informal use)",
        "TALISMAN (informal use)",
        "Suchiate",
        "Municipio de Tuxtla Chico",
        "Chiapas",
    ):
        assert not _rules(project, limits, _layer(name), _listed("Talismán", "Suchiate", "Tuxtla Chico")), name
    # the decision is on that name and no other
    assert _rules(project, limits, _layer("Talismán (ford)"), _listed("Talismán")) == {"re-identified"}


def test_the_layers_alone_lead_from_a_name_to_a_place(project: Project, limits: Limits) -> None:
    (settlement,) = [one for one in _settlements(project) if one["properties"]["name"] == "Chetumal"]
    assert settlement["geometry"]["type"] == "Point"
    assert _rules(project, limits, _layer("Paso Chetumal")) == {"re-identified"}


def _settlements(project: Project) -> list[dict[str, Any]]:
    features = json.loads((project.layers_dir / "basemap.geojson").read_bytes())["features"]
    return [one for one in features if one["properties"]["kind"] == "settlement"]


def test_an_informal_record_of_a_team_is_looked_up_too(project: Project, limits: Limits) -> None:
    properties = {"category": "informal_crossing", "sensitivity": "generalised", "nombre": f"Vado {NAME}"}
    feature = {"type": "Feature", "id": "1", "geometry": STRETCH, "properties": properties}
    data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    assert _rules(project, limits, data, _listed(NAME), file="notes.geojson") == {"re-identified"}


# ── our own layers, with GeoNames ───────────────────────────────────────────────────────────────────────────────────
def test_no_published_name_of_ours_leads_to_a_place_without_a_decision(
    project: Project, limits: Limits, geonames: Mapping[str, Callable[[], Any]], repo: Path
) -> None:
    scan = Scan(limits, names=name_check(project, limits.floor_m, geonames))
    for path in sorted((repo / "geodata" / "layers").glob("*.geojson")):
        scan.data(path.name, path.read_bytes())
    assert [one for one in scan.findings.all() if one.severity == Severity.ERROR] == []
    assert scan.names is not None
    (note,) = scan.names.notes(0)
    # that it finds Talismán, Frontera Corozal and the seats shows that it looks
    assert int(note.split(" are those of places near the line")[0].split()[-1]) >= 8


def test_every_settlement_near_the_line_would_be_found(
    project: Project, limits: Limits, geonames: Mapping[str, Callable[[], Any]]
) -> None:
    """A village of GeoNames, taken at random and named nowhere here, in a layer that gives it as a crossing."""
    ((title, places),) = geonames.items()
    near = Gazetteer.of(title, places(), border_of(project), 2000.0)
    check = name_check(project, limits.floor_m, {title: lambda: near.places})
    scan = Scan(limits, names=check)
    names = [f"Paso {place.names[0]}" for place in near.places]
    assert len(names) > 30
    for number, name in enumerate(names):
        scan.data(f"{number}/crossings_informal.geojson", _layer(name))
    caught = {one.file for one in scan.findings.all() if one.rule == "re-identified"}
    # what bears the name of its municipality is no finer than its stretch
    assert len(caught) >= 0.8 * len(names)
    assert not {one.rule for one in scan.findings.all()} & {"undecided-name"}


def test_a_build_over_a_name_without_a_decision_stops(repo: Path, tmp_path: Path) -> None:
    shutil.copytree(repo / "geodata", tmp_path / "geodata")
    path = tmp_path / "geodata" / "layers" / "crossings_informal.geojson"
    path.write_bytes(path.read_bytes().replace("Talismán (informal use)".encode(), NAME.encode(), 1))
    with pytest.raises(PolicyError, match=r"(?s)the audit stopped the build.*in no list here.*publication_decisions"):
        atlas.open(tmp_path).build()
    assert not (tmp_path / "maps").exists()


# ── a list of one's own ─────────────────────────────────────────────────────────────────────────────────────────────
# a quote within a name means nothing in this format
GEONAMES_CELLS = (
    "999",
    f'"{NAME}',
    NAME,
    "Zoraida,Otro",
    "14.9628",
    "-92.1482",
    "P",
    "PPL",
    "MX",
    *[""] * 9,
    "2020-01-01",
)
GEONAMES = "\t".join(GEONAMES_CELLS) + "\n"
AREA = {
    "type": "Feature",
    "properties": {"nombre": "Zoraida", "alt_name": NAME},
    "geometry": {"type": "Polygon", "coordinates": [[[-92.2, 14.9], [-92.1, 14.9], [-92.1, 15.0], [-92.2, 14.9]]]},
}
FILES = {
    "MX.txt": GEONAMES.encode(),
    "latin.csv": "nombre;longitud;latitud\nZoraida Ñandú;-92,1482;14,9628\n".encode("latin-1"),
    "inegi.csv": f"CVEGEO,NOM_LOC,LAT_DECIMAL,LON_DECIMAL\n071020001,{NAME} Zoraida,14.9628,-92.1482\n".encode(),
    "bom.csv": f"\ufeffname,lon,lat\n{NAME} Zoraida,-92.1482,14.9628\n".encode(),
    "tabs.tsv": f"name\tlat\tlon\n{NAME} Zoraida\t14.9628\t-92.1482\n".encode(),
    "places.geojson": json.dumps({"type": "FeatureCollection", "features": [AREA]}).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_fuller_list_finds_what_geonames_lacks(project: Project, limits: Limits, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    assert _rules(project, limits, _layer("Paso Zoraida"), {name: lambda: read_places(path)}) == {"re-identified"}


NOT_A_LIST = {
    "empty": (b"", "has no column for the longitude"),
    "no position": (b"name,state\nZoraida,Chiapas\n", "no column for the longitude: its columns are name, state"),
    "no name": (b"lon,lat\n-92.1,14.9\n", "no column for the name"),
    "angles": ("name,lon,lat\nZoraida,92°15'38\" W,14°54'\n".encode(), "no place with a position in degrees"),
    "other JSON": (b'{"a": 1}', "names no place with a position"),
    "damaged JSON": (b'{"type": "Feat', "is no GeoJSON of places"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "has no column for the longitude"),
}


@pytest.mark.parametrize(("data", "message"), NOT_A_LIST.values(), ids=NOT_A_LIST.keys())
def test_what_is_no_list_of_places_is_one_clear_error(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match=f"(?s){message}.*expected GeoNames' tab-separated export"):
        read_places(path)


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv cannot be read"):
        read_places(tmp_path / "nowhere.csv")


# ── what a report says ──────────────────────────────────────────────────────────────────────────────────────────────
def test_a_report_says_where_it_looked(project: Project, limits: Limits, geonames: Mapping[str, Any]) -> None:
    notes = []
    for lists in ({}, geonames):
        check = name_check(project, limits.floor_m, lists)
        scan = Scan(limits, names=check)
        scan.data("crossings_informal.geojson", _layer("Talismán (informal use)"))
        notes += check.notes(0)
    assert "the atlas' own layers" in notes[0]
    assert "only (GeoNames comes with the sources extra; --gazetteer FILE takes a fuller list)" in notes[0]
    assert "GeoNames: places of 500 people and more" in notes[1]
    assert "only (" not in notes[1]
    assert all("1 are those of places near the line, of which 1 stand by a decision" in note for note in notes)


def test_names_in_the_history_are_known_and_not_listed(repo: Path, tmp_path: Path) -> None:
    for name in ("registry.json", "evidence"):
        target = tmp_path / "geodata" / name
        target.parent.mkdir(exist_ok=True)
        target.symlink_to(repo / "geodata" / name)
    layers = Path(shutil.copytree(repo / "geodata" / "layers", tmp_path / "geodata" / "layers"))
    path = layers / "crossings_informal.geojson"
    now = path.read_bytes()
    path.write_bytes(_layer(NAME))
    _commit(tmp_path)
    path.write_bytes(now)
    _commit(tmp_path)
    report = atlas.open(tmp_path).audit([layers])
    assert not report.failed
    (known,) = [note for note in report.notes if note.startswith("Known:")]
    assert "in the git history: 1; the decisions to withhold account for 23" in known
    assert "docs/do-no-harm.md" in known
    assert NAME not in str(report)


def _commit(folder: Path) -> None:
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    for words in (["init", "-q"], ["add", "geodata/layers"], [*who, "commit", "-qm", "state"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
