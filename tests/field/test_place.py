"""Where records lie is told by the layers as they are now, however often they were read before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atlas.errors import InputError
from atlas.field.place import Placer
from atlas.project import find_project


@pytest.mark.slow
def test_layers_are_read_again_when_they_changed_and_only_then(repo: Path, tmp_path: Path) -> None:
    layers = tmp_path / "geodata" / "layers"
    layers.mkdir(parents=True)
    for name in ("border", "municipalities", "border_reaches"):
        shutil.copy(repo / "geodata" / "layers" / f"{name}.geojson", layers)
    project = find_project(tmp_path)
    before = Placer.of(project)
    assert Placer.of(project) is before
    path = layers / "municipalities.geojson"
    whole = path.read_bytes()
    # as long as before
    path.write_bytes(whole.replace(b'"Suchiate"', b'"Etaihcus"'))
    after = Placer.of(project)
    assert (before.names["07087"], after.names["07087"]) == ("Suchiate", "Etaihcus")
    path.write_bytes(whole[:1000])
    with pytest.raises(InputError, match=r"municipalities\.geojson"):
        Placer.of(project)
    path.unlink()
    with pytest.raises(InputError, match=r"municipalities\.geojson"):
        Placer.of(project)
    path.write_bytes(whole)
    assert Placer.of(project).names["07087"] == "Suchiate"
