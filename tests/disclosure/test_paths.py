"""Names of files and folders are searched, and links and repositories inside a folder are read or reported."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from atlas.disclosure.limits import Limits
from atlas.disclosure.public_content import public_pairs
from atlas.disclosure.scan import Scan, scan_files
from atlas.disclosure.scanned_paths import scan_paths
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.project import Project
from tests.disclosure import plants, writers

pytestmark = pytest.mark.slow

LON, LAT = plants.PLACES[0]
NAMES = {
    "position in a file's name": f"a/b/punto_{LAT:.5f}_{LON:.5f}.txt",
    "position over folders": f"a/{LON:.4f}/{LAT:.4f}/x.txt",
    "geohash of a folder": f"a/{writers.geohash((LON, LAT), 7)}/x.txt",
    "time of a picture": "a/IMG_20260510_061137.txt",
    "id": f"a/{plants.RECORD_ID}.txt",
    "MGRS": f"a/{writers.mgrs((LON, LAT))}.txt",
}


@pytest.fixture
def scan(project: Project, limits: Limits) -> Scan:
    records = [plants.record(place, number) for number, place in enumerate(plants.PLACES)]
    return Scan(limits, Search(secrets_of(records, limits), limits, public_pairs(project)))


@pytest.mark.parametrize("how", NAMES)
def test_a_secret_in_a_name_is_found(scan: Scan, tmp_path: Path, how: str) -> None:
    path = tmp_path / NAMES[how]
    path.parent.mkdir(parents=True)
    path.write_text("nothing here")
    scan_paths(scan, [tmp_path])
    assert any(one.rule.startswith("secret") for one in scan.findings.all())


@pytest.mark.parametrize("how", NAMES)
def test_a_secret_in_a_name_of_a_release_is_found(scan: Scan, how: str) -> None:
    scan_files(scan, {NAMES[how]: b"nothing here"})
    assert any(one.rule.startswith("secret") for one in scan.findings.all())


def test_a_secret_in_the_name_of_an_empty_folder_is_found(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "a" / plants.RECORD_ID).mkdir(parents=True)
    scan_paths(scan, [tmp_path])
    assert [one.rule for one in scan.findings.all()] == ["secret-id"]


def test_a_link_out_of_the_folder_is_unread_and_its_name_is_searched(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / plants.RECORD_ID).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    scan_paths(scan, [tmp_path / "public"])
    assert {one.rule for one in scan.findings.all()} == {"secret-id", "unread"}


def test_a_repository_within_a_repository_is_read(scan: Scan, tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    for folder in (tmp_path, inner):
        subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (inner / "x.txt").write_text(f"{LON}, {LAT}")
    git = ["git", "-C", str(inner), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    (inner / "x.txt").unlink()
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    scan_paths(scan, [tmp_path])
    assert any(one.rule == "secret-position" for one in scan.findings.all())


def test_the_folder_that_is_audited_has_a_name_too(scan: Scan, tmp_path: Path) -> None:
    lon, lat = plants.PLACES[0]
    folder = tmp_path / f"{lat} {lon}"
    folder.mkdir()
    scan_paths(scan, [folder])
    assert [one.rule for one in scan.findings.all()] == ["secret-position"]
