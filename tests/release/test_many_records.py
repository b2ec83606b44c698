"""A release of many records reads them one after the other, and says of a large file what it says of a small one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atlas.errors import InputError
from atlas.release import record_reader
from atlas.release.record_reader import each_record
from tests.check.test_command_verdicts import INVALID

HEAD = '{"type":"FeatureCollection","features":['
LINE = (
    '{"type":"Feature","properties":{"category":"checkpoint"},"geometry":{"type":"Point","coordinates":[-92.15,14.6]}}'
)
ODD = {
    "one feature": LINE,
    "one geometry": '{"type":"Point","coordinates":[-92.15,14.6]}',
    "a feature a line": f"{LINE}\n{LINE}\n",
    "a sequence": f"\x1e{LINE}\n\x1e{LINE}\n",
    "what is no feature": f'{HEAD}{LINE},"Sonia",null]}}',
    "no features": '{"type":"FeatureCollection"}',
    "another type": f'{{"type":"Topology","features":[{LINE}]}}',
    "features twice": f'{HEAD}{LINE}],"features":[]}}',
    "metres": f'{HEAD}{LINE}],"crs":{{"properties":{{"name":"EPSG:32615"}}}}}}',
    "metres, then degrees": f'{HEAD}{LINE}],"crs":{{"properties":{{"name":"EPSG:32615"}}}},"crs":null}}',
    "cut": f"{HEAD}{LINE},{LINE[:60]}",
    "more behind the end": f"{HEAD}{LINE}]}} and more",
    "nothing": "",
    "a table": "lon,lat\n-92.15,14.6\n",
    "class twice": f"{HEAD}{LINE.replace('{', chr(123) + chr(34) + 'type' + chr(34) + ':1,', 1)}]}}",
    "the same twice": f"{HEAD}{LINE},{LINE}]}}",
    "features first": f'{{"features":[{LINE}],"type":"FeatureCollection"}}',
}


def _outcome(path: Path, monkeypatch: pytest.MonkeyPatch, *, streamed: bool) -> tuple[list[object], str]:
    monkeypatch.setattr(record_reader, "_WHOLE_BYTES", -1 if streamed else 64_000_000)
    notes: list[str] = []
    try:
        return [json.dumps(one) for one in each_record([path], on_note=notes.append)], "\n".join(notes)
    except InputError as error:
        return ["refused"], str(error)


@pytest.mark.parametrize("rule", sorted(INVALID))
def test_each_fault_of_a_file_decides_the_same_however_large_it_is(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _outcome(INVALID[rule], monkeypatch, streamed=False)
    streamed = _outcome(INVALID[rule], monkeypatch, streamed=True)
    assert streamed[0] == whole[0]
    if whole[0] != ["refused"]:
        assert streamed[1] == whole[1]


@pytest.mark.parametrize("kind", sorted(ODD))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_documents_of_other_kinds_are_read_the_same_however_large(
    kind: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "exact.geojson"
    path.write_bytes(ODD[kind].replace("checkpoint", "checkpoint ñ").encode(encoding))
    whole = _outcome(path, monkeypatch, streamed=False)
    streamed = _outcome(path, monkeypatch, streamed=True)
    assert streamed[0] == whole[0], (whole[1], streamed[1])
    assert "Sonia" not in streamed[1]
