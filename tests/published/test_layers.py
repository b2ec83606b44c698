"""Nothing passes the gate that must not be published, whatever stands in a layer's file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlas.admission.published_atlas import open_published_atlas
from atlas.errors import InputError, PolicyError, UsageError
from atlas.layers.schema import layer_specs
from atlas.project import Project, find_project
from atlas.published import open_published_layers

POINT = {"type": "Point", "coordinates": [-92.1, 14.7]}
Spoil = Callable[..., None]


@pytest.fixture
def project(repo: Path, tmp_path: Path) -> Project:
    shutil.copytree(repo / "geodata", tmp_path / "geodata")
    return find_project(tmp_path)


@pytest.fixture
def spoil(project: Project) -> Spoil:
    """Change the first feature of a layer: members of its own, or of its properties."""

    def change(layer: str, *, properties: dict[str, Any] | None = None, **members: Any) -> None:
        path = project.layers_dir / f"{layer}.geojson"
        document = json.loads(path.read_bytes())
        document["features"][0].update(members)
        document["features"][0]["properties"].update(properties or {})
        path.write_text(json.dumps(document), encoding="utf-8")

    return change


@pytest.mark.parametrize("name", layer_specs())
def test_every_committed_layer_passes(repo: Path, name: str) -> None:
    release = open_published_layers(find_project(repo))
    features = release.features(name)
    assert len(features) == release.record(name)["feature_count"]
    wanted = [described["name"] for described in release.record(name)["fields"]]
    assert all(list(feature["properties"]) == wanted for feature in features)


@pytest.mark.parametrize("stated", ["restricted", "withheld", "secret", "OPEN", "", None, [], ["open"], {"open": 1}, 1])
@pytest.mark.parametrize("layer", ["border", "crossings_informal", "checkpoints"])
def test_any_other_sensitivity_is_refused(project: Project, spoil: Spoil, layer: str, stated: Any) -> None:
    spoil(layer, properties={"sensitivity": stated})
    with pytest.raises(
        PolicyError, match=rf"{layer}: feature .* has the sensitivity .*only generalised, open are publ"
    ):
        open_published_layers(project).features(layer)


def test_a_feature_that_says_nothing_of_sensitivity_is_refused(project: Project) -> None:
    path = project.layers_dir / "border.geojson"
    path.write_bytes(path.read_bytes().replace(b'"sensitivity":"open",', b""))
    with pytest.raises(PolicyError, match="has the sensitivity None"):
        open_published_layers(project).features("border")


@pytest.mark.parametrize(
    "shape",
    [
        POINT,
        {"type": "MultiPoint", "coordinates": [[-92.1, 14.7]]},
        {"type": "GeometryCollection", "geometries": [POINT]},
    ],
)
@pytest.mark.parametrize("sensitivity", ["open", "generalised"])
def test_an_informal_crossing_with_a_point_is_refused(
    project: Project, spoil: Spoil, shape: dict[str, Any], sensitivity: str
) -> None:
    spoil("crossings_informal", geometry=shape, properties={"sensitivity": sensitivity})
    with pytest.raises(PolicyError, match=rf"is an informal crossing but has a {shape['type']}.*never a point"):
        open_published_layers(project).features("crossings_informal")


@pytest.mark.parametrize("formality", ["informal", "Informal", "", None, "unknown"])
def test_a_point_that_is_not_plainly_formal_is_refused(project: Project, spoil: Spoil, formality: str | None) -> None:
    spoil("crossings_vehicular", geometry=POINT, properties={"formality": formality})
    with pytest.raises(PolicyError, match="is an informal crossing but has a Point"):
        open_published_layers(project).features("crossings_vehicular")


def test_a_generalised_feature_with_a_point_is_refused(project: Project, spoil: Spoil) -> None:
    spoil("checkpoints", geometry=POINT, properties={"sensitivity": "generalised"})
    with pytest.raises(PolicyError, match="is generalised but has a Point"):
        open_published_layers(project).features("checkpoints")


def test_fields_that_are_not_in_the_schema_stay_behind(project: Project, spoil: Spoil) -> None:
    spoil("border", properties={"operator": "somebody", "latitude": 14.7}, bbox=[0, 0, 1, 1], note="a foreign member")
    first = open_published_layers(project).features("border")[0]
    assert set(first) == {"type", "id", "geometry", "properties"}
    assert not {"operator", "latitude"} & set(first["properties"])


def test_a_field_that_is_missing_comes_out_empty(project: Project) -> None:
    path = project.layers_dir / "border.geojson"
    path.write_bytes(path.read_bytes().replace(b'"river_name":"Suchiate",', b""))
    assert open_published_layers(project).features("border")[0]["properties"]["river_name"] is None


@pytest.mark.parametrize(
    "feature", [None, [], "text", {}, {"type": "Feature"}, {"id": "a", "properties": []}, {"properties": {}}]
)
def test_something_else_in_place_of_a_feature_is_refused(project: Project, feature: Any) -> None:
    path = project.layers_dir / "border.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    with pytest.raises(InputError, match=r"border\.geojson holds something that is not a GeoJSON feature.*restore"):
        open_published_layers(project).features("border")


def test_a_geometry_that_is_none_is_refused(project: Project, spoil: Spoil) -> None:
    spoil("border", geometry=[-92.1, 14.7])
    with pytest.raises(InputError, match="not a GeoJSON feature"):
        open_published_layers(project).features("border")


def test_a_missing_layer_is_named_with_the_remedy(project: Project) -> None:
    (project.layers_dir / "border.geojson").unlink()
    with pytest.raises(InputError, match=r"border\.geojson does not exist; run `atlas refresh` or restore the file"):
        open_published_layers(project).features("border")


def test_an_unknown_layer_is_named_with_the_known_ones(project: Project) -> None:
    release = open_published_layers(project)
    for call in (release.features, release.record):
        with pytest.raises(UsageError, match="there is no layer 'boarder'; the layers are border, border_reaches"):
            call("boarder")


def test_a_missing_registry_is_named_with_the_remedy(project: Project) -> None:
    project.registry_path.unlink()
    with pytest.raises(InputError, match=r"registry\.json does not exist; run `atlas refresh`"):
        open_published_layers(project)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"layers": 1}', '{"layers": [1]}', '{"layers": [], "inputs": 1, "sources": 1}'],
)
def test_a_damaged_registry_is_one_clear_error(project: Project, text: str) -> None:
    project.registry_path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"registry\.json is .*run `atlas refresh` or restore the file"):
        open_published_layers(project)


def test_a_registry_cut_anywhere_is_one_clear_error(project: Project) -> None:
    whole = project.registry_path.read_bytes()
    for size in range(0, len(whole) - 2, len(whole) // 25):
        project.registry_path.write_bytes(whole[:size])
        with pytest.raises(InputError, match=r"registry\.json is not"):
            open_published_layers(project)


def test_a_registry_without_a_layer_a_key_or_a_source_says_which(project: Project) -> None:
    registry = json.loads(project.registry_path.read_bytes())
    registry["layers"] = [record for record in registry["layers"] if record["name"] != "corridor"]
    del registry["layers"][0]["title"]
    del registry["sources"]["inegi_mg"]
    project.registry_path.write_text(json.dumps(registry), encoding="utf-8")
    with pytest.raises(InputError, match="is incomplete") as caught:
        open_published_layers(project)
    for fault in ("no layer 'corridor'", "border: no 'title'", "border: 'inegi_mg' is not in its sources"):
        assert fault in str(caught.value)


def test_pages_get_the_layers_and_the_released_notes(project: Project) -> None:
    published = open_published_atlas(project)
    assert published.registry == open_published_layers(project).registry
    assert published.released == []
