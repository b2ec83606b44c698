"""An audit in several processes finds what one process finds, in the same order."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import MappingProxyType

import pytest

from atlas.disclosure import many_processes
from atlas.disclosure.finding import Finding, Findings
from atlas.disclosure.limits import Limits
from atlas.disclosure.name_decisions import name_check
from atlas.disclosure.public_content import public_pairs
from atlas.disclosure.scan import Scan
from atlas.disclosure.scanned_paths import scan_paths
from atlas.disclosure.search import Search
from atlas.disclosure.secrets import secrets_of
from atlas.errors import InputError
from atlas.project import Project
from tests.disclosure import plants

LON, LAT = plants.PLACES[0]


def fresh(project: Project, limits: Limits) -> Scan:
    records = [plants.record(place, number) for number, place in enumerate(plants.PLACES[:1])]
    search = Search(secrets_of(records, limits), limits, public_pairs(project))
    return Scan(limits, search, name_check(project, limits.floor_m))


def folder_of(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    folder.mkdir()
    for number in range(6):
        named = {
            "type": "Feature",
            "properties": {"name": f"Ejido Quetzal{'aeioun'[number] * 3}", "sensitivity": "generalised"},
        }
        area = {"type": "Polygon", "coordinates": [[[-92, 15], [-91, 15], [-91, 16], [-92, 15]]]}
        document = {"type": "FeatureCollection", "features": [{**named, "geometry": area}]}
        (folder / f"a{number}.geojson").write_text(json.dumps(document))
        (folder / f"b{number}.txt").write_text(f"{LON}, {LAT}\n" if number % 2 else "mail: a.person@mail.example")
    return folder


@pytest.mark.slow
def test_two_processes_find_what_one_finds_in_the_same_order(
    project: Project, limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_processes, "_MOST", 4)
    folder = folder_of(tmp_path)
    # places that were asked for before go to the processes with the map of boxes
    assert limits.places is not None
    assert limits.places.place(limits.places.names("box")[0])
    one, two = fresh(project, limits), fresh(project, limits)
    steps: list[str] = []
    two.progress = steps.append
    scan_paths(one, [folder, folder / "a1.geojson"])
    scan_paths(two, [folder, folder / "a1.geojson"], workers=2)
    assert {"secret-position", "unknown-name"} <= {each.rule for each in one.findings.all()}
    assert two.findings.all() == one.findings.all()
    assert (two.files, two.size) == (one.files, one.size)
    assert one.names is not None
    assert two.names is not None
    assert list(two.names.notes(0)) == list(one.names.notes(0))
    assert steps[-1] == "13 files"


def test_shares_follow_from_the_files_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_processes, "_SHARE", 10)
    files = [tmp_path / str(number) for number in range(5)]
    for file, size in zip(files, (4, 4, 4, 50, 1), strict=True):
        file.write_bytes(b"x" * size)
    shares = many_processes.shares_of(files)
    assert shares == [files[:2], files[2:3], files[3:4], files[4:]]


def test_what_cannot_be_changed_goes_to_a_process_as_it_is() -> None:
    thing = {"a": MappingProxyType({"b": 1})}
    assert pickle.loads(many_processes._packed(thing)) == thing  # noqa: S301 - made here


def test_findings_of_shares_are_kept_and_counted_as_those_of_one() -> None:
    listed = [Finding("email", file, f"byte {number}", "an address") for number in range(5) for file in "ab"]
    whole, first, second = Findings(), Findings(), Findings()
    whole.extend(listed)
    first.extend(listed[:3])
    second.extend(listed[3:])
    first.take(second)
    assert first.all() == whole.all()


def test_a_process_that_is_ended_is_said_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Pool:
        def __init__(self, *_: object, **__: object) -> None: ...

        def submit(self, *_: object) -> Pool:
            return self

        def result(self) -> None:
            raise BrokenProcessPool

        def shutdown(self, **_: object) -> None: ...

    monkeypatch.setattr(many_processes, "ProcessPoolExecutor", Pool)
    made: Iterator[int] = many_processes.in_processes(lambda _job, _share: 1, None, [[tmp_path], [tmp_path]], 2)
    monkeypatch.setattr(many_processes, "_packed", lambda _thing: b"")
    with pytest.raises(InputError, match="fewer --workers"):
        next(made)
