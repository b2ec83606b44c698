"""Notes in the field, in a real browser: where, what, and what becomes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
HOSTILE = "<img src=x onerror=\"document.title='run'\"></script><script>document.title='run'</script>${7*7}"
# all that the page has put into the browser's keeping, as text
EVERYTHING = """async () => JSON.stringify([await Atlas.notes.storage.since(null), await Atlas.notes.storage.drafts(),
  await Atlas.notes.storage.photoHeads(), await Atlas.notes.storage.setting("me")])"""


@pytest.fixture
def opened(maps: Path, opener: Opener, fieldwork: ModuleType) -> Any:
    opened_page = opener(maps / "annotate.html", state="lang=en&theme=light")
    fieldwork.ready(opened_page.page)
    return opened_page


@pytest.fixture
def page(opened: Any) -> Page:
    current: Page = opened.page
    return current


def values(page: Page, at: int = 0) -> dict[str, Any]:
    typed: dict[str, Any] = page.evaluate(
        "(at) => Atlas.notes.notebook.state(Atlas.notes.filter.apply().matches[at]).values", at
    )
    return typed


def test_change_ids_are_those_of_python(page: Page, repo: Path) -> None:
    cases = json.loads((repo / "tests/field/data/change_ids.json").read_text(encoding="utf-8"))["changes"]
    assert len(cases) > 20
    changes = page.evaluate(
        "(cases) => cases.map((one) => [Atlas.notes.changes.idOf(one), Atlas.notes.changes.canonical(one.value)])",
        cases,
    )
    assert changes == [[case["change_id"], case["canonical"]] for case in cases]


def test_a_tap_becomes_a_note_that_is_there_after_a_reload(opened: Any, page: Page, fieldwork: ModuleType) -> None:
    fieldwork.add(page, "a loose plank", category="infrastructure", at=(300, 300))
    row = page.locator("#list li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Infrastructure")
    expect(row).to_contain_text("a loose plank")
    before = values(page)
    assert before["position_basis"] == "map"
    assert before["sensitivity"] == "restricted"
    assert before["coordinateUncertaintyInMeters"] > 100
    page.reload()
    fieldwork.ready(page)
    expect(row).to_contain_text("a loose plank")
    assert values(page) == before
    assert opened.console == []
    assert {url.split("#")[0] for url in opened.requests} == {page.url.split("#")[0]}
    assert len(opened.requests) == 2


def test_the_address_never_says_what_one_looks_at(
    page: Page, fieldwork: ModuleType, until: Callable[..., None], settled: Callable[[Page], None]
) -> None:
    fieldwork.add(page, "somewhere", at=(200, 500))
    before = page.evaluate("() => Atlas.view.map.getZoom()")
    page.get_by_label("Zoom in", exact=True).click()
    until(page, lambda: page.evaluate("() => !Atlas.view.map._animatingZoom && Atlas.view.map.getZoom()") > before)
    settled(page)
    assert set(re.findall(r"(\w+)=", page.url.partition("#")[2])) <= {"lang", "theme"}


def test_gps_is_shown_with_its_accuracy_and_recorded_with_it(maps: Path, opener: Opener, fieldwork: ModuleType) -> None:
    place = {"latitude": 14.912345, "longitude": -92.212345, "accuracy": 8.4}
    page = opener(maps / "annotate.html", state="lang=en", geolocation=place, permissions=["geolocation"]).page
    fieldwork.ready(page)
    page.locator("#add").click()
    expect(page.locator("#locating-live")).to_contain_text("9 m")
    page.locator("#locate-gps").click()
    page.locator("input[name=field-category][value=shelter]").check()
    fieldwork.save(page)
    record = values(page)
    assert record["geometry"] == {"type": "Point", "coordinates": [-92.212345, 14.912345]}
    assert record["coordinateUncertaintyInMeters"] == 9
    assert record["position_basis"] == "gps"


def test_refused_gps_says_what_to_do(maps: Path, opener: Opener, fieldwork: ModuleType) -> None:
    page = opener(maps / "annotate.html", state="lang=es").page
    fieldwork.ready(page)
    page.locator("#add").click()
    expect(page.locator("#locating-live")).to_contain_text("señale en el mapa")
    expect(page.locator("#locate-gps")).to_be_disabled()
    page.locator("#pointing-use").click()
    page.locator("details.more > summary").click()
    page.locator("input[name=field-position_basis][value=gps]").check()
    expect(page.locator(".where .gps-live")).to_contain_text("señale en el mapa")
    expect(page.locator("#gps-take")).to_be_disabled()


RIGHT = {
    "14.6789, -92.1234": (14.6789, -92.1234),
    "14,6789 -92,1234": (14.6789, -92.1234),
    "14,6789; -92,1234": (14.6789, -92.1234),
    "14.6789,-92.1234": (14.6789, -92.1234),
    "14,6789,-92,1234": (14.6789, -92.1234),
    "92.1234 W 14.6789 N": (14.6789, -92.1234),
    "W92.1234, N14.6789": (14.6789, -92.1234),
    "92,1234 O; 14,6789 N": (14.6789, -92.1234),
    "14°40'44\"N 92°07'24\"W": (14.678889, -92.123333),
    "N 14° 40′ 44,5″, O 92° 7′ 24,2″": (14.679028, -92.123389),
    "14 40 44 -92 07 24": (14.678889, -92.123333),
    "14º40.7333' N, 92º7.4' W": (14.678888, -92.123333),
    "lat 14.6789 lon -92.1234": (14.6789, -92.1234),
    "longitud: -92.1234, latitud: 14.6789": (14.6789, -92.1234),
    "\u221214.5 \u221260.25": (-14.5, -60.25),
}


PARSE = "(texts) => texts.map((text) => Atlas.notes.coordinates.parse(text, Atlas.notes.places.sheet))"


def test_typed_coordinates_are_read_as_people_write_them(page: Page) -> None:
    for (text, wanted), parsed in zip(RIGHT.items(), page.evaluate(PARSE, list(RIGHT)), strict=True):
        assert "fault" not in parsed, text
        assert (parsed["lat"], parsed["lon"]) == pytest.approx(wanted, abs=2e-6), text


WRONG = {
    "-92.1234, 14.6789": "swapped",
    "92.1234, 14.6789": "swapped",
    "14.6789, 92.1234": "west",
    "14.6789": "two",
    "14.6789, -92.1234, 3": "two",
    "14 61 0 N 92 0 0 W": "minutes",
    "14.5 30 N 92 W": "whole",
    "14 N 15 N": "letters",
    "14.5 N 190 W": "lon",
    "-14.5 N 92 W": "sign",
    "91.5 N 92 W": "lat",
    "north of the bridge": "empty",
    "14.6 up 92.1 down": "word",
}


def test_coordinates_that_cannot_be_meant_are_refused_with_the_reason(page: Page) -> None:
    parsed = page.evaluate(PARSE, list(WRONG))
    assert dict(zip(WRONG, [one.get("fault") for one in parsed], strict=True)) == WRONG
    for fault in set(WRONG.values()):
        assert page.evaluate("(key) => Atlas.i18n.has(key)", f"note.typed.{fault}")


def test_swapped_axes_are_explained_and_not_stored(page: Page, fieldwork: ModuleType) -> None:
    page.locator("#add").click()
    page.locator("[data-basis=typed]").click()
    page.locator("#typed").fill("-92.1234, 14.6789")
    expect(page.locator("#typed-fault")).to_contain_text("Longitude seems to come first")
    page.locator("#save-no_person").click()
    expect(page.locator("#where-fault")).to_be_visible()
    page.locator("#typed").fill("92.1234 W, 14.6789 N")
    expect(page.locator(".where-said")).to_contain_text("14.67890° N, 92.12340° W ± ")
    page.locator("input[name=field-category][value=other]").check()
    fieldwork.save(page)
    assert values(page)["geometry"]["coordinates"] == [-92.1234, 14.6789]


@pytest.mark.parametrize("how", ["list", "map"])
def test_by_reach_no_coordinate_is_ever_stored(
    page: Page, fieldwork: ModuleType, until: Callable[..., None], how: str
) -> None:
    page.locator("#add").click()
    page.locator("#pointing-use").click()
    page.locator("details.more > summary").click()
    page.locator("input[name=field-position_basis][value=reach]").check()
    if how == "list":
        page.locator("#reach").select_option("R012")
    else:
        page.locator("#where-reach").click()
        page.locator("#pointing-use").click()
        expect(page.locator("#reach")).to_have_value(re.compile(r"R\d{3}"))
    until(page, lambda: '"geometry":null' in page.evaluate(EVERYTHING))
    # not in the draft either, although the map was pointed at before
    assert '"geometry":null' in page.evaluate(EVERYTHING)
    page.locator("input[name=field-category][value=informal_crossing]").check()
    fieldwork.save(page)
    kept = page.evaluate(EVERYTHING)
    assert "coordinates" not in kept
    assert "coordinateUncertaintyInMeters" not in kept
    assert re.search(r'"field":"reach","value":"R\d{3}"', kept)
    page.locator("#list button").click()
    expect(page.locator("#reach")).to_have_value(re.compile(r"R\d{3}"))


def test_what_is_needed_is_asked_for_before_saving(page: Page) -> None:
    page.locator("#add").click()
    page.locator("#pointing-use").click()
    page.locator("details.more > summary").click()
    page.locator("#field-observed_at").fill("")
    page.locator("details.more > summary").click()
    # the key of the keyboard that goes on
    page.locator("#note-form").evaluate("(form) => form.requestSubmit()")
    expect(page.locator("#editor-faults")).to_have_text("Not saved yet. Points to review: 3.")
    expect(page.locator("#field-category-fault")).to_have_text("Needed: What it is.")
    expect(page.locator("#field-consent-fault")).to_be_visible()
    expect(page.locator("input[name=field-category]").first).to_be_focused()


def test_edit_move_delete_undo_and_redo(page: Page, fieldwork: ModuleType) -> None:
    fieldwork.add(page, "first words", at=(300, 300))
    first = values(page)
    page.locator("#list button").click()
    page.locator("#field-note").fill("second words")
    page.locator("#where-point").click()
    box = page.locator(".atlas-map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 420, box["y"] + 200)
    page.locator("#pointing-use").click()
    fieldwork.save(page)
    second = values(page)
    assert second["note"] == "second words"
    assert second["geometry"] != first["geometry"]
    page.locator("#undo").click()
    assert values(page)["note"] == "first words"
    assert values(page)["geometry"] == first["geometry"]
    page.keyboard.press("Control+Shift+z")
    assert values(page)["note"] == "second words"
    page.locator("#list button").click()
    page.locator("#delete").click()
    page.locator("#delete-yes").click()
    # an empty list says nothing while the form hides it
    expect(page.locator("#editor")).to_be_hidden()
    expect(page.locator("#list li")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator("#list li")).to_have_count(1)
    page.locator("#undo").click()
    page.locator("#undo").click()
    expect(page.locator("#list li")).to_have_count(0)
    page.locator("#redo").click()
    expect(page.locator("#list li")).to_have_count(1)
    history = page.evaluate(
        "() => Atlas.notes.notebook.history(Atlas.notes.notebook.all()[0]).map((one) => [one.field, one.value])"
    )
    assert ["note", "first words"] in history
    page.reload()
    fieldwork.ready(page)
    expect(page.locator("#list li")).to_contain_text("first words")


def test_photos_lose_place_and_camera_before_anything_is_stored(
    page: Page, fieldwork: ModuleType, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SYNTHETICCAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    photo = tmp_path / "SYNTHETICNAME.jpg"
    Image.effect_noise((2400, 1600), 60).convert("RGB").save(photo, exif=exif, comment=b"SYNTHETICCOMMENT")
    assert b"SYNTHETICCAMERA" in photo.read_bytes()
    fieldwork.write(page, "with a photo")
    page.locator("#field-photos").set_input_files([photo])
    expect(page.locator(".photos li")).to_have_count(1)
    page.locator("#field-photos").set_input_files({"name": "no.png", "mimeType": "image/png", "buffer": b"none"})
    expect(page.locator("#photos-fault")).to_contain_text("cannot read it as a picture")
    fieldwork.save(page)
    (name,) = values(page)["photos"]
    data = bytes(page.evaluate("async (name) => [...(await Atlas.notes.sync.photo(name)).bytes]", name))
    again = tmp_path / "again.jpg"
    again.write_bytes(data)
    with Image.open(again) as picture:
        assert max(picture.size) <= 1600
        assert not dict(picture.getexif())
    assert b"SYNTHETIC" not in data
    assert len(data) < 500_000
    assert "SYNTHETICNAME" not in page.evaluate(EVERYTHING)
    page.reload()
    fieldwork.ready(page)
    page.locator("#list button").click()
    expect(page.get_by_role("img", name="Photo 1")).to_be_visible()


def test_hostile_words_stay_words(opened: Any, page: Page, fieldwork: ModuleType) -> None:
    page.locator("summary", has_text="Who is writing").click()
    page.locator("#author").fill(HOSTILE)
    fieldwork.add(page, HOSTILE)
    page.locator("#show-table").click()
    expect(page.locator("#table")).to_contain_text("<img src=x onerror=")
    expect(page.locator("#list")).to_contain_text("${7*7}")
    page.locator("#list button").click()
    page.locator(".past summary").click()
    expect(page.locator(".past")).to_contain_text("<img src=x")
    assert page.locator("img").count() == 0
    assert "run" not in page.title()
    assert opened.console == []


@pytest.mark.parametrize("reason", ["SecurityError", "UnknownError"])
def test_a_browser_that_keeps_nothing_says_so_at_once_and_offers_a_file(
    maps: Path, opener: Opener, fieldwork: ModuleType, reason: str
) -> None:
    refuse = f"indexedDB.open = () => {{ throw new DOMException('', '{reason}'); }};"
    opened = opener(maps / "annotate.html", state="lang=en", script=refuse)
    page = fieldwork.ready(opened.page)
    expect(page.locator("#notices")).to_contain_text("This browser does not keep notes here")
    fieldwork.add(page, "only in this page")
    expect(page.locator("#list")).to_contain_text("only in this page")
    page.locator("#notices button").click()
    page.locator("input[value=geojson]").check()
    page.locator("#export-sure").check()
    with page.expect_download() as waited:
        page.locator("#export-save").click()
    assert "only in this page" in Path(waited.value.path()).read_text(encoding="utf-8")
    assert opened.console == []


def test_two_windows_show_the_same_and_keep_both_versions(page: Page, fieldwork: ModuleType) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    fieldwork.ready(other)
    fieldwork.add(page, "from one window")
    expect(other.locator("#list li")).to_have_count(1)
    for window in (page, other):
        window.locator("#list button").click()
    page.locator("#field-note").fill("one version")
    other.locator("#field-note").fill("another version")
    fieldwork.save(page)
    fieldwork.save(other)
    for window in (page, other):
        expect(window.locator("#list li")).to_contain_text("two versions")
    page.locator("#list button").click()
    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("one version")
    conflict.get_by_label("another version").check()
    fieldwork.save(page)
    expect(other.locator("#list li")).not_to_contain_text("two versions")
    expect(other.locator("#list li")).to_contain_text("another version")


@pytest.mark.slow
def test_ten_thousand_notes_stay_usable(page: Page, tmp_path: Path, fieldwork: ModuleType) -> None:
    spots = [(round(-92 + number % 100 / 40, 4), round(15 + number // 100 / 40, 4)) for number in range(10_000)]
    features = [
        {
            "type": "Feature",
            "id": f"00000000-0000-4000-8000-{number:012d}",
            "geometry": {"type": "Point", "coordinates": spot},
            "properties": {"category": "hazard", "note": f"synthetic {number}", "observed_at": "2026-01-02"},
        }
        for number, spot in enumerate(spots)
    ]
    path = tmp_path / "many.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    page.locator("#import").set_input_files(path)
    page.locator("#import-close").click(timeout=90_000)
    expect(page.locator("#counted")).to_have_text("10,000 in all")
    assert page.locator("#list li").count() < 60
    page.locator("#list button").first.focus()
    page.keyboard.press("End")
    expect(page.locator("#list button:focus")).to_contain_text("synthetic 0")
    page.locator("#show-table").click()
    assert page.locator("#table tbody tr").count() < 60
    page.locator("summary", has_text="Filter").click()
    page.locator("#filter-text").fill("synthetic 9999")
    expect(page.locator("#counted")).to_have_text("1 of 10,000")
    page.locator("#filter-clear").click()
    spent = page.evaluate(
        """async () => {
          const start = performance.now();
          Atlas.notes.filter.apply();
          Atlas.notes.list.draw();
          Atlas.notes.dots.redraw();
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          return performance.now() - start;
        }"""
    )
    assert spent < 3000
    page.reload()
    fieldwork.ready(page)
    expect(page.locator("#counted")).to_have_text("10,000 in all", timeout=30_000)


SMALLEST_PX = 44


@pytest.mark.parametrize("language", ["en", "es"])
def test_on_a_small_phone_everything_is_in_reach_of_a_thumb(
    maps: Path, opener: Opener, fieldwork: ModuleType, language: str
) -> None:
    page = opener(maps / "annotate.html", size="phone", state=f"lang={language}").page
    page.set_viewport_size({"width": 360, "height": 640})
    fieldwork.ready(page)
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    small = """() => [...document.querySelectorAll("button, select, input, textarea, summary, .choice label")]
      .filter((node) => node.checkVisibility() && !node.closest("#tree") && !["radio", "checkbox"].includes(node.type))
      .map((node) => [node.id || node.textContent.trim().slice(0, 30), Math.round(node.getBoundingClientRect().height)])
      .filter(([, height]) => height && height < 44)"""
    assert page.evaluate(small) == []
    page.locator("#add").click()
    expect(page.locator("#pointing")).to_be_visible()
    assert page.evaluate(small) == []
    page.locator("#pointing-use").click()
    expect(page.locator("#save-given")).to_be_visible()
    assert page.evaluate(small) == []
    assert page.evaluate(sideways) == 0
    page.locator("input[name=field-category][value=service]").check()
    fieldwork.save(page)
    expect(page.locator("#list li")).to_have_count(1)
    # the line is cut at its end, and where the note is must be read
    expect(page.locator("#list .row-foot")).to_have_text(re.compile("^(only here|solo aquí) · "))
    assert page.evaluate(small) == []
    assert page.evaluate(sideways) == 0


def test_in_sunlight_words_are_black_on_white(page: Page) -> None:
    page.locator("#sun").click()
    expect(page.locator("html")).to_have_attribute("data-sun", "")
    ink = page.evaluate("() => getComputedStyle(document.getElementById('kept')).color")
    paper = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    assert paper == "rgb(255, 255, 255)"
    assert max(map(int, re.findall(r"\d+", ink))) < 30
    page.locator("#sun").click()
    expect(page.locator("html")).not_to_have_attribute("data-sun", "")


def test_a_note_can_be_written_by_keyboard_alone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("#add").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pointing")).to_be_visible()
    expect(page.locator(".atlas-map")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".where-said")).to_contain_text("° N")
    page.locator("input[name=field-category]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    # not behind the answers that save
    expect(page.locator("#field-note")).to_be_focused()
    page.wait_for_function(
        """() => document.querySelector("#field-note").getBoundingClientRect().bottom
          <= document.querySelector(".editor-save").getBoundingClientRect().top""",
        timeout=5000,
    )
    page.keyboard.type("by keyboard")
    page.locator("#save-no_person").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list li")).to_have_count(1)
    # the focus is never lost with what had it
    expect(page.locator("#list button")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#delete").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#list li")).to_have_count(0)
    expect(page.locator("#add")).to_be_focused()
