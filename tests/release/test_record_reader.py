"""Exact records of any make are read or refused with one clear message that repeats nothing of them."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.api import Atlas
from atlas.errors import AtlasError, InputError, PolicyError
from atlas.geojson.collection import dumps
from atlas.project import Project
from atlas.published.sensitivity import Sensitivity
from atlas.release.box_labels import label
from atlas.release.boxes import BoxMap
from atlas.release.drafts import drafts_of, month_of
from atlas.release.essentials import position_of
from atlas.release.notes import known_words, publishable_note
from atlas.release.open_points import open_features
from atlas.release.place_names import place_names
from atlas.release.record_reader import read_records
from atlas.release.restricted import Restricted
from atlas.release.terms import Policy

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "category",
    "note",
    "observed_at",
    "sensitivity",
    "confidence",
    "reach",
    "photos",
    "place",
    "month",
    "year",
    "id",
)


@settings(max_examples=150, deadline=None)
@given(
    properties=st.none() | st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8),
    geometry=st.none()
    | st.fixed_dictionaries({"type": st.sampled_from(["Point", "LineString", "Polygon", "GeometryCollection", "Blob"])})
    | st.fixed_dictionaries({"type": st.just("Point"), "coordinates": JSON})
    | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries"]), JSON, max_size=3),
    identifier=JSON,
)
def test_any_value_anywhere_is_taken_or_left_and_never_passed_on(
    boxes: BoxMap, policy: Policy, properties: Any, geometry: Any, identifier: Any
) -> None:
    member = {"type": "Feature", "id": identifier, "geometry": geometry, "properties": properties}
    drafts = drafts_of([*({**member, "id": f"{identifier}{number}"} for number in range(6)), member], policy)
    made = label(drafts, boxes, lambda positions: ["abroad"] * len(positions))
    assert len(made.labels) + sum(made.held.values()) == len(drafts)
    assert {each.category for each in made.labels} <= set(policy.categories)
    exact = [draft for draft in drafts if draft.sensitivity is Sensitivity.OPEN and draft.position is not None]
    assert json.loads(json.dumps(open_features(exact, policy)[0])) is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[]", "is not GeoJSON"),
        ("null", "is not GeoJSON"),
        ('{"type": "FeatureCollection"}', "is not GeoJSON"),
        ('{"type": "FeatureCollection", "features": {}}', "is not GeoJSON"),
        ('{"type": "Topology", "secret": "Sonia"}', "is not GeoJSON"),
        ('{"type": "FeatureCollection", "features": ["Sonia", null]}', r"2 are not GeoJSON features \(number 1, 2\)"),
        ('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": "Sonia"}]}', r"number 1"),
        (
            '{"type": "Feature", "geometry": null, "properties": {"sensitivity": "restricted", "sensitivity": "open"}}',
            "twice",
        ),
        ('{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "EPSG:32615"}}}', "in degrees"),
        ('{"type": "FeatureCollection", "features": [], "crs": "Sonia"}', "in degrees"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "NaN is not a number of JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("latitude,longitude\n14.5,-92.2\n", "is not JSON"),
    ],
)
def test_what_is_no_geojson_is_one_clear_error(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "in.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_records(tmp_path / "in.geojson")
    assert "Sonia" not in str(caught.value)


@pytest.mark.parametrize(
    ("magic", "name"), [(b"PAR1\x15\x04", "Parquet"), (b"fgb\x03", "FlatGeobuf"), (b"PK\x03\x04", "a zip")]
)
def test_what_is_no_text_is_called_by_its_name(tmp_path: Path, magic: bytes, name: str) -> None:
    (tmp_path / "records.bin").write_bytes(magic + bytes(60))
    with pytest.raises(InputError, match=rf"records\.bin is {name}.*; records are released from GeoJSON"):
        read_records(tmp_path / "records.bin")


@pytest.mark.parametrize("text", ['{"type":"FeatureCollection","features":[]}', "\ufeff", ""])
def test_an_empty_collection_or_a_mark_at_the_beginning_is_no_fault(
    project: Project, tmp_path: Path, text: str
) -> None:
    whole = text if text.startswith("{") else f'{text}{{"type":"FeatureCollection","features":[]}}'
    (tmp_path / "in.geojson").write_bytes(whole.encode())
    made = Atlas(project).release([tmp_path / "in.geojson"], tmp_path / "out")
    assert made.count == 0
    assert (tmp_path / "out" / "counts.csv").read_text(encoding="utf-8").startswith("book,period,part,group,")


@pytest.mark.parametrize(
    ("stated", "month"),
    [
        ("2024-05-03", (2024, 5)),
        ("2024-05-03T10:11:12Z", (2024, 5)),
        ("2024-05-03T10:11:12.345-06:00", (2024, 5)),
        ("2024-05", (2024, 5)),
        ("2024", (2024, None)),
        (" 2024-05-03 ", (2024, 5)),
        ("2024-13-03", (None, None)),
        ("2024-02-30", (None, None)),
        ("2024-05-03 at 962 555 0123", (None, None)),
        ("9625-05-03", (None, None)),
        ("Sonia", (None, None)),
        ("٢٠٢٤-05", (None, None)),
        (20240503, (None, None)),
        (None, (None, None)),
    ],
)
def test_a_time_is_a_month_or_nothing(stated: Any, month: Any) -> None:
    assert month_of(stated) == month


@pytest.mark.parametrize(
    ("geometry", "position"),
    [
        ({"type": "Point", "coordinates": [-92.1, 14.7, 20.0]}, (-92.1, 14.7)),
        ({"type": "Point", "coordinates": [14.7, -92.1]}, None),
        ({"type": "Point", "coordinates": [-92.1, 10**400]}, None),
        ({"type": "Point", "coordinates": [True, False]}, None),
        ({"type": "Point", "coordinates": ["-92.1", "14.7"]}, None),
        ({"type": "Point", "coordinates": []}, None),
        ({"type": "MultiPoint", "coordinates": [[-92.1, 14.7], [-92.1001, 14.7]]}, (-92.1, 14.7)),
        ({"type": "LineString", "coordinates": [[-92.1, 14.7], [-91.1, 14.7]]}, None),
        ({"type": "Polygon", "coordinates": [[[-92.1, 14.7], [-92.1, 14.7], "x"]]}, None),
        (
            {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [-92.1, 14.7]}]},
            (-92.1, 14.7),
        ),
        ({"type": "GeometryCollection", "geometries": []}, None),
        ("POINT(-92 14)", None),
        (None, None),
    ],
)
def test_a_position_is_found_in_any_geometry_or_not_at_all(geometry: Any, position: Any) -> None:
    located = position_of(geometry)
    assert located is None or located[0] == pytest.approx(located[0])
    assert (located is None) == (position is None)
    if position is not None:
        assert located == pytest.approx(position, abs=2e-4)


# names, nicknames, persons, trades, houses, land, contacts and papers, in both languages and without a capital
PRIVATE_WORDS = (
    "don beto, doña mari, la señora, el güero, el chepe, la china, el flaco, le dicen tigre, alias tigre, la "
    "maestra, la familia, su esposo, mi primo, la comadre, el coyote, el pollero, el guía, el balsero, el "
    "lanchero, el taxista, el encargado, la encargada, el jefe, el comandante, el doctor, la enfermera, el padre, "
    "la casa, la casita, la tienda, el hotel, la posada, la iglesia, la capilla, el rancho, el ranchito, la "
    "finca, el ejido, la parcela, la milpa, la colonia, el barrio, la calle, a dos cuadras, el domicilio, "
    "whatsapp, wasap, telegram, facebook, celular, teléfono, el número, correo, arroba, placas, matrícula, "
    "pasaporte, curp, fecha de nacimiento, cumpleaños, latitud, coordenadas, gps, maria, lupita, juan, guadalupe, "
    "talisman, comitan, the teacher, the family, her husband, the boatman, the smuggler, aka tiger, his nickname, "
    "the farm, the ranch, the house, the shop, address, phone, plates, birthday, cell, passport"
)


@pytest.mark.parametrize(
    "note",
    [
        "Ask Sonia at the river.",
        "Sonia knows the way.",
        "the boat of Don Quirino",
        "call nine six two five five five",
        "llamar al nueve seis dos",
        "paso a las 5",
        "correo sonia arroba ejemplo punto org",
        "www.example.org",
        "a las cinco y seis de la tarde",
        "en el puente de Talismán",
        "\uff53\uff4f\uff4e\uff49\uff41\uff20example",
        "lat catorce",
        "with a zero\u200bwidth space",
        "Соня",
        "a" * 600,
        "con la maestra del lugar",
        "preguntar a la familia de la orilla",
        "hay agua en la casa verde",
        "doña de la tienda",
        "ask the teacher at the river",
        "cruce cerca de la mesilla",
        *(f"el paso está cerrado, {word}" for word in PRIVATE_WORDS.split(", ")),
        "",
        "   ",
    ],
)
def test_a_reviewed_note_with_a_name_a_number_or_a_contact_stays_behind(note: str) -> None:
    assert publishable_note(note, {"la mesilla"}) is None


@pytest.mark.parametrize(
    "note",
    [
        "El paso está cerrado por lluvias.",
        "The shelter has few beds and no water.",
        "Agua limpia y comida caliente, sin costo.",
        "río crecido, corriente fuerte; no cruzar de noche",
        "Camino de terracería en mal estado después de la lluvia.",
        "Muddy after rain, slow vehicles, no signal.",
        "camas ocupadas, atención médica tres veces por semana",
    ],
)
def test_a_reviewed_note_about_the_place_may_leave(note: str) -> None:
    assert publishable_note(note) == note


def test_nothing_can_be_had_from_a_restricted_layer_but_its_release() -> None:
    layer = Restricted([{"type": "Feature", "id": "Sonia", "geometry": None, "properties": {}}])
    attempts: list[Callable[[], object]] = [
        lambda: list(layer),  # type: ignore[call-overload]
        lambda: layer[0],
        lambda: "Sonia" in layer,
        lambda: pickle.dumps(layer),
        lambda: copy.deepcopy(layer),
        lambda: layer.__geo_interface__,
        lambda: dumps(layer),  # type: ignore[arg-type]
    ]
    for attempt in attempts:
        with pytest.raises(PolicyError, match=r"leave the house only through the gate.*atlas release IN -o DIR"):
            attempt()
    assert "Sonia" not in f"{layer} {layer!r} {layer:>5}"
    with pytest.raises(TypeError, match="JSON serializable"):
        json.dumps(layer)
    assert not hasattr(layer, "__dict__")


@pytest.mark.slow
def test_the_types_refuse_to_write_or_draw_a_restricted_layer(tmp_path: Path, repo: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "try.py").write_text(
        "from atlas.geojson.collection import dumps, feature\n"
        "from atlas.export.material import Layer\n"
        "from atlas.geojson.collection import Feature\n"
        "from atlas.release import Restricted\n"
        "def publish(layer: Restricted, released: list[Feature]) -> None:\n"
        "    dumps(released)\n"
        "    dumps(layer)\n"
        "    Layer({}, layer)\n"
        "    for found in layer:\n"
        "        print(found)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", str(tmp_path / "try.py")],
        cwd=repo,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = {line.split(":")[1] for line in done.stdout.splitlines() if "error:" in line and "try.py" in line}
    assert lines == {"7", "8", "9"}, done.stdout


@pytest.mark.slow
def test_bad_policies_and_bad_input_write_nothing_and_exit_with_two(
    tmp_path: Path,
    releasing: Path,
    write: Any,
    records_near: Any,
    command_line: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    exact = write(records_near(1, 30))
    (tmp_path / "bad.toml").write_text("k = 1", encoding="utf-8")
    (tmp_path / "bad.geojson").write_text('{"Sonia": 1', encoding="utf-8")
    out = tmp_path / "out"
    for arguments in (
        [str(exact), "-o", str(out), "--policy", str(tmp_path / "bad.toml")],
        [str(exact), "-o", str(out), "--policy", str(tmp_path / "none.toml")],
        [str(tmp_path / "bad.geojson"), "-o", str(out)],
        [str(exact), "-o", str(tmp_path)],
        [str(exact), "-o", str(out), "--sealed", str(tmp_path / "x.age")],
        [str(exact), "-o", str(out), "--recipient", "age1x"],
        [str(exact)],
    ):
        done = command_line("release", "--project", releasing, *arguments)
        assert done.returncode == 2, done.stderr
        assert done.stderr.startswith("Error: ")
        assert "Sonia" not in done.stderr
        assert not out.exists()


def test_the_policy_that_is_printed_is_one_to_start_from(project: Project) -> None:
    from atlas.release.terms_reader import policy_text, read_policy

    assert read_policy(*policy_text(project)).k == 5


def test_a_folder_with_something_else_in_place_of_a_ledger_is_refused(
    project: Project, write: Any, records_near: Any, tmp_path: Path
) -> None:
    exact = write(records_near(1, 30))
    (tmp_path / "out").mkdir()
    for text in ("[]", "{}", '{"format": "atlas-ledger", "version": 1, "books": 1}', "{"):
        (tmp_path / "out" / "ledger.json").write_text(text, encoding="utf-8")
        with pytest.raises(AtlasError, match=r"ledger\.json is not"):
            Atlas(project).release([exact], tmp_path / "out")
        assert len(list((tmp_path / "out").iterdir())) == 1


def test_the_names_of_the_layers_are_known_in_lower_case(project: Project) -> None:
    names = place_names(project)
    assert {"tapachula", "ciudad hidalgo"} <= names
    # villages whose names are words about places
    plain_words = [name for name in names if known_words().issuperset(name.split())]
    assert len(plain_words) >= 10
    assert not any(publishable_note(f"agua limpia en {name}", names) for name in plain_words)
    assert publishable_note("el paso es hondo y hay agua", names) == "el paso es hondo y hay agua"
    assert "cafe cerrado" not in names
