"""Which project is open, and what its owner said of the sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.admission.published_atlas import released_records
from atlas.border_project import shipped_border
from atlas.errors import InputError, UsageError
from atlas.project import find_project


def _project(folder: Path, settings: str = "") -> Path:
    (folder / "geodata" / "evidence").mkdir(parents=True)
    if settings:
        (folder / "atlas.toml").write_text(settings, encoding="utf-8")
    return folder


def test_the_folder_given_is_the_project(tmp_path: Path) -> None:
    project = find_project(_project(tmp_path))
    assert (project.geodata, project.maps) == (tmp_path / "geodata", tmp_path / "maps")
    assert (project.layers_dir.name, project.registry_path.name, project.evidence_dir.name) == (
        "layers",
        "registry.json",
        "evidence",
    )
    assert not project.embedded


def test_a_folder_without_geodata_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"is not an atlas project: it has no folder geodata/\. Give a folder that has one"
    ):
        find_project(tmp_path)


def test_the_working_folder_or_one_above_it_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = _project(tmp_path) / "deep" / "below"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find_project().geodata == tmp_path / "geodata"


def test_elsewhere_the_data_of_the_package_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    project = find_project()
    assert project.embedded
    assert (project.geodata / "evidence" / "sources.csv").is_file()
    assert project.maps == tmp_path / "maps"


def test_a_users_own_source_is_read_from_the_settings(tmp_path: Path) -> None:
    settings = """
        [sources.inegi_municipalities]
        path = "own/00mun.shp"
        crs = "EPSG:6372"
        edition = "December 2023"
        columns = { CVEGEO = "clave" }
    """
    override = find_project(_project(tmp_path, settings)).overrides["inegi_municipalities"]
    assert override.path == tmp_path / "own" / "00mun.shp"
    assert (override.crs, override.edition, override.layer) == ("EPSG:6372", "December 2023", None)
    assert dict(override.columns) == {"CVEGEO": "clave"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("[sources", r"is not TOML \(.*\); see the section on settings"),
        ("sources = 1", r"\[sources\] must be a table of tables"),
        ("[sources]\ngeonames = 'own.json'", r'\[sources.geonames\] needs path = "FILE"'),
        ("[sources.geonames]\nlayer = 'a'", r'\[sources.geonames\] needs path = "FILE"'),
        ("[sources.geonames]\npath = 1", r'\[sources.geonames\] needs path = "FILE"'),
        ("[sources.geonames]\npath = 'a'\nversion = '1'", r"has unknown keys \['version'\]; known: \['columns', 'crs'"),
        ("[sources.geonames]\npath = 'a'\ncrs = 6372", r"layer, crs, edition and columns must be text"),
        ("[sources.geonames]\npath = 'a'\ncolumns = 'b'", r"columns must be a table, such as columns = "),
        ("[sources.geonames]\npath = 'a'\ncolumns = { CVEGEO = 1 }", r"columns must be text"),
        ("shipped = 'rhine'", r'shipped = \'rhine\' is no border of the atlas; write shipped = "southern_border"'),
        ("shipped = 1", r'shipped = 1 is no border of the atlas; write shipped = "southern_border"'),
        ("[source.geonames]\npath = 'a'", r"unknown keys \['source'\]; known: \['shipped', 'sources'\]"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, settings: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"atlas\.toml.*{message}"):
        find_project(_project(tmp_path, settings))


WITH_BORDER = "[project]\n[here]\n[[neighbours]]\n[border]\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (WITH_BORDER.replace("[border]", ""), r"\[border\] is missing"),
        (WITH_BORDER.replace("[border]", "[bordre]"), r"\[bordre\] is no table of a project; did you mean border\?"),
        (WITH_BORDER.replace("[here]", "[here"), r"is not TOML"),
        (WITH_BORDER + "x = ", r"is not TOML"),
        ("here = {}\nneighbours = []\n", r"\[border\] is missing"),
    ],
)
def test_a_slip_in_the_file_of_a_border_does_not_open_another_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, message: str
) -> None:
    (tmp_path / "atlas.toml").write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        find_project()


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_nor_does_its_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    (tmp_path / "atlas.toml").write_bytes(f"# año\n{WITH_BORDER}".encode(encoding))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"atlas\.toml is not UTF-8"):
        find_project()


def test_a_file_of_another_program_is_none_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "atlas.toml").write_text('[project]\nname = "x"\n[border]\nwidth = 2\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert find_project().embedded


def test_settings_in_another_encoding_are_named(tmp_path: Path) -> None:
    (_project(tmp_path) / "atlas.toml").write_bytes("# año".encode("latin-1"))
    with pytest.raises(InputError, match=r"atlas\.toml is not UTF-8"):
        find_project(tmp_path)


def test_the_repositorys_own_file_names_the_border_that_is_shipped(repo: Path) -> None:
    project = find_project(repo)
    assert project.border is None
    assert project.described == shipped_border()
    assert project.described.title["en"] == "Mexico's southern border"


def test_a_release_beside_the_data_of_the_package_is_not_left_out_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert released_records(find_project()) == []
    records = tmp_path / "geodata" / "released" / "records.geojson"
    records.parent.mkdir(parents=True)
    records.write_text('{"type":"FeatureCollection","features":[]}', encoding="utf-8")
    with pytest.raises(UsageError, match=r"is no project.* Copy it into geodata/released/ in the folder of the atlas"):
        released_records(find_project())
