"""Field notes leave and come back as files: with their history, sealed where they are restricted, and twice is once."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
Command = Callable[..., subprocess.CompletedProcess[str]]
SECRET = "several words together"  # noqa: S105 - it protects nothing
WORDS = '=1+1, "quoted"\nñ <b>bold</b>'

TORN = "() => Atlas.notes.notebook.all().some((one) => Atlas.notes.notebook.state(one).torn)"


@pytest.fixture
def fresh(maps: Path, opener: Opener, fieldwork: ModuleType) -> Callable[[], Page]:
    """The page in a browser that has no notes yet."""

    def opens() -> Page:
        page: Page = fieldwork.ready(opener(maps / "annotate.html", state="lang=en").page)
        return page

    return opens


def export(page: Page, kind: str, folder: Path) -> Path:
    page.locator("#export").click()
    page.locator(f"input[name=export-format][value={kind}]").check()
    if kind == "atlasnotes":
        page.locator("#export-secret").fill(SECRET)
        page.locator("#export-again").fill(SECRET)
    elif page.locator("#export-sure").is_visible():
        page.locator("#export-sure").check()
    with page.expect_download() as waited:
        page.locator("#export-save").click()
    path = folder / waited.value.suggested_filename
    waited.value.save_as(path)
    return path


def take(page: Page, path: Path, secret: str | None = None) -> str:
    page.locator("#import").set_input_files(path)
    if secret:
        page.locator("#import-secret").fill(secret)
        page.locator("#import-open").click()
    page.locator("#import-close").wait_for(timeout=15_000)
    report = page.locator("dialog").inner_text()
    page.locator("#import-close").click()
    return report


def everything(page: Page) -> Any:
    return page.evaluate(
        """() => Atlas.notes.notebook.all()
          .map((one) => [one.id, Atlas.notes.notebook.state(one).values, [...one.known].sort()])
          .sort((a, b) => (a[0] < b[0] ? -1 : 1))"""
    )


def edited(page: Page, fieldwork: ModuleType) -> None:
    """Two notes, one of them with a past."""
    fieldwork.add(page, WORDS)
    page.locator("#list button").first.click()
    page.locator("#field-note").fill(f"{WORDS} again")
    fieldwork.save(page)
    fieldwork.add(page, "another")


def test_restricted_notes_leave_sealed_unless_somebody_insists(
    fresh: Callable[[], Page], fieldwork: ModuleType
) -> None:
    page = fresh()
    fieldwork.add(page, "where it is")
    for sensitivity, count in (("open", 0), ("generalised", 1)):
        page.locator("#list button").first.click()
        choice = page.locator(f"#editor input[name=field-sensitivity][value={sensitivity}]")
        # the form is there a moment after the note was chosen
        choice.wait_for(state="attached")
        page.evaluate("for (const fold of document.querySelectorAll('#editor details')) fold.open = true")
        choice.check()
        fieldwork.save(page)
        page.locator("#export").click()
        expect(page.locator("input[value=atlasnotes]")).to_be_checked()
        # what has the focus is what Enter does: nothing leaves without a passphrase
        expect(page.locator("input[value=atlasnotes]")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("dialog .fault")).to_have_text("At least 8 characters.")
        page.locator("input[value=geojson]").check()
        expect(page.locator("#export-warning")).to_be_visible(visible=bool(count))
        page.keyboard.press("Escape")
    page.locator("#export").click()
    page.locator("#export-secret").fill("short")
    page.locator("#export-again").fill("short")
    page.locator("#export-save").click()
    expect(page.locator("dialog .fault")).to_have_text("At least 8 characters.")
    page.locator("input[value=geojson]").check()
    expect(page.locator("#export-warning")).to_contain_text("Notes in it that are not open: 1.")
    page.locator("#export-save").click()
    expect(page.locator("dialog .fault")).to_contain_text("Choose the sealed file")


@pytest.mark.parametrize("kind", ["geojson", "atlasnotes"])
def test_notes_come_home_with_their_history_and_twice_is_once(
    fresh: Callable[[], Page], fieldwork: ModuleType, tmp_path: Path, kind: str
) -> None:
    page = fresh()
    edited(page, fieldwork)
    path = export(page, kind, tmp_path)
    assert path.name.startswith("field-notes-")
    assert path.suffix == f".{kind}"
    secret = SECRET if kind == "atlasnotes" else None
    if secret:
        document = json.loads(path.read_text(encoding="utf-8"))
        assert set(document) == {"format", "version", "kdf", "cipher", "data"}
        assert document["kdf"]["iterations"] >= 600_000
        assert b"another" not in path.read_bytes()
    other = fresh()
    assert "notes with something new 2" in take(other, path, secret)
    assert everything(other) == everything(page)
    assert "notes with something new 0, changes 0" in take(other, path, secret)
    assert everything(other) == everything(page)


def test_the_geojson_is_what_the_schema_says(
    fresh: Callable[[], Page], fieldwork: ModuleType, tmp_path: Path, repo: Path
) -> None:
    import jsonschema

    page = fresh()
    edited(page, fieldwork)
    document = json.loads(export(page, "geojson", tmp_path).read_text(encoding="utf-8"))
    schema = json.loads((repo / "geodata/schema/annotation.json").read_text(encoding="utf-8"))
    for feature in document["features"]:
        jsonschema.validate(feature, schema)
        assert all(change["record_id"] == feature["id"] for change in feature["atlas"]["changes"])
    assert document["atlas"]["format"] == "atlas-field-notes"


def test_a_table_that_was_edited_comes_back_as_an_edit(
    fresh: Callable[[], Page], fieldwork: ModuleType, tmp_path: Path
) -> None:
    page = fresh()
    edited(page, fieldwork)
    path = export(page, "csv", tmp_path)
    text = path.read_text(encoding="utf-8-sig")
    # a spreadsheet must not take words for a formula
    assert "\n=" not in text
    assert '"=' not in text
    assert "changes 0" in take(page, path)
    path.write_text(text.replace(",another,", ",another word,"), encoding="utf-8")
    assert "changes 1" in take(page, path)
    assert sorted(fieldwork.notes(page)) == sorted([f"{WORDS} again", "another word"])
    assert page.evaluate(TORN) is False


def emptied_in_table(text: str) -> str:
    """A table whose first row says nothing in its notes and its place."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    blank = {header.index(name) for name in ("note", "longitude", "latitude", "geometry")}
    rows[0] = ["" if number in blank else cell for number, cell in enumerate(rows[0])]
    made = io.StringIO()
    csv.writer(made).writerows([header, *rows])
    return made.getvalue()


def emptied_in_features(text: str) -> str:
    document = json.loads(text)
    document["features"][0]["geometry"] = None
    document["features"][0]["properties"]["note"] = None
    return json.dumps(document)


@pytest.mark.parametrize(("kind", "emptied"), [("csv", emptied_in_table), ("geojson", emptied_in_features)])
def test_what_was_emptied_in_an_export_is_empty(
    fresh: Callable[[], Page], fieldwork: ModuleType, tmp_path: Path, kind: str, emptied: Callable[[str], str]
) -> None:
    page = fresh()
    edited(page, fieldwork)
    path = export(page, kind, tmp_path)
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(emptied(text), encoding="utf-8", newline="")
    assert "changes 2" in take(page, path)
    values = [values for _, values, _ in everything(page)]
    assert [record["geometry"] for record in values].count(None) == 1
    assert [record["note"] for record in values].count(None) == 1
    assert "changes 0" in take(page, path)
    # in a file that was not exported it says nothing
    (record_id,) = [record_id for record_id, values, _ in everything(page) if values["note"]]
    other = tmp_path / "other.csv"
    other.write_text(
        f"id,latitude,longitude,note,category,status\n{record_id},14.6,-92.1,,hazard,x\n", encoding="utf-8"
    )
    report = take(page, other)
    assert "Note (1). The values stay." in report
    assert "Unused columns: status." in report
    assert sum(bool(values["note"]) for _, values, _ in everything(page)) == 1


def test_areas_come_in_closed_and_go_through_a_table(
    fresh: Callable[[], Page], fieldwork: ModuleType, tmp_path: Path
) -> None:
    assert fieldwork
    ring = [[-92.2, 14.6], [-92.1, 14.6], [-92.1, 14.7]]
    shapes = [ring, [ring[0], ring[1], ring[0]]]
    geometries = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [one]}, "properties": {"note": "an area"}}
        for one in shapes
    ]
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": geometries}), encoding="utf-8")
    page = fresh()
    report = take(page, path)
    assert "in rows: 1" in report
    assert "2: a ring of its area has fewer than three" in report
    ((_, values, _),) = everything(page)
    assert values["geometry"]["coordinates"] == [[*ring, ring[0]]]
    table = export(page, "csv", tmp_path)
    assert "changes 0" in take(page, table)
    other = fresh()
    take(other, table)
    assert everything(other)[0][1] == values


def test_rows_of_a_table_do_not_vanish_behind_a_quotation_mark(
    fresh: Callable[[], Page], fieldwork: ModuleType, tmp_path: Path
) -> None:
    rows = [f"14.6,-92.{number},{chr(34) if number == 20 else ''}note {number}" for number in range(10, 40)]
    path = tmp_path / "open.csv"
    path.write_text("lat,lon,note\n" + "\n".join(rows) + "\n", encoding="utf-8")
    page = fresh()
    assert "opens in line 12 is never closed" in take(page, path)
    assert len(fieldwork.notes(page)) == 29


def test_what_was_altered_or_is_no_note_is_refused_by_name_and_the_rest_comes_in(
    fresh: Callable[[], Page], fieldwork: ModuleType, tmp_path: Path
) -> None:
    page = fresh()
    edited(page, fieldwork)
    path = export(page, "geojson", tmp_path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["features"][0]["atlas"]["changes"][0]["value"] = "altered"
    point = {"type": "Point", "coordinates": [14.6, -92.1]}
    document["features"] += [
        {"type": "Feature", "geometry": point, "properties": {"note": "axes swapped"}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [14.6, -88]}, "properties": {"note": "too"}},
        {"type": "Feature", "geometry": None, "properties": {}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [500, 1]}, "properties": {"note": "x"}},
        "no feature",
        {"type": "Feature", "geometry": None, "properties": {"note": "plain and good"}},
    ]
    path.write_text(json.dumps(document), encoding="utf-8")
    other = fresh()
    report = take(other, path)
    assert "Not imported: 6" in report
    assert "its history was altered in transit" in report
    assert "plain and good" in fieldwork.notes(other)
    assert "neither GeoJSON" in take(other, Path(__file__))


@pytest.mark.slow
def test_python_reads_every_export_of_the_page_and_the_page_reads_python(
    fresh: Callable[[], Page], fieldwork: ModuleType, tmp_path: Path, command_line: Command
) -> None:
    page = fresh()
    edited(page, fieldwork)
    store = tmp_path / "home.gpkg"
    secret = tmp_path / "secret.txt"
    secret.write_text(f"{SECRET}\n", encoding="utf-8")
    assert command_line("field", "new", store).returncode == 0
    first = command_line("field", "import", export(page, "geojson", tmp_path), "--store", store)
    assert "2 new records" in first.stdout, first.stderr
    for kind in ("atlasnotes", "csv", "geojson"):
        path = export(page, kind, tmp_path)
        again = command_line("field", "import", path, "--store", store, "--passphrase-file", secret)
        assert "nothing new" in again.stdout, again.stderr
    back = tmp_path / "back.geojson"
    done = command_line("field", "export", "--store", store, "-o", back, "--exact")
    assert done.returncode == 0, done.stderr
    before = everything(page)
    assert "changes 0" in take(page, back)
    assert everything(page) == before
    other = fresh()
    take(other, back)
    assert everything(other) == before


@pytest.mark.slow
def test_a_table_brings_its_values_to_a_page_that_never_had_their_history(
    fresh: Callable[[], Page], fieldwork: ModuleType, tmp_path: Path
) -> None:
    page = fresh()
    edited(page, fieldwork)
    other = fresh()
    path = export(page, "csv", tmp_path)
    take(other, path)
    assert [record[:2] for record in everything(other)] == [record[:2] for record in everything(page)]
    assert "changes 0" in take(other, path)
    assert "changes 0" in take(page, path)
    take(other, export(page, "geojson", tmp_path))
    assert other.evaluate(TORN) is False


@pytest.mark.slow
def test_a_later_version_of_a_submission_supersedes_on_the_page_as_at_home(
    fresh: Callable[[], Page], tmp_path: Path, command_line: Command
) -> None:
    store, first = tmp_path / "home.gpkg", "11111111-1111-4111-8111-111111111111"
    assert command_line("field", "new", store).returncode == 0
    head = "category,lat,lon,note,confidence,meta/instanceID,meta/deprecatedID,meta/rootUuid,_uuid,_submission_time\n"
    versions = [("a", "low", "1", ""), ("b", "low", "2", "1"), ("b", "high", "3", "2")]
    for note, confidence, instance, before in reversed(versions):
        path, old = tmp_path / f"{instance}.csv", f"uuid:{first.replace('1', before)}" if before else ""
        row = f"hazard,14.68,-92.15,{note},{confidence},uuid:{first.replace('1', instance)},{old},{first},{first},\n"
        path.write_text(head + row, encoding="utf-8")
        assert command_line("field", "import", path, "--store", store).returncode == 0
    back = tmp_path / "back.geojson"
    assert command_line("field", "export", "--store", store, "-o", back, "--exact").returncode == 0
    page = fresh()
    take(page, back)
    ((record_id, values, _),) = everything(page)
    assert (record_id, values["note"], values["confidence"]) == (first, "b", "high")
    assert not [name for name in values if name.startswith("submission")]
    assert page.evaluate(TORN) is False
    table = json.loads(command_line("field", "list", "--store", store, "--format", "json").stdout)
    assert (table["records"][0]["note"], table["records"][0]["conflicts"]) == ("b", None)


@pytest.mark.slow
def test_rows_numbered_alike_by_two_people_stay_apart_and_are_those_of_home(
    fresh: Callable[[], Page], tmp_path: Path, command_line: Command
) -> None:
    store, page = tmp_path / "home.gpkg", fresh()
    assert command_line("field", "new", store).returncode == 0
    for name, author, note in (("Ana.csv", "", "of Ana"), ("beto.csv", "Beto", "of Beto")):
        path = tmp_path / name
        head = "id,category,latitude,longitude,observed_at,note,author\n"
        path.write_text(
            f"{head}1,hazard,14.68,-92.15,2026-03-04,first {note},{author}\n"
            f"2,hazard,14.7,-92.1,2026-03-05,second {note},{author}\n",
            encoding="utf-8",
        )
        assert command_line("field", "import", path, "--store", store).returncode == 0
        take(page, path)
        assert "changes 0" in take(page, path)
    table = json.loads(command_line("field", "list", "--store", store, "--format", "json").stdout)
    home = {record["id"]: record["note"] for record in table["records"]}
    assert sorted(home.values()) == ["first of Ana", "first of Beto", "second of Ana", "second of Beto"]
    assert {record_id: values["note"] for record_id, values, _ in everything(page)} == home
    assert [values["source_id"] for _, values, _ in everything(page)].count("1") == 2


def test_what_says_two_things_is_not_taken_in(fresh: Callable[[], Page], repo: Path, tmp_path: Path) -> None:
    page = fresh()
    for name in ("duplicate-sensitivity", "duplicate-sensitivity-escaped"):
        report = take(page, repo / "tests" / "data" / "layers" / f"{name}.geojson")
        assert "Not imported: 6" in report
        assert "a member appears twice" in report
    assert everything(page) == []
    good = '{"type":"Feature","geometry":{"type":"Point","coordinates":[-92.15,14.68]},"properties":{"note":"good"}}'
    files = {
        "root.geojson": f'{{"type":"FeatureCollection",\n"type":"FeatureCollection","features":[{good}]}}',
        "sealed.atlasnotes": '{"format":"atlas-field-notes-sealed","version":1,"data":"","data":""}',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert "“type” appears twice in $ (line 2)" in take(page, tmp_path / "root.geojson")
    assert "“data” appears twice in $" in take(page, tmp_path / "sealed.atlasnotes")
    table = tmp_path / "table.csv"
    table.write_text(
        "latitude,longitude,note,sensitivity,sensitivity\n14.68,-92.15,a,withheld,open\n14.69,-92.15,b,open,open\n"
    )
    assert "Not imported: 1" in take(page, table)
    assert [values["note"] for _, values, _ in everything(page)] == ["b"]
