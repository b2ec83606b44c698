"""A deposit: the same bytes twice, nothing without a source, nothing beside it, and all of it or nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from atlas.api import Atlas
from atlas.errors import UsageError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Atlas.at(repo).deposit(tmp_path_factory.mktemp("deposit") / "atlas").folder


def _content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_project_gives_the_same_bytes(repo: Path, folder: Path, tmp_path: Path) -> None:
    again = Atlas.at(repo).deposit(tmp_path / "again")
    assert _content(again.folder) == _content(folder)
    assert Atlas.at(repo).deposit(again.folder).changed == ()


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
        "layers/border.geojson",
        "evidence/observations.csv",
    } <= names
    crate = json.loads((folder / "ro-crate-metadata.json").read_bytes())["@graph"]
    root = next(entity for entity in crate if entity["@id"] == "./")
    assert {part["@id"] for part in root["hasPart"]} == names - {"ro-crate-metadata.json", "checksums.sha256"}


def test_a_row_without_a_source_is_not_in_it(repo: Path, folder: Path) -> None:
    apart = {row.row["total_id"] for row in Atlas.at(repo).evidence.unsourced if row.table == "crossings_totals"}
    with (folder / "evidence" / "crossings_totals.csv").open(encoding="utf-8", newline="") as lines:
        kept = {row["total_id"] for row in csv.DictReader(lines)}
    assert apart
    assert not apart & kept
    assert "P05" in kept


def test_a_folder_with_anything_else_is_left_alone(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"holds what is not of this deposit \(1\): notes\.txt"):
        Atlas.at(repo).deposit(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(UsageError, match="is a file; name a folder"):
        Atlas.at(repo).deposit(tmp_path / "notes.txt")
