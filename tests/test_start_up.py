"""A command loads what it needs: one that checks a file neither reads the fact tables nor draws a map."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import atlas.cli

# each takes a twentieth of a second or more to load
UNNEEDED = ("atlas.evidence", "atlas.render", "folium", "geopandas", "http.server", "numpy.ma", "pandas", "pyproj")


def test_the_table_of_commands_is_what_the_modules_have() -> None:
    app = atlas.cli.app
    pairs = [(one.callback.__module__, one.name or one.callback.__name__) for one in app.registered_commands]
    for group in app.registered_groups:
        inner = [one.callback.__module__ for one in group.typer_instance.registered_commands]
        pairs += [(module, group.typer_instance.info.name) for module in dict.fromkeys(inner)]
    known = [(f"atlas.cli.{module}", name) for module, names in atlas.cli.COMMANDS.items() for name in names]
    assert sorted(pairs) == sorted(known)
    # the order of the help
    commands = [pair for pair in pairs if pair in known and pair[1] != "field"]
    assert commands == [pair for pair in known if pair[1] != "field"]


@pytest.mark.slow
def test_checking_points_loads_neither_maps_nor_facts(tmp_path: Path) -> None:
    places = [{"type": "Point", "coordinates": [-92 + n / 1000, 15.123456]} for n in range(9)]
    features = [{"type": "Feature", "properties": {"n": n}, "geometry": place} for n, place in enumerate(places)]
    path = tmp_path / "points.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    code = (
        "import atexit, sys; from atlas.cli import main\n"
        f"atexit.register(lambda: print('also:', *sorted(set(sys.modules) & set({UNNEEDED!r}))))\n"
        f"sys.argv[1:] = ['check', {str(path)!r}]; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    head, _, loaded = done.stdout.rpartition("also:")
    assert "9 features" in head
    assert loaded.split() == []


@pytest.mark.slow
@pytest.mark.parametrize("words", [["chek"], ["--all-faults", "check"], []])
def test_what_is_no_command_at_once_is_answered_as_before(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "atlas", *words, "--help"], capture_output=True, text=True, check=False
    )
    if "check" in words or not words:
        assert done.returncode == 0
        assert "check" in done.stdout
    else:
        assert done.returncode == 2
        assert "No such command 'chek'" in done.stderr
