"""A deposit in the hands of its judges: RO-Crate 1.2, Frictionless, DataCite and DCAT-AP, all with the network off."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.api import Atlas
from tools.provision import JUDGES, python_in

TIMEOUT_S = 300
Judge = Callable[[Path], dict[str, list[str]]]


@pytest.fixture(scope="module")
def folder(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Atlas.at(repo).deposit(tmp_path_factory.mktemp("deposit") / "atlas").folder


@pytest.fixture(scope="module")
def judge(lacking: Callable[[str], None]) -> Judge:
    python = Path(os.environ.get("ATLAS_JUDGES_PYTHON") or python_in(JUDGES))
    if not python.exists():
        lacking("no judges of deposits here (`python -m tools.provision interop` installs them)")

    def judges(folder: Path) -> dict[str, list[str]]:
        script = Path(__file__).with_name("judge_deposit.py")
        done = subprocess.run(
            [python, script, folder],
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
            env={key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return dict(json.loads(done.stdout.splitlines()[-1]))

    return judges


def test_the_deposit_is_what_its_four_standards_ask_for(judge: Judge, folder: Path) -> None:
    assert judge(folder) == {"crate": [], "package": [], "record": [], "catalogue": []}


def test_each_judge_notices_what_is_wrong(judge: Judge, folder: Path, tmp_path: Path) -> None:
    spoilt = Path(shutil.copytree(folder, tmp_path / "spoilt"))
    for name, old, new in (
        ("ro-crate-metadata.json", '"datePublished"', '"dateOfParty"'),
        ("evidence/observations.csv", ",76239,", ',"76,239",'),
        ("dcat.jsonld", '"dcat:accessURL"', '"dcat:partyURL"'),
        ("datacite.json", '"publicationYear"', '"yearOfParty"'),
    ):
        text = (spoilt / name).read_text("utf-8")
        assert old in text
        (spoilt / name).write_text(text.replace(old, new), "utf-8")
    faults = judge(spoilt)
    assert any("datePublished" in fault for fault in faults["crate"])
    assert any("76,239" in fault for fault in faults["package"])
    assert any("accessURL" in fault for fault in faults["catalogue"])
    assert any("publicationYear" in fault for fault in faults["record"])


def test_the_place_of_the_record_is_on_the_border(folder: Path) -> None:
    box = json.loads((folder / "datacite.json").read_bytes())["geoLocations"][0]["geoLocationBox"]
    assert box["westBoundLongitude"] < box["eastBoundLongitude"] < -80
    assert 10 < box["southBoundLatitude"] < box["northBoundLatitude"] < 30


def test_the_checksums_are_those_of_every_other_file(folder: Path) -> None:
    lines = (folder / "checksums.sha256").read_text("utf-8").splitlines()
    sums = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert sums.keys() == files - {"checksums.sha256"}
    assert all(hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest for path, digest in sums.items())
