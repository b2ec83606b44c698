"""Outlines of two made-up countries in the desert, whose edges differ by some tens of metres."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlas.borderland.new_project import Wanted, new_project
from atlas.pipeline.build import build
from atlas.pipeline.refresh import refresh
from atlas.project import find_project
from tests.borderland.made_up import edge, strips, write


@pytest.fixture(scope="session")
def outlines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """This side, in three units with odd columns, and the other, in two, 50 m away."""
    folder = tmp_path_factory.mktemp("outlines")
    here = [{"KENNZ": f"A-{n}", "Bezeichnung": f"Gau {n} „Süd“", "kreis": "Kreis 1"} for n in range(3)]
    there = [{"cod": n + 1, "nom": f"Cercle {n + 1}"} for n in range(2)]
    return (
        write(folder / "here.geojson", strips(edge(0), 9.2, 3), here),
        write(folder / "there.geojson", strips(edge(0.0005), 10.9, 2), there),
    )


@pytest.fixture(scope="session")
def made(outlines: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was begun, refreshed and built."""
    folder = tmp_path_factory.mktemp("border") / "desert"
    here, there = outlines
    columns = {0: {"code": "KENNZ", "name": "Bezeichnung", "parent": "kreis"}}
    names = ("AAA=Südland", "BBB=Nordland")
    new_project(folder, Wanted(here=here, neighbours=(there,), title="Desert", names=names, columns=columns))
    project = find_project(folder)
    refresh(project)
    build(project)
    return folder
