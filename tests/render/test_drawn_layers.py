"""What pages draw of a project is read once for the same files, and the gate stands before it each time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atlas.admission.published_atlas import open_published_atlas
from atlas.errors import InputError, PolicyError
from atlas.project import Project, find_project
from atlas.published import publishable
from atlas.render.build_context import BuildContext

pytestmark = pytest.mark.slow


@pytest.fixture
def copied(repo: Path, tmp_path: Path) -> Project:
    shutil.copytree(repo / "geodata", tmp_path / "project" / "geodata", ignore=shutil.ignore_patterns("private"))
    return find_project(tmp_path / "project")


def _context(project: Project) -> BuildContext:
    return BuildContext(open_published_atlas(project))


def test_the_same_files_are_read_and_packed_once(copied: Project) -> None:
    first, again = _context(copied), _context(copied)
    assert again.features is first.features
    assert again.packed is first.packed


def test_a_file_that_changes_is_read_anew(copied: Project) -> None:
    before = _context(copied).features["basemap"]
    path = copied.layers_dir / "basemap.geojson"
    path.write_bytes(path.read_bytes().replace(b'"Chetumal"', b'"Quetzalm"'))
    after = _context(copied)
    assert "Quetzalm" in {one["properties"]["name"] for one in after.features["basemap"]}
    assert "Quetzalm" not in {one["properties"]["name"] for one in before}
    path.unlink()
    with pytest.raises(InputError, match=r"basemap\.geojson"):
        _ = _context(copied).packed


def test_the_gate_stands_before_what_was_kept_too(copied: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _context(copied).shapes
    monkeypatch.setattr(publishable, "fault", lambda *_: "no, says the test")
    for part in ("features", "shapes", "outlines", "packed"):
        with pytest.raises(PolicyError, match="no, says the test"):
            getattr(_context(copied), part)


def test_what_no_file_decides_is_never_kept(copied: Project) -> None:
    class Fewer:
        def __init__(self) -> None:
            self.whole = open_published_atlas(copied)

        def __getattr__(self, name: str) -> object:
            return getattr(self.whole, name)

        def features(self, name: str) -> list[dict[str, object]]:
            return self.whole.features(name)[:1]

    assert len(_context(copied).features["basemap"]) > 1
    assert len(BuildContext(Fewer()).features["basemap"]) == 1  # type: ignore[arg-type]
    assert len(_context(copied).features["basemap"]) > 1
