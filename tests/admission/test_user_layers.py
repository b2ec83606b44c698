"""A user's layer goes on a page when it is open or was released; a word that nobody knows opens nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from atlas.admission.stated_class import names_the_class
from atlas.admission.user_layers import open_user_layer
from atlas.errors import InputError, PolicyError, UsageError
from atlas.project import Project, find_project
from atlas.published import PublishedLayers, open_published_layers
from atlas.release.book import Book
from atlas.release.boxes import BoxMap
from atlas.release.public_ledger import BookEntry, Ledger
from atlas.release.released_features import class_features

pytestmark = pytest.mark.slow

POINT = {"type": "Point", "coordinates": [-92.147321, 14.683215]}
Record = dict[str, Any]


@pytest.fixture(scope="module")
def release(repo: Path, boxes_file: Path, tmp_path_factory: pytest.TempPathFactory) -> PublishedLayers:
    root = tmp_path_factory.mktemp("layers")
    (root / "geodata").mkdir()
    for name in ("layers", "evidence", "schema", "registry.json"):
        (root / "geodata" / name).symlink_to(repo / "geodata" / name)
    (root / "geodata" / "boxes.json").symlink_to(boxes_file)
    return open_published_layers(find_project(root))


@pytest.fixture(scope="module")
def published(boxes: BoxMap) -> Callable[[], list[Record]]:
    """The features of a release, new with each call."""
    shown = {"zone R010|crossings|2025": 15, "zone R010|help|2025": 5, "zone R000|harm|2025": 10}
    entry = BookEntry(Book(2025, 200, "zone", "five").terms, {"2025": "2026-03-01"}, shown)
    data = json.dumps(class_features(Ledger("made-up", boxes.sha256, books={"2025": entry}), boxes))
    return lambda: json.loads(data)


def _layer(*properties: Any, **members: Any) -> Record:
    features = [{"type": "Feature", "geometry": POINT, "properties": one} for one in properties]
    return {"type": "FeatureCollection", "features": features, **members}


NOT_OPEN = (
    *(
        "confidencial",
        "restringido",
        "",
        "restricted_",
        "OPEN",
        " open ",
        "op\u0435n",
        "open\u200b",
        "abierto",
        "public",
    ),
    *("Restricted", " withheld", "Generalised", None, 0, 1, 2.5, True, False, [], ["open"], {}, {"class": "open"}),
)
NAMES = (
    *(
        "Sensitivity",
        "SENSITIVITY",
        "sensibilidad",
        "Sensibilidad ",
        "SENSIBILID",
        "sensitivit",
        "clase_de_sensibilidad",
    ),
    *(
        "sensitivity_as_written",
        "sensitive",
        "sensible",
        "sensitvity",
        "Sensitividad",
        "sensibilité",
        "data.sensitivity",
    ),
    *("s\u0435n\u0455itiv\u0456ty", "s e n s i t i v i t y", "sensi\u0301tivity", "sensi\u200btivity"),
    "".join(chr(ord(letter) + 0xFEE0) for letter in "sensitivity"),
)


@pytest.mark.parametrize("value", NOT_OPEN, ids=ascii)
@pytest.mark.parametrize("name", ["sensitivity", "Sensibilidad"])
def test_what_is_not_open_is_refused_by_its_word(release: PublishedLayers, name: str, value: Any) -> None:
    with pytest.raises(PolicyError, match=rf"(?s)properties\.{name} is .*feature 2\); ") as caught:
        open_user_layer(_layer({name: "open"}, {name: value}), release)
    if ascii(value) == repr(value):
        assert f"properties.{name} is {value!r}, which is" in str(caught.value)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_the_field_is_known_however_it_is_written(release: PublishedLayers, name: str) -> None:
    with pytest.raises(PolicyError, match="'restricted', which is not drawn"):
        open_user_layer(_layer({name: "restricted"}), release)


@pytest.mark.parametrize("name", ["name", "intensity", "sensor", "sense", "density", "identity", "sensors_installed"])
def test_other_fields_are_no_class(name: str) -> None:
    assert not names_the_class(name)


@pytest.mark.parametrize(
    "feature",
    [
        {"properties": {"attributes": {"sensitivity": "restricted"}}},
        {"properties": {"a": [{"b": {"Sensibilidad": "restricted"}}]}},
        {"properties": {"raw": '{"sensitivity": "restricted"}'}},
        {"properties": {"raw": ' [{"x": "{\\"sensitivity\\": \\"restricted\\"}"}]'}},
        {"properties": {"tags": [{"key": "sensitivity", "value": "restricted"}]}},
        {"properties": {}, "sensitivity": "restricted"},
        {"properties": None, "meta": {"sensitivity": "restricted"}},
        {"properties": {}, "geometry": {**POINT, "sensitivity": "restricted"}},
        {"properties": {"sensitivity": "open", "SENSITIVITY": "restricted"}},
        {"properties": {"sensitivity": "open", "extra": {"sensitivity": "restricted"}}},
    ],
    ids=json.dumps,
)
def test_a_class_counts_wherever_it_stands(release: PublishedLayers, feature: Record) -> None:
    layer = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": POINT, **feature}]}
    with pytest.raises(PolicyError, match="'restricted', which is not drawn"):
        open_user_layer(layer, release)


def test_what_a_file_says_of_all_its_features_counts(release: PublishedLayers) -> None:
    with pytest.raises(PolicyError, match="sensitivity is 'withheld'"):
        open_user_layer(_layer({"name": "x"}, sensitivity="withheld"), release)
    with pytest.raises(PolicyError, match=r"metadata\.Sensibilidad is 'secreto'"):
        open_user_layer(_layer({"name": "x"}, metadata={"Sensibilidad": "secreto"}), release)
    assert open_user_layer(_layer({"name": "x"}, sensitivity="open"), release).features


def test_where_some_features_have_a_class_the_others_are_not_open(release: PublishedLayers) -> None:
    with pytest.raises(PolicyError, match=r"2 × without a class, while others have one \(feature 2, 3\)"):
        open_user_layer(_layer({"sensitivity": "open"}, {"name": "x"}, None), release)


def test_a_layer_without_the_field_is_the_users_own(release: PublishedLayers) -> None:
    assert len(open_user_layer(_layer({"name": "x"}, {"kind": "restricted area"}, None), release).features) == 3
    assert open_user_layer(_layer({"sensitivity": "open"}), release).features


@pytest.mark.parametrize(
    "layer",
    [
        _layer({"name": "x"}, atlas={"format": "atlas-field-notes", "version": 1}),
        _layer({"name": "x", "atlas_base": '{"record": "1", "fields": {}}'}),
    ],
)
@pytest.mark.parametrize("option", [None, "none"])
def test_field_notes_without_a_class_are_restricted(
    release: PublishedLayers, layer: Record, option: str | None
) -> None:
    with pytest.raises(PolicyError, match="they are field notes, which are restricted until"):
        open_user_layer(layer, release, sensitivity_field=option)


def test_a_field_of_another_meaning_is_named_as_the_message_says(release: PublishedLayers) -> None:
    layer = _layer({"sensitivity": 3, "class": "open"}, {"sensitivity": 5, "class": "open"})
    with pytest.raises(PolicyError, match=r"--sensitivity-field none \(in Python sensitivity_field=\"none\"\)"):
        open_user_layer(layer, release)
    assert len(open_user_layer(layer, release, sensitivity_field="none").features) == 2
    assert len(open_user_layer(layer, release, sensitivity_field="class").features) == 2
    with pytest.raises(UsageError, match="has no field 'clas'"):
        open_user_layer(layer, release, sensitivity_field="clas")
    with pytest.raises(PolicyError, match=r"properties\.class is 'secret'"):
        open_user_layer(_layer({"class": "secret", "sensitivity": 1}), release, sensitivity_field="class")
    with pytest.raises(PolicyError, match="without a class, while others have one"):
        open_user_layer(_layer({"class": "open"}, {"sensitivity": 1}), release, sensitivity_field="class")


@pytest.mark.parametrize("word", ["restricted", "withheld", " Restricted ", "generalized"])
def test_the_atlas_own_words_mean_what_they_mean(release: PublishedLayers, word: str) -> None:
    with pytest.raises(PolicyError, match=r"which is not drawn \(feature 1\); take .* give it another name"):
        open_user_layer(_layer({"sensitivity": word}), release, sensitivity_field="none")
    assert open_user_layer(_layer({"other": word}), release).features


def test_generalised_is_to_be_released_whatever_is_said_of_the_field(release: PublishedLayers) -> None:
    with pytest.raises(PolicyError, match="'generalised', and nothing shows that they were released"):
        open_user_layer(_layer({"sensitivity": "generalised"}), release, sensitivity_field="none")


@pytest.mark.parametrize("geometry", [POINT, None, {"type": "LineString", "coordinates": [[-92.1, 14.6], [-92, 14.9]]}])
def test_the_word_generalised_shows_nothing(release: PublishedLayers, geometry: Record | None) -> None:
    layer = _layer({"sensitivity": "generalised", "name": "x"})
    layer["features"][0]["geometry"] = geometry
    with pytest.raises(PolicyError, match=r"'generalised', and nothing shows that they were released: .*atlas release"):
        open_user_layer(layer, release)


def test_layers_of_the_registry_are_released(release: PublishedLayers, project: Project) -> None:
    for name in release.names:
        path = project.layers_dir / f"{name}.geojson"
        assert open_user_layer(path, release).features, name


def test_a_feature_of_the_registry_that_says_more_is_not_released(release: PublishedLayers, project: Project) -> None:
    layer = json.loads((project.layers_dir / "crossings_informal.geojson").read_text(encoding="utf-8"))
    layer["features"][3]["properties"]["note"] = "behind the house of Synthetic Sonia"
    with pytest.raises(PolicyError, match=r"1 × 'generalised', and nothing shows .* \(feature 4\)"):
        open_user_layer(layer, release)


def test_a_release_is_drawn(release: PublishedLayers, published: Callable[[], list[Record]], tmp_path: Path) -> None:
    path = tmp_path / "records.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": published()}), encoding="utf-8")
    classes = {one.properties["sensitivity"] for one in open_user_layer(path, release).features}
    assert "generalised" in classes


def _spoilt() -> Iterator[Any]:
    def moved(one: Record) -> None:
        one["geometry"] = POINT

    def renamed(one: Record) -> None:
        one["properties"]["place"] = "R999"

    def unplaced(one: Record) -> None:
        del one["properties"]["place"]

    def noted(one: Record) -> None:
        one["properties"]["note"] = "on 2024-05-03 behind the house"

    def added(one: Record) -> None:
        one["properties"]["reporter"] = "Synthetic Sonia"

    yield from (moved, renamed, unplaced, noted, added)


@pytest.mark.parametrize("spoil", list(_spoilt()))
def test_a_release_that_somebody_changed_is_refused(
    release: PublishedLayers, published: Callable[[], list[Record]], spoil: Callable[[Record], None]
) -> None:
    features = published()
    spoil(next(one for one in features if one["properties"]["sensitivity"] == "generalised"))
    with pytest.raises(PolicyError, match="nothing shows that they were released"):
        open_user_layer({"type": "FeatureCollection", "features": features}, release)


@pytest.mark.parametrize("number", [4, 7, 0, -5, "5", 5.0, None, True])
def test_a_number_that_is_no_step_was_not_released(
    release: PublishedLayers, published: Callable[[], list[Record]], number: Any
) -> None:
    features = published()
    features[0]["properties"]["reports_at_least"] = number
    with pytest.raises(PolicyError, match="nothing shows that they were released"):
        open_user_layer({"type": "FeatureCollection", "features": features}, release)


def test_members_that_stand_twice_and_endless_values_are_refused(release: PublishedLayers, tmp_path: Path) -> None:
    path = tmp_path / "twice.geojson"
    text = json.dumps(_layer({"sensitivity": "withheld"}))
    path.write_text(text.replace('"withheld"', '"withheld", "sensitivit\\u0079": "open"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"“sensitivity” stands twice in \$\.features\[0\]\.properties"):
        open_user_layer(path, release)
    with pytest.raises(InputError, match="“sensitivity” stands twice"):
        open_user_layer(_layer({"raw": '{"sensitivity": "withheld", "sensitivity": "open"}'}), release)
    deep: Any = "x"
    for _ in range(90):
        deep = {"a": deep}
    with pytest.raises(InputError, match="nesting-deep"):
        open_user_layer(_layer({"deep": deep}), release)
