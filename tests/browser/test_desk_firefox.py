"""The desk in a real Firefox: a conflict is decided, and notes cross a data channel from a phone's page."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from atlas.admission.published_atlas import open_published_atlas
from atlas.cli.field_page_commands import policy_of
from atlas.field.desk.server import DeskServer
from atlas.field.importing import import_files
from atlas.field.readers import read_file
from atlas.field.store import open_store
from atlas.project import find_project
from atlas.render import render_desk_page
from tools import browsers, node

pytestmark = [pytest.mark.browser, pytest.mark.slow(40)]

DRIVE = Path(__file__).parent / "firefox" / "desk.mjs"
TIMEOUT_S = 400
RECORD = "00000000-0000-4000-8000-000000000001"


def _notes(path: Path, note: str) -> Path:
    geometry = {"type": "Point", "coordinates": [-92.1, 15.1]}
    properties = {"category": "observation", "observed_at": "2026-05-04", "sensitivity": "restricted", "note": note}
    feature = {"type": "Feature", "id": RECORD, "geometry": geometry, "properties": properties}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_firefox_decides_a_conflict_and_takes_notes_in(
    maps: Path, repo: Path, lacking: Callable[[str], None], tmp_path: Path
) -> None:
    firefox = browsers.find(browsers.FIREFOX)
    if firefox is None:
        lacking(browsers.FIREFOX.remedy)
    store = open_store(tmp_path / "team.gpkg")
    store.create()
    for author, note in (("Ana", "a synthetic note"), ("Luis", "another synthetic opinion")):
        import_files(store, [_notes(tmp_path / f"{author}.geojson", note)], read_file, author=author)
    page, profile = render_desk_page(open_published_atlas(find_project(repo))), tmp_path / "profile"
    profile.mkdir()
    with DeskServer(store, page, policy=policy_of(page), port=0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        modules, phone = node.packages(repo / "web").parent, (maps / "annotate.html").as_uri()
        command = [node.node(), str(DRIVE), str(modules), str(firefox), server.link(), phone, str(profile)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        server.shutdown()
    assert done.returncode == 0, done.stderr[-3000:]
    report: dict[str, Any] = json.loads(done.stdout)
    # Firefox asks for a picture of its own choice, which the page's policy keeps it from
    assert [fault for fault in report["faults"] if "favicon.ico" not in fault] == []
    assert report["counts"] == "1 records, 1 in conflict, 0 likely duplicates"
    assert "9 of 9 notes are in store team.gpkg" in report["receipt"]
    assert report["home"].replace("\u00a0", " ") == "Only here: 0 · handed over: 0 · at home: 9"
    with store.reading() as view:
        state = view.state(RECORD)
        assert state.conflicts == {}
        assert state.value("decision")["decided_by"] == "Luz"
        assert sum(str(each.value("note")).startswith("synthetic ") for each in view.states()) == 9
