"""A deposit: the same bytes twice, nothing without a source, nothing beside it, and all of it or nothing."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from atlas._version import DATA_EDITION
from atlas.api import Atlas
from atlas.deposit import deposit_files
from atlas.errors import UsageError
from atlas.files import write_set
from atlas.publishers import PublishedEditions, UnitNames, layout_for, take_file
from atlas.publishers.edition_tables import edition_files

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Atlas.at(repo).deposit(tmp_path_factory.mktemp("deposit") / "atlas").folder


def _content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def _made_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of the deposit as the first making had them, where only what stands in the folder is tried."""
    monkeypatch.setattr(deposit_files, "parquet_files", lambda _material: ((), None))
    monkeypatch.setattr(deposit_files, "_files", lambda *_given: _content(folder))


def test_the_same_project_gives_the_same_bytes(repo: Path, folder: Path, tmp_path: Path) -> None:
    again = shutil.copytree(folder, tmp_path / "again")
    (again / "README.md").unlink()
    assert [Path(name).name for name in Atlas.at(repo).deposit(again).changed] == ["README.md"]
    assert _content(again) == _content(folder)


def test_what_a_repository_asks_for_is_there(folder: Path) -> None:
    names = _content(folder).keys()
    assert {
        "README.md",
        "LICENCES.md",
        "CITATION.cff",
        "checksums.sha256",
        "datacite.json",
        ".zenodo.json",
        "datapackage.json",
        "ro-crate-metadata.json",
        "prov.json",
        "dcat.jsonld",
        "layers/border.geojson",
        "geoparquet-1.1/border.parquet",
        "geoparquet-2.0/border.parquet",
        "evidence/tombstones.csv",
        "evidence/observations.csv",
    } <= names
    crate = json.loads((folder / "ro-crate-metadata.json").read_bytes())["@graph"]
    root = next(entity for entity in crate if entity["@id"] == "./")
    assert {part["@id"] for part in root["hasPart"]} == names - {"ro-crate-metadata.json", "checksums.sha256"}


def test_the_layers_are_there_as_geoparquet_of_both_versions(folder: Path) -> None:
    pyarrow_parquet = pytest.importorskip("pyarrow.parquet")
    for version in ("1.1", "2.0"):
        path = folder / f"geoparquet-{version}" / "municipalities.parquet"
        assert pyarrow_parquet.read_table(path).num_rows == 23
        geo = json.loads(pyarrow_parquet.read_metadata(path).metadata[b"geo"])
        assert geo["version"].startswith(version)


def test_figures_of_publishers_go_along_by_edition_under_their_licence(repo: Path, tmp_path: Path) -> None:
    shutil.copytree(repo / "geodata", tmp_path / "geodata", symlinks=True)
    (tmp_path / "CITATION.cff").write_bytes((repo / "CITATION.cff").read_bytes())
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A2"] = "2025"
    layout = layout_for("comar", tmp_path)
    for column, text in enumerate(("Oficina", *layout.period["months"], "Total"), 1):
        sheet.cell(4, column, text)
    sheet["A5"], sheet["B5"] = "Tapachula", 4321
    book.save(tmp_path / "comar.xlsx")
    names = UnitNames.of(((), ()), ((), (), []))
    kept, _ = take_file(tmp_path / "comar.xlsx", layout, names, PublishedEditions((), {}), edition="1")
    write_set(tmp_path / "geodata", edition_files(kept))
    deposited = Atlas.at(tmp_path).deposit(tmp_path / "deposit").folder
    assert b",4321," in (deposited / "series" / "comar.csv").read_bytes()
    package = json.loads((deposited / "datapackage.json").read_bytes())["resources"]
    (described,) = (one for one in package if one["path"] == "series/comar.csv")
    assert described["description"] == "Licence: not stated in the file"


def test_a_row_without_a_source_is_not_in_it(repo: Path, folder: Path) -> None:
    apart = {row.row["total_id"] for row in Atlas.at(repo).evidence.unsourced if row.table == "crossings_totals"}
    with (folder / "evidence" / "crossings_totals.csv").open(encoding="utf-8", newline="") as lines:
        kept = {row["total_id"] for row in csv.DictReader(lines)}
    assert apart
    assert not apart & kept
    assert "P05" in kept


@pytest.mark.usefixtures("_made_before")
def test_a_folder_with_anything_else_is_left_alone(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"holds what is not of this deposit \(1\): notes\.txt"):
        Atlas.at(repo).deposit(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(UsageError, match="is a file; name a folder"):
        Atlas.at(repo).deposit(tmp_path / "notes.txt")


def _edited(folder: Path) -> None:
    (folder / "README.md").write_text("our own words", encoding="utf-8")


def _of_another_project(folder: Path) -> None:
    _replace(folder / "ro-crate-metadata.json", '"identifier": "urn:uuid:', '"identifier": "urn:uuid:0')


def _of_another_edition(folder: Path) -> None:
    _replace(folder / "ro-crate-metadata.json", f'"version": "{DATA_EDITION}"', '"version": "2025.03"')


def _linked(folder: Path) -> None:
    (folder / "README.md").unlink()
    (folder / "README.md").symlink_to(folder / "nowhere")


def _unsigned(folder: Path) -> None:
    (folder / "checksums.sha256").unlink()


def _unreadable(folder: Path) -> None:
    (folder / "ro-crate-metadata.json").write_bytes(b"[" * 100_000)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.usefixtures("_made_before")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_edited, r"was changed after it was deposited \(1\): README\.md; move it away, or name another folder"),
        (_linked, r"was changed after it was deposited \(1\): README\.md; move it away, or name another folder"),
        (_of_another_project, r"holds what is no deposit of this project \(\d+\): .*; name another folder"),
        (_of_another_edition, r"holds the deposit of data edition 2025\.03, and this is .*; name another folder"),
        (_unsigned, r"holds what is no deposit of this project"),
        (_unreadable, r"holds what is no deposit of this project"),
    ],
)
def test_a_deposit_that_is_not_of_this_making_is_left_alone(
    repo: Path, folder: Path, tmp_path: Path, change: Callable[[Path], None], message: str
) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    change(other)
    before = _content(other)
    with pytest.raises(UsageError, match=message):
        Atlas.at(repo).deposit(other)
    assert _content(other) == before


@pytest.mark.usefixtures("_made_before")
def test_a_folder_of_files_that_have_names_of_a_deposit_is_left_alone(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("of our repository")
    with pytest.raises(UsageError, match=r"holds what is no deposit of this project \(1\): README\.md"):
        Atlas.at(repo).deposit(tmp_path)
    assert (tmp_path / "README.md").read_text() == "of our repository"
