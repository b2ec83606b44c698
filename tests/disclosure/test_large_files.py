"""Large files are read piece by piece: a list of JSON as documents of its own, unknown bytes as one finding."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from atlas.disclosure import json_blocks, large_files, letter_runs, windows
from atlas.disclosure.byte_view import View
from atlas.disclosure.limits import Limits
from atlas.disclosure.public_content import public_pairs
from atlas.disclosure.scan import Scan
from atlas.disclosure.scanned_paths import scan_paths
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.project import Project
from tests.disclosure import plants

pytestmark = pytest.mark.slow

LON, LAT = plants.PLACES[0]
FEATURE = '{"type":"Feature","id":%s,"properties":{"list":[{"a":1},{"b":"}, {"}],"t":"x \\" }, {"},"geometry":null}'
SECRET = f'{{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":[{LON},{LAT}]}}}}'


@pytest.fixture
def scan(project: Project, limits: Limits) -> Scan:
    records = [plants.record(place, number) for number, place in enumerate(plants.PLACES[:1])]
    return Scan(limits, Search(secrets_of(records, limits), limits, public_pairs(project)))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_files, "LARGE", 1000)
    monkeypatch.setattr(json_blocks, "_BLOCK", 700)
    monkeypatch.setattr(large_files, "WINDOW", 20_000)
    monkeypatch.setattr(windows, "WINDOW", 20_000)


DOCUMENTS = {
    "collection": '{{"type":"FeatureCollection","name":"a [{{ b","features":[\n{}\n],"more":{{"z":[1]}}}}',
    "list": "[{}]",
    "inside": '{{"data":[1,{{"features":[{}]}}],"end":1}}',
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("form", DOCUMENTS)
def test_a_list_is_read_as_documents_of_its_objects(tmp_path: Path, form: str) -> None:
    text = DOCUMENTS[form].format(",\n".join(FEATURE % number for number in range(60)))
    (tmp_path / "a.json").write_text(text)
    listed = list(json_blocks.json_blocks(tmp_path / "a.json"))
    assert len(listed) > 5
    assert all(block.form == "json" for block in listed)
    record_ids = [
        int(one) for block in listed for one in re.findall(r'"id": (\d+)', json.dumps(json.loads(block.judged)))
    ]
    assert record_ids == list(range(60))
    assert all(text.encode()[block.start :].startswith(block.data) for block in listed)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("at", [0, 30, 59])
def test_one_feature_of_a_large_collection_is_found_and_all_are_judged(scan: Scan, tmp_path: Path, at: int) -> None:
    features = [FEATURE % number for number in range(60)]
    features[at] = SECRET
    text = DOCUMENTS["collection"].format(",".join(features))
    (tmp_path / "a.geojson").write_text(text)
    scan_paths(scan, [tmp_path / "a.geojson"])
    (secret,) = (one for one in scan.findings.all() if one.rule == "secret-position")
    assert secret.where == f"byte {text.index(str(LON)) + 1}"
    assert sum(one.count for one in scan.findings.all() if one.rule == "unclassified") == 60
    assert not [one for one in scan.findings.all() if one.rule == "unread"]


@pytest.mark.usefixtures("small")
def test_what_is_no_list_to_its_end_is_searched(scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_blocks, "_LONGEST", 3000)
    text = '{"features":[{"a":1},{"b":[' + "[1,2],\n" * 2000 + f"[{LON},{LAT}]" + "]}]}"
    (tmp_path / "a.json").write_text(text)
    scan_paths(scan, [tmp_path / "a.json"])
    assert {"secret-position", "unread"} <= {one.rule for one in scan.findings.all()}


@pytest.mark.usefixtures("small")
def test_unknown_bytes_are_one_finding_and_searched_to_the_end(scan: Scan, tmp_path: Path) -> None:
    noise = np.random.default_rng(8).bytes(100_000)
    (tmp_path / "a.bin").write_bytes(noise)
    scan_paths(scan, [tmp_path / "a.bin"])
    assert [(one.rule, one.count) for one in scan.findings.all()] == [("unread", 1)]
    (tmp_path / "a.bin").write_bytes(noise + np.array([[LON, LAT]], dtype="<f8").tobytes() + b"x")
    scan_paths(scan, [tmp_path / "a.bin"])
    (secret,) = (one for one in scan.findings.all() if one.rule == "secret-position")
    assert secret.where == f"byte {len(noise)}"


def test_windows_hold_every_byte_and_cut_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "WINDOW", 20_000)
    text = b" ".join(b"%d.%06d" % (number % 90, number) for number in range(20_000))
    listed = list(windows.windows(View("a", text, "text"), words=True))
    whole = set(text.split())
    assert len(listed) > 5
    assert set().union(*(one.data.split() for one in listed)) == whole
    assert all(text[one.base :].startswith(one.data) for one in listed)


def test_runs_of_letters_are_those_of_a_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_runs, "_STEP", 7)
    dice = np.random.default_rng(3)
    for _ in range(200):
        text = dice.choice(list(b"0123ab"), size=60).astype(np.uint8).tobytes()
        expected = [match.span() for match in re.finditer(rb"[0-3]{3,}", text)]
        assert list(letter_runs.runs(text, b"0123", 3)) == expected


@pytest.mark.long
def test_a_hundred_megabytes_of_noise_are_one_finding_in_a_gigabyte(tmp_path: Path) -> None:
    from tests.disclosure.test_rows import measured

    features = [plants.record(place, number) for number, place in enumerate(plants.PLACES)]
    (tmp_path / "exact.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (tmp_path / "a.bin").write_bytes(np.random.default_rng(1).bytes(100_000_000))
    seconds, megabytes, text = measured(tmp_path / "a.bin", tmp_path / "exact.geojson")
    assert "1 errors, 0 warnings" in text
    assert "error unread (1)" in text
    assert megabytes < 1000
    assert seconds < 150
