"""The form in ODK's own hands: its validator takes it, its engine fills it in, and what comes home is the record."""

from __future__ import annotations

import io
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from playwright.sync_api import Browser, Page, Route
from pyxform.validators.odk_validate import check_xform
from pyxform.xls2xform import convert

from atlas.field.forms import write_xlsform
from atlas.field.readers import read_file
from atlas.field.row import FieldRow
from atlas.project import find_project

# the engine gives no UUID in a page that is not from a safe address; nothing is asked there, all is given from here
ADDRESS = "https://localhost/"
FILL = """async ([form, answers]) => {
  const { createInstance } = await import("/engine.js");
  const { root } = await createInstance(form);
  const nodes = new Map(root.currentState.children.map((node) => [node.definition.qualifiedName.localName, node]));
  for (const [name, value] of Object.entries(answers)) {
    const node = nodes.get(name);
    if (!node.currentState.relevant) throw new Error(`${name} is not asked`);
    if (node.nodeType === "select") node.selectValue(value);
    else if (node.nodeType !== "upload") node.setValue(value);
    else {
      const bytes = Uint8Array.from(atob(value), (one) => one.charCodeAt(0));
      node.setValue(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
    }
  }
  const payload = await root.prepareInstancePayload();
  const files = {};
  for (const [name, file] of payload.data[0]) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    files[name === "xml_submission_file" ? "submission.xml" : file.name] = btoa(String.fromCharCode(...bytes));
  }
  const wrong = (payload.violations ?? []).map((one) => `${one.reference}: ${one.violation.condition}`);
  return { files, wrong, asked: [...nodes].filter(([, node]) => node.currentState.relevant).map(([name]) => name) };
}"""
ANSWERS = {
    "category": "informal_crossing",
    "observed_at": "2026-01-05T10:05:00.000-06:00",
    "note": "Synthetic: río, ñ & <b>",
    "confidence": "high",
    "sensitivity": "generalised",
    "consent": "no_person",
}
BY_GPS = {
    "position_basis": "gps",
    "position": {"latitude": 14.68, "longitude": -92.15, "altitude": 12, "accuracy": 4.5},
}
TYPED = {"position_basis": "typed", "latitude": 14.68, "longitude": -92.15, "coordinateUncertaintyInMeters": 50}
BY_REACH = {"position_basis": "reach", "municipality_cvegeo": "07035", "reach": "R002"}


@pytest.fixture(scope="session")
def form(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("odk") / "notes.xlsx"
    write_xlsform(path, find_project(repo), lang="es")
    return str(convert(str(path)).xform)


@pytest.fixture(scope="session")
def page(judges: Path, browser: Browser) -> Iterator[Page]:
    engine = (judges / "@getodk/xforms-engine/dist/index.js").read_text(encoding="utf-8")

    def given(route: Route) -> None:
        if route.request.url == f"{ADDRESS}engine.js":
            route.fulfill(body=engine, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>form</title>", content_type="text/html")

    opened = browser.new_page()
    opened.route("**/*", given)
    opened.goto(ADDRESS)
    yield opened
    opened.close()


@pytest.fixture
def filled(page: Page, form: str, tmp_path: Path) -> Callable[..., tuple[list[Any], list[str], list[str]]]:
    """Fills the form in, and gives the records, what the engine holds against the answers, and what it asked."""

    def fill(answers: dict[str, Any]) -> tuple[list[Any], list[str], list[str]]:
        made = page.evaluate(FILL, [form, answers])
        folder = tmp_path / "instances" / f"notes_{len(list(tmp_path.glob('instances/*')))}"
        folder.mkdir(parents=True)
        for name, data in made["files"].items():
            (folder / name).write_bytes(b64decode(data))
        return list(read_file(folder)), made["wrong"], made["asked"]

    return fill


def test_odks_validator_takes_the_form(program: Callable[[str, str], str], form: str, tmp_path: Path) -> None:
    program("java", "default-jre-headless")
    path = tmp_path / "notes.xml"
    path.write_text(form, encoding="utf-8")
    assert check_xform(str(path)) == []


@pytest.mark.parametrize(
    ("answers", "position", "uncertainty"),
    [(BY_GPS, [-92.15, 14.68], 4.5), (TYPED, [-92.15, 14.68], 50.0)],
)
def test_what_odks_engine_makes_of_the_answers_is_the_record(
    filled: Callable[..., Any], answers: dict[str, Any], position: list[float], uncertainty: float
) -> None:
    (record,), wrong, _ = filled({**ANSWERS, **answers})
    assert wrong == []
    assert isinstance(record, FieldRow)
    assert record.geometry == {"type": "Point", "coordinates": position}
    assert record.fields["coordinateUncertaintyInMeters"] == uncertainty
    assert {name: record.fields[name] for name in ("category", "note", "sensitivity", "confidence", "consent")} == {
        name: ANSWERS[name] for name in ("category", "note", "sensitivity", "confidence", "consent")
    }
    assert record.fields["observed_at"].startswith("2026-01-05T")


def test_by_reach_the_form_asks_for_no_coordinate(filled: Callable[..., Any]) -> None:
    (record,), wrong, asked = filled({**ANSWERS, **BY_REACH})
    assert wrong == []
    assert not {"position", "place_on_map", "latitude", "longitude"} & set(asked)
    assert (record.geometry, record.fields["reach"]) == (None, "R002")
    assert record.fields["sensitivity"] == "generalised"


def test_a_photo_comes_home_without_its_place(filled: Callable[..., Any]) -> None:
    exif = Image.Exif()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (14.0, 40.0, 48.0)
    exif[Base.Make] = "PLANTEDMAKE"
    held = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(held, "JPEG", exif=exif)
    assert b"PLANTEDMAKE" in held.getvalue()
    (record,), wrong, _ = filled({**ANSWERS, **BY_GPS, "photo_1": b64encode(held.getvalue()).decode()})
    assert wrong == []
    (photo,) = record.media
    assert record.fields["photos"] == [photo.name]
    assert b"PLANTEDMAKE" not in photo.data
    assert not Image.open(io.BytesIO(photo.data)).getexif()


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ({**ANSWERS, "category": None, **BY_GPS}, "category"),
        ({**ANSWERS, "consent": None, **BY_GPS}, "consent"),
        ({**ANSWERS, "position_basis": "gps"}, "position"),
        ({**ANSWERS, **TYPED, "longitude": 92.15}, "longitude"),
        ({**ANSWERS, **TYPED, "latitude": -92.15}, "latitude"),
        ({**ANSWERS, **BY_GPS, "observed_at": "1970-01-01T00:00:00.000Z"}, "observed_at"),
        ({**ANSWERS, "position_basis": "reach", "municipality_cvegeo": "07089"}, "reach"),
        # not a stretch of that municipality: the list does not offer it
        ({**ANSWERS, **BY_REACH, "municipality_cvegeo": "07089"}, "reach"),
    ],
)
def test_what_is_missing_or_cannot_be_is_held_against_the_answers(
    filled: Callable[..., Any], answers: dict[str, Any], name: str
) -> None:
    _, wrong, _ = filled(answers)
    assert [one.partition(":")[0].rpartition("/")[2] for one in wrong] == [name]
