"""What is made of a project's files is made once for the same content, and anew for another."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.disclosure.gazetteer import layer_places
from atlas.disclosure.kept_content import kept_by_content
from atlas.disclosure.landmarks import landmarks
from atlas.disclosure.public_content import public_pairs, public_words
from atlas.errors import InputError
from atlas.evidence import project_evidence
from atlas.project import Project, find_project


@pytest.fixture
def copied(repo: Path, tmp_path: Path) -> Project:
    shutil.copytree(repo / "geodata", tmp_path / "project" / "geodata", ignore=shutil.ignore_patterns("private"))
    return find_project(tmp_path / "project")


@pytest.mark.parametrize("made", [landmarks, layer_places, public_words])
def test_the_same_content_is_made_once_wherever_it_lies(
    project: Project, copied: Project, made: Callable[[Project], object]
) -> None:
    assert made(copied) is made(copied) is made(project)


def test_what_changes_is_made_anew(copied: Project) -> None:
    words, pairs, places = public_words(copied), public_pairs(copied), layer_places(copied)
    path = copied.layers_dir / "basemap.geojson"
    path.write_bytes(path.read_bytes().replace(b"Chetumal", b"Quetzalm"))
    assert "Quetzalm" not in {str(word) for word in words}
    assert public_words(copied) != words
    assert [one.names[0] for one in layer_places(copied) if one.names[0] == "Quetzalm"] == ["Quetzalm"]
    assert "Chetumal" in {one.names[0] for one in places}
    (copied.layers_dir / "border.geojson").unlink()
    assert len(public_pairs(copied).x) < len(pairs.x)


def test_what_changes_while_it_is_read_is_not_kept(copied: Project) -> None:
    runs = []

    @kept_by_content
    def count(project: Project) -> int:
        runs.append(project)
        if len(runs) == 1:
            project.registry_path.write_bytes(b"{}")
        return len(runs)

    assert [count(copied), count(copied), count(copied)] == [1, 2, 2]


def test_a_fault_comes_again_and_nothing_is_kept_of_it(copied: Project) -> None:
    path = copied.layers_dir / "basemap.geojson"
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    for _ in range(2):
        with pytest.raises(InputError, match=r"basemap\.geojson"):
            layer_places(copied)
    path.write_bytes(whole)
    assert layer_places(copied)


def test_tables_are_read_anew_when_one_has_changed(project: Project, copied: Project) -> None:
    before = project_evidence(copied)
    assert project_evidence(copied) is before
    path = copied.evidence_dir / "events.csv"
    path.write_bytes(path.read_bytes().rstrip(b"\r\n").rsplit(b"\n", 1)[0] + b"\n")
    assert len(project_evidence(copied).events) == len(before.events) - 1
    assert len(project_evidence(project).events) == len(before.events)
    shutil.rmtree(copied.evidence_dir)
    with pytest.raises(InputError, match="is not a folder of fact tables"):
        project_evidence(copied)
