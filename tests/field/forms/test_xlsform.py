"""The XLSForm: valid in both languages, asks what a record needs, and comes home as the same record."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pyxform.xls2xform import convert

from atlas.errors import OutputError, UsageError
from atlas.field.forms import write_xlsform
from atlas.field.readers import read_file
from atlas.field.record import annotation_schema
from atlas.field.row import FieldRow
from atlas.project import Project

_XF = "{http://www.w3.org/2002/xforms}"
_ID = "91111111-1111-4111-8111-111111111111"
Binds = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def form(project: Project, tmp_path_factory: pytest.TempPathFactory) -> ET.Element:
    path = tmp_path_factory.mktemp("form") / "notes.xlsx"
    write_xlsform(path, project, lang="es")
    made = convert(str(path))
    assert made.warnings == []
    return ET.fromstring(made.xform)  # noqa: S314 - pyxform wrote it


@pytest.fixture(scope="module")
def binds(form: ET.Element) -> Binds:
    return {bind.attrib["nodeset"].rpartition("/")[2]: bind.attrib for bind in form.iter(f"{_XF}bind")}


def test_both_languages_are_whole_and_the_wanted_one_comes_first(form: ET.Element) -> None:
    spoken = {one.attrib["lang"]: one for one in form.iter(f"{_XF}translation")}
    assert set(spoken) == {"English (en)", "Español (es)"}
    assert spoken["Español (es)"].attrib.get("default") == "true()"
    texts = {lang: {text.attrib["id"]: "".join(text.itertext()) for text in one} for lang, one in spoken.items()}
    english, spanish = texts["English (en)"], texts["Español (es)"]
    assert set(english) == set(spanish)
    assert all(text.strip() not in {"", "-"} for text in (*english.values(), *spanish.values()))


def test_the_form_asks_for_every_field_of_the_schema(project: Project, binds: Binds) -> None:
    asked = {field.name for field in annotation_schema(project).form} - {"photos"}
    assert asked <= set(binds)
    assert {"photo_1", "photo_2", "photo_3", "photo_warning", "warning"} <= set(binds)
    required = {name for name, bind in binds.items() if bind.get("required") == "true()"}
    assert {"category", "observed_at", "position_basis", "sensitivity", "consent"} <= required


def test_a_record_by_reach_is_asked_for_no_coordinate(binds: Binds) -> None:
    for name in ("position", "place_on_map", "latitude", "longitude"):
        assert "reach" not in binds[name]["relevant"]
        assert binds[name]["required"] == "true()"
    assert "'reach'" in binds["reach"]["relevant"]


def test_the_choices_are_those_of_the_atlas(form: ET.Element, project: Project) -> None:
    lists = {one.attrib["id"]: one for one in form.iter(f"{_XF}instance") if "id" in one.attrib}
    codes = {name: [item.findtext(f"{_XF}name") for item in one.iter(f"{_XF}item")] for name, one in lists.items()}
    assert codes["reach"] == [f"R{number:03d}" for number in range(116)]
    assert len(set(codes["municipality"])) == 23
    for name in ("category", "sensitivity", "consent", "confidence", "position_basis"):
        assert codes[name] == list(annotation_schema(project).fields[name].values)


def test_the_stretches_offered_follow_the_municipality(form: ET.Element) -> None:
    sets = [one.attrib["nodeset"] for one in form.iter(f"{_XF}itemset")]
    (reach,) = [text for text in sets if "'reach'" in text]
    assert re.search(r"municipality_1\s*=\s*/data/municipality_cvegeo", reach)


def test_sensitivity_is_restricted_unless_somebody_says_otherwise(form: ET.Element) -> None:
    (element,) = form.iter(f"{_XF}sensitivity")
    assert element.text == "restricted"


@pytest.mark.slow
def test_the_same_project_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsform(tmp_path / name, project)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_wrong_name_or_language_or_folder_writes_nothing(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"does not end in \.xlsx"):
        write_xlsform(tmp_path / "a.csv", project)
    with pytest.raises(UsageError, match="no language"):
        write_xlsform(tmp_path / "a.xlsx", project, lang="fr")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        write_xlsform(tmp_path / "file" / "a.xlsx", project)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def _submitted(binds: Binds, folder: Path, answers: dict[str, str]) -> FieldRow:
    """A submission as ODK Central exports it: a column a node, four for a position."""
    row: dict[str, str] = {"SubmissionDate": "2026-01-05T16:30:00.000Z"}
    for name, bind in binds.items():
        if bind.get("type") == "geopoint":
            numbers = (answers.get(name, "").split() + [""] * 4)[:4]
            axes = ("Latitude", "Longitude", "Altitude", "Accuracy")
            row |= {f"{name}-{axis}": number for axis, number in zip(axes, numbers, strict=True)}
        elif name != "instanceID":
            row[name] = answers.get(name, "")
    row |= {"meta-instanceID": f"uuid:{_ID}", "KEY": f"uuid:{_ID}", "SubmitterName": "Synthetic Ana", "Status": ""}
    text = io.StringIO()
    table = csv.DictWriter(text, list(row))
    table.writeheader()
    table.writerow(row)
    path = folder / "notes.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    (record,) = read_file(path)
    assert isinstance(record, FieldRow), record
    return record


_ANSWERS = {
    "category": "informal_crossing",
    "observed_at": "2026-01-05T10:05:00.000-06:00",
    "note": "Synthetic: río, ñ",
    "confidence": "high",
    "sensitivity": "generalised",
    "consent": "no_person",
}
_PLACED: list[tuple[dict[str, str], list[float], float | None]] = [
    ({"position_basis": "gps", "position": "14.68 -92.15 12 4.5"}, [-92.15, 14.68], 4.5),
    ({"position_basis": "map", "place_on_map": "14.68 -92.15 0 0"}, [-92.15, 14.68], None),
    (
        {"position_basis": "typed", "latitude": "14.68", "longitude": "-92.15", "coordinateUncertaintyInMeters": "50"},
        [-92.15, 14.68],
        50.0,
    ),
]


@pytest.mark.parametrize(("place", "coordinates", "metres"), _PLACED, ids=["gps", "map", "typed"])
def test_a_submission_with_a_position_comes_home_as_it_was_filled_in(
    binds: Binds, tmp_path: Path, place: dict[str, str], coordinates: list[float], metres: float | None
) -> None:
    record = _submitted(binds, tmp_path, {**_ANSWERS, **place, "photo_1": "1767600000000.jpg"})
    expected: dict[str, Any] = {**_ANSWERS, "position_basis": place["position_basis"], "photos": ["1767600000000.jpg"]}
    if metres is not None:
        expected["coordinateUncertaintyInMeters"] = metres
    assert record.fields == expected
    assert record.geometry == {"type": "Point", "coordinates": coordinates}
    assert (record.record_id, record.author) == (_ID, "Synthetic Ana")


def test_a_submission_by_reach_comes_home_without_a_coordinate(binds: Binds, tmp_path: Path) -> None:
    record = _submitted(
        binds, tmp_path, {**_ANSWERS, "position_basis": "reach", "municipality_cvegeo": "07089", "reach": "R012"}
    )
    assert record.geometry is None
    assert record.fields == {**_ANSWERS, "position_basis": "reach", "reach": "R012", "municipality_cvegeo": "07089"}


def test_no_choice_is_lost_on_the_way_home(project: Project, binds: Binds, tmp_path: Path) -> None:
    place = {"position_basis": "gps", "position": "14.68 -92.15 0 5"}
    for name in ("category", "sensitivity", "consent", "confidence"):
        for code in annotation_schema(project).fields[name].values:
            assert _submitted(binds, tmp_path, {**_ANSWERS, **place, name: code}).fields[name] == code
