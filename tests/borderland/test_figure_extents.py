"""What figures of a project's border show: the box that it states, else its line with a margin."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atlas.figure.extents import map_extent
from atlas.figure.figure_texts import load_words
from atlas.figure.frame import Extent
from atlas.figure.paper import Type
from atlas.figure.plan import Desk
from atlas.project import find_project
from atlas.published import open_published_layers


def _extent(folder: Path, name: str = "border") -> Extent:
    return map_extent(Desk(open_published_layers(find_project(folder)), load_words("en"), Type.fitting(170)), name)


def test_a_project_that_states_nothing_is_shown_around_its_line(made: Path) -> None:
    extent = _extent(made)
    assert 9 < extent.west < 9.8
    assert 10.2 < extent.east < 11
    assert (extent.south, extent.north) == pytest.approx((22.75, 24.45), abs=0.01)
    assert _extent(made, "crossings_start") == extent


def test_a_project_states_what_a_map_shows(made: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(made, tmp_path / "copy")
    with (folder / "atlas.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n[figures.border]\nbox = [9.5, 22.5, 10.5, 24.5]\n")
    assert _extent(folder) == Extent(9.5, 22.5, 10.5, 24.5)


def test_the_shipped_border_states_its_own(repo: Path) -> None:
    assert _extent(repo, "checkpoints") == Extent(-94.75, 14.35, -91.75, 16.7)
    assert _extent(repo, "crossings_end") == Extent(-89.75, 17.79, -87.35, 18.57)
