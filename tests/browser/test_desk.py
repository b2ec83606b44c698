"""The desk in a real browser: review together, and hand-over over a data channel, by codes and as a file."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from atlas.admission.published_atlas import open_published_atlas
from atlas.cli.field_page_commands import policy_of
from atlas.field.desk import reception
from atlas.field.desk.server import DeskServer
from atlas.field.handover.arrival import Arrival, take_in
from atlas.field.handover.receipt import faults_in, parsed
from atlas.field.handover.store_key import kept_key, store_key
from atlas.field.importing import import_files
from atlas.field.readers import read_file
from atlas.field.review import Review, review
from atlas.field.store import Store, open_store
from atlas.project import find_project
from atlas.render import render_courier_page, render_desk_page
from tools import browsers, node
from tools.bundles import OPTIONS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIRST, SECOND = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2))


@pytest.fixture(scope="session")
def desk_page(repo: Path) -> bytes:
    return render_desk_page(open_published_atlas(find_project(repo)))


def _feature(number: int, **fields: Any) -> dict[str, Any]:
    properties = {"category": "observation", "observed_at": "2026-05-04", "sensitivity": "restricted", **fields}
    geometry = {"type": "Point", "coordinates": [-92 + number / 1e5, 15]}
    return {
        "type": "Feature",
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "geometry": geometry,
        "properties": properties,
    }


def _import(store: Store, folder: Path, name: str, *features: dict[str, Any], author: str = "Ana") -> None:
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    import_files(store, [path], read_file, author=author)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = open_store(tmp_path / "team.gpkg")
    made.create()
    words = "a synthetic note about a synthetic place"
    _import(made, tmp_path, "a.geojson", _feature(1, note=words), _feature(2, note=f"{words} too"))
    # somebody else said something else about the first one
    _import(made, tmp_path, "b.geojson", _feature(1, note="another synthetic opinion"), author="Luis")
    return made


@pytest.fixture
def server(store: Store, desk_page: bytes) -> Iterator[DeskServer]:
    with DeskServer(store, desk_page, policy=policy_of(desk_page), port=0) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def window(browser: Browser, server: DeskServer) -> Iterator[Callable[..., Page]]:
    contexts = []

    def opens(link: str | None = None, state: str = "") -> Page:
        context = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.goto((link or server.link()) + state)
        return page

    yield opens
    for context in contexts:
        context.close()


def _decide(page: Page, by: str, reason: str) -> None:
    page.locator("#act-by").fill(by)
    page.locator("#act-reason").fill(reason)
    page.locator("#act-do").click()


def test_a_conflict_is_resolved_side_by_side_by_the_change_that_the_command_writes(
    window: Callable[..., Page], store: Store
) -> None:
    page = window()
    expect(page.locator("#store-counts")).to_have_text("2 records, 1 in conflict, 1 likely duplicates")
    page.locator("#queue button").first.click()
    sides = page.locator(".conflict .side")
    expect(sides).to_have_count(2)
    page.locator(".side", has_text="another synthetic opinion").locator(".keep").click()
    _decide(page, "Luz", "asked them both")
    expect(page.locator(".conflict")).to_have_count(0)
    with store.reading() as view:
        state = view.state(FIRST)
        assert (state.value("note"), state.conflicts) == ("another synthetic opinion", {})
        assert state.value("decision")["decided_by"] == "Luz"


def test_keys_do_what_buttons_do_and_never_while_somebody_types(window: Callable[..., Page], store: Store) -> None:
    page = window()
    page.locator("#queue button").first.wait_for()
    page.locator("#by").fill("ara")
    expect(page.locator("dialog")).to_have_count(0)
    page.locator("#panel-body").focus()
    page.keyboard.press("j")
    page.locator("#detail-title").wait_for()
    page.keyboard.press("a")
    expect(page.locator("#act-by")).to_have_value("ara")
    page.locator("#act-do").click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("#detail header")).to_contain_text("accepted")
    with store.reading() as view:
        assert view.state(FIRST).status == "accepted"


def test_the_second_of_two_people_sees_a_conflict_and_writes_over_nothing(
    window: Callable[..., Page], store: Store
) -> None:
    page = window()
    page.locator(f'#queue button[data-id="{SECOND}"]').click()
    page.locator("#detail-title").wait_for()
    review(store, [SECOND], Review(by="Luis", status="rejected", reason="seen twice"))
    page.locator("#accept").click()
    _decide(page, "Luz", "")
    expect(page.locator("#stale")).to_contain_text("Review")
    expect(page.locator("#stale")).to_contain_text("Rejected")
    with store.reading() as view:
        assert view.state(SECOND).status == "rejected"


def test_a_link_opens_one_window_once(window: Callable[..., Page], server: DeskServer) -> None:
    link = server.link()
    first = window(link)
    expect(first.locator("#queue button")).to_have_count(2)
    assert "desk=" not in first.url
    first.reload()
    expect(first.locator("#queue button")).to_have_count(2)
    second = window(link)
    expect(second.locator("#desk-status")).to_contain_text("a link opens one window, once")
    expect(second.locator("#queue button")).to_have_count(0)


def test_what_is_missing_is_said_in_the_readers_language(window: Callable[..., Page], store: Store) -> None:
    page = window(state="&lang=es")
    page.locator("#queue button").first.click()
    expect(page.locator(".alike > .quiet").first).to_have_text(
        re.compile("^a 1 m, el mismo día, notas iguales en un [0-9]+\\s%$")
    )
    page.keyboard.press("e")
    page.locator("#act-do").click()
    expect(page.locator("dialog .fault")).to_have_text("Falta responder: Por qué y Quién decide")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.locator("#act-class").select_option("open")
    page.locator("#act-do").click()
    expect(page.locator("dialog .fault")).to_contain_text("¿")
    with store.reading() as view:
        assert {state.sensitivity for state in view.states()} == {"restricted"}


def test_on_a_phone_a_record_that_is_chosen_comes_into_sight(window: Callable[..., Page]) -> None:
    page = window()
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("#queue button").first.click()
    expect(page.locator("#detail-title")).to_be_in_viewport()


def test_hostile_words_stay_words(window: Callable[..., Page], store: Store, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=\"document.title='gone'\"> \u202e${alert(1)}"
    _import(store, tmp_path, "c.geojson", _feature(7, note=hostile, category=hostile, strange=hostile), author=hostile)
    page = window()
    page.locator(f'#queue button[data-id="{_feature(7)["id"]}"]').click()
    expect(page.locator("#detail .fields")).to_contain_text("<img src=x")
    assert page.title() != "gone"


@pytest.mark.parametrize("state", ["&lang=en&theme=light", "&lang=es&theme=dark"])
def test_axe_finds_nothing_at_the_desk(window: Callable[..., Page], axe: str, state: str) -> None:
    page = window(state=state)
    page.locator("#queue button").first.click()
    page.locator("#detail-title").wait_for()
    page.evaluate(axe)
    assert _grave(page) == []
    page.keyboard.press("c")
    page.locator("#act-do").wait_for()
    assert _grave(page) == []
    page.keyboard.press("Escape")
    page.locator("#receive").click()
    page.locator("#receive-code canvas").wait_for()
    assert _grave(page) == []


@pytest.fixture(scope="session")
def axe(repo: Path) -> str:
    return (node.packages(repo / "web") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def _grave(page: Page) -> list[str]:
    faults = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], preload: false})")["violations"]
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:200]}"
        for fault in faults
        if fault["impact"] in {"moderate", "serious", "critical"}
    ]


# ── the hand-over ─────────────────────────────────────────────────────────
# what a decoder makes of the pixels that are really on the canvas
DRAWN = """() => {
  const canvas = document.querySelector("#receive-code canvas");
  return Atlas.codes.readFrom(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height));
}"""
READ_BACK = """(text) => {
  const canvas = Atlas.codes.picture(text, "");
  return Atlas.codes.readFrom(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height));
}"""
NOTES = """async (count) => {
  const { sync } = Atlas.notes;
  const changes = [];
  for (let n = 0; n < count; n += 1) {
    const id = crypto.randomUUID();
    const values = { category: "observation", note: `synthetic ${n}`, sensitivity: "restricted" };
    for (const [field, value] of Object.entries(values)) changes.push(sync.change(id, field, value, []));
  }
  await sync.commit(changes);
}"""


RANDOM = "Array.from(crypto.getRandomValues(new Uint8Array(6000)), (b) => String.fromCharCode(33 + (b % 90))).join('')"


@pytest.fixture
def phone(browser: Browser, maps: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto((maps / "annotate.html").as_uri())
    page.locator("#add").wait_for()
    page.locator("#handle").click()
    yield page
    context.close()


def _linked(page: Page, phone: Page) -> None:
    """Offer and answer carried by hand, as texts; what a camera would read is drawn on the screen as well."""
    page.locator("#receive").click()
    page.locator("#receive-code canvas").wait_for()
    page.locator("dialog details summary").click()
    offer = page.locator("#offer-text")
    expect(offer).to_have_value(re.compile("ATLAS-LINK"))
    assert page.evaluate(DRAWN) == offer.input_value()
    phone.locator("#hand-link").click()
    phone.locator("#code-text").fill(offer.input_value())
    phone.locator("#code-use").click()
    answer = phone.locator("#answer-text")
    expect(answer).to_have_value(re.compile("ATLAS-LINK"))
    page.locator("#answer-text").fill(answer.input_value())


def test_notes_cross_a_data_channel_and_come_home_with_a_receipt(
    window: Callable[..., Page], phone: Page, store: Store
) -> None:
    phone.evaluate(NOTES, 37)
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 37 · handed over: 0 · at home: 0")
    _linked(window(), phone)
    expect(phone.locator("#link-status")).to_contain_text(
        "37 of 37 notes are in store team.gpkg, digest", timeout=90_000
    )
    phone.locator("#link-close").click()
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 0 · handed over: 0 · at home: 37")
    with store.reading() as view:
        assert (
            sum(
                state.value("note") is not None and state.value("note").startswith("synthetic ")
                for state in view.states()
            )
            == 37
        )
    # the receipt stands beside the notes, also after the page was closed, and holds years later
    phone.reload()
    phone.locator("#handle").click()
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 0 · handed over: 0 · at home: 37")
    with phone.expect_download() as saved:
        phone.locator(".receipts button").first.click()
    receipt = parsed(json.loads(Path(saved.value.path()).read_text(encoding="utf-8")))
    assert faults_in(receipt, kept_key(store), store) == []
    # a note that is written later is only here again
    phone.evaluate(NOTES, 1)
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 1 · handed over: 0 · at home: 37")


def test_what_came_of_it_stays_on_the_screen_when_the_desk_is_slow(window: Callable[..., Page], phone: Page) -> None:
    phone.evaluate(NOTES, 3)
    page = window()

    def slow(route: Route) -> None:
        # meanwhile the phone offers its set again, twice or more, and each offer is answered with the receipt
        if "piece" in str(route.request.post_data):
            page.wait_for_timeout(5_000)
        route.continue_()

    page.route("**/api/handover", slow)
    _linked(page, phone)
    expect(phone.locator("#link-status")).to_contain_text("3 of 3 notes", timeout=90_000)
    phone.wait_for_timeout(2_500)
    expect(phone.locator("#link-status")).to_contain_text("3 of 3 notes are in store team.gpkg, digest", timeout=1)


def test_a_desk_that_fails_says_so_on_the_phone_and_takes_the_notes_when_it_is_well(
    window: Callable[..., Page], phone: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.evaluate(NOTES, 3)
    page = window()
    ill = Event()
    ill.set()

    def taken(*given: Any) -> Arrival:
        if ill.is_set():
            msg = "nobody foresaw this"
            raise RuntimeError(msg)
        return take_in(*given)

    monkeypatch.setattr(reception, "take_in", taken)
    _linked(page, phone)
    expect(phone.locator("#link-status")).to_contain_text("The desk could not take them in")
    expect(page.locator("#receive-status")).to_contain_text("RuntimeError: nobody foresaw this")
    ill.clear()
    expect(phone.locator("#link-status")).to_contain_text("3 of 3 notes")


def test_receipts_of_stores_with_any_name_are_read_from_their_code(window: Callable[..., Page]) -> None:
    page = window()
    text = '{"store":"almacén 🗺.gpkg"}'
    assert page.evaluate(READ_BACK, text) == text


def test_what_needs_the_store_waits_until_the_desk_is_open(window: Callable[..., Page], server: DeskServer) -> None:
    page = window("about:blank")
    asked: list[str] = []

    def late(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            # as on a machine that has other work: the first one finds nobody
            route.abort()
            return
        page.wait_for_timeout(1_000)
        route.continue_()

    page.route("**/api/open", late)
    page.goto(server.link())
    expect(page.locator("#desk-status")).to_contain_text("does not answer")
    expect(page.locator("#receive")).to_be_disabled()
    expect(page.locator("#new-link")).to_be_disabled()
    page.keyboard.press("n")
    expect(page.locator("dialog")).to_have_count(0)
    page.locator("#receive").click()
    page.locator("#receive-code canvas").wait_for()
    page.keyboard.press("Escape")
    page.route("**/api/key*", lambda route: route.abort())
    page.locator("#receive").click()
    expect(page.locator("dialog .fault").first).to_contain_text("The desk does not answer")


def test_a_hand_over_goes_on_where_it_was_cut(window: Callable[..., Page], phone: Page, store: Store) -> None:
    # words that nothing packs: about 30 pieces
    phone.evaluate(NOTES.replace("`synthetic ${n}`", f"`synthetic ${{n}} ${{{RANDOM}}}`"), 60)
    page = window()
    sent: list[int] = []
    cut = False

    def wire(route: Route) -> None:
        messages = json.loads(str(route.request.post_data))["messages"]
        pieces = [message["n"] for message in messages if message["kind"] == "piece"]
        if not cut and len(sent) >= 4 and pieces:
            # as when the laptop goes to sleep: what was sent is lost, and the connection with it
            route.abort()
            return
        sent.extend(pieces)
        route.continue_()

    page.route("**/api/handover", wire)
    _linked(page, phone)
    expect(page.locator("#receive-status")).to_contain_text("does not answer")
    page.locator("#receive-close").click()
    expect(phone.locator("#link-status")).to_contain_text("The connection broke")
    phone.locator("#link-close").click()
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 60 · handed over: 0 · at home: 0")
    cut, before = True, len(sent)
    _linked(page, phone)
    expect(phone.locator("#link-status")).to_contain_text("60 of 60 notes", timeout=60_000)
    assert before >= 4
    # no piece that had arrived was sent again
    assert len(sent) == len(set(sent))
    with store.reading() as view:
        assert sum(str(state.value("note")).startswith("synthetic ") for state in view.states()) == 60


def test_a_file_goes_home_and_its_receipt_comes_back(window: Callable[..., Page], phone: Page, tmp_path: Path) -> None:
    phone.evaluate(NOTES, 3)
    page = window()
    page.locator("#receive").click()
    page.locator("#receive-code canvas").wait_for()
    phone.locator("#hand-store").click()
    phone.locator("#code-text").fill(page.locator("#card-text").input_value())
    phone.locator("#code-use").click()
    expect(phone.locator("dialog .fingerprint")).to_have_text(page.locator("dialog .fingerprint code").inner_text())
    phone.locator("#store-yes").click()
    with phone.expect_download() as handed:
        phone.locator("#hand-file").click()
    phone.locator("#hand-told").click()
    sealed = tmp_path / "notes.atlashandover"
    handed.value.save_as(sealed)
    assert b"synthetic" not in sealed.read_bytes()
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 0 · handed over: 3 · at home: 0")
    phone.locator("#erase").click()
    expect(phone.locator("dialog .warning")).to_contain_text("Handed over without a receipt: 3")
    phone.keyboard.press("Escape")
    with page.expect_download() as given:
        page.locator("#receive-file").set_input_files(sealed)
    receipt = tmp_path / "notes.atlasreceipt"
    given.value.save_as(receipt)
    phone.locator("#receipt-file").set_input_files(receipt)
    phone.locator("#hand-told").click()
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 0 · handed over: 0 · at home: 3")
    altered = tmp_path / "altered.json"
    altered.write_text(receipt.read_text(encoding="utf-8").replace('"of": 3', '"of": 4'), encoding="utf-8")
    phone.locator("#receipt-file").set_input_files(altered)
    expect(phone.locator("dialog")).to_contain_text("its signature is wrong")


def _film(phone: Page, path: Path) -> int:
    """What a camera sees of the codes that a phone shows, as a film that Chromium takes for its camera."""
    status, canvas = phone.locator("dialog .hint").last, phone.locator("dialog canvas")
    pictures: dict[str, bytes] = {}
    count = int(str(re.search(r"of (\d+)", status.inner_text())[1]))  # type: ignore[index]
    while len(pictures) < count:
        before = status.inner_text()
        picture = canvas.screenshot()
        if status.inner_text() == before:
            pictures[before] = picture
    width, height = 640, 480
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode())
        for picture in pictures.values():
            code = Image.open(BytesIO(picture)).convert("L").resize((440, 440))
            view = Image.new("L", (width, height), 90)
            view.paste(code, (100, 20))
            for _ in range(6):
                film.write(b"FRAME\n" + view.tobytes() + bytes([128]) * (width * height // 2))
    return count


@pytest.mark.long
def test_codes_cross_from_screen_to_camera_without_a_network(
    browser: Browser, phone: Page, server: DeskServer, store: Store, tmp_path: Path
) -> None:
    phone.evaluate(NOTES, 12)
    phone.locator("#hand-store").click()
    phone.locator("#code-text").fill(server.reception.key.public.card)
    phone.locator("#code-use").click()
    phone.locator("#store-yes").click()
    phone.locator("#hand-codes").click()
    assert _film(phone, tmp_path / "camera.y4m") > 1
    options = [*browsers.BARE, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    options.append(f"--use-file-for-fake-video-capture={tmp_path / 'camera.y4m'}")
    program = browsers.find(browsers.CHROMIUM)
    with_camera = browser.browser_type.launch(executable_path=program, args=options)
    try:
        page = with_camera.new_page()
        page.goto(server.link())
        page.locator("#receive").click()
        expect(page.locator("#receive-status")).to_contain_text("12 of 12 notes", timeout=180_000)
        # the receipt is small enough for a code that the phone reads
        receipt = page.evaluate(DRAWN)
    finally:
        with_camera.close()
    phone.locator("#codes-receipt").click()
    phone.locator("#code-text").fill(receipt)
    phone.locator("#code-use").click()
    phone.locator("#hand-told").click()
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 0 · handed over: 0 · at home: 12")
    with store.reading() as view:
        assert sum(str(state.value("note")).startswith("synthetic ") for state in view.states()) == 12


# ── from phone to phone ───────────────────────────────────────────────────
@pytest.fixture
def courier(browser: Browser, repo: Path, tmp_path: Path) -> Iterator[Page]:
    path = tmp_path / "courier.html"
    path.write_bytes(render_courier_page(open_published_atlas(find_project(repo))))
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(path.as_uri())
    yield page
    context.close()


def test_the_switches_of_a_courier_are_whole(courier: Page) -> None:
    """Buttons of the page itself are broad, and cut the sign of a small one."""
    inside = """(button) => {
      const [outer, sign] = [button, button.firstElementChild].map((node) => node.getBoundingClientRect());
      return sign.left >= outer.left && sign.right <= outer.right && Math.abs(outer.width - outer.height) < 2;
    }"""
    assert courier.locator("#theme").evaluate(inside)
    assert courier.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def _knowing(courier: Page, card: str) -> None:
    courier.locator("#read-card").click()
    courier.locator("#code-text").fill(card)
    courier.locator("#code-use").click()
    courier.locator("#take").wait_for()


def _answered(offering: Page, answering: Page, begin: str) -> None:
    """What the cameras of two phones would carry, by hand."""
    offering.locator("dialog details summary").click()
    offer = offering.locator("#offer-text")
    expect(offer).to_have_value(re.compile("ATLAS-LINK"))
    answering.locator(begin).click()
    answering.locator("#code-text").fill(offer.input_value())
    answering.locator("#code-use").click()
    answer = answering.locator("#answer-text")
    expect(answer).to_have_value(re.compile("ATLAS-LINK"))
    offering.locator("#answer-text").fill(answer.input_value())


def test_a_courier_carries_notes_home_and_the_receipt_back(
    window: Callable[..., Page], phone: Page, courier: Page, store: Store
) -> None:
    phone.evaluate(NOTES, 5)
    _knowing(courier, store_key(store).public.card)
    courier.locator("#take").click()
    _answered(courier, phone, "#hand-link")
    expect(courier.locator("#take-status")).to_contain_text("are here, sealed")
    courier.locator("#take-close").click()
    expect(phone.locator("#link-status")).to_contain_text("All of it is there")
    phone.locator("#link-close").click()
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 0 · handed over: 5 · at home: 0")
    # nothing of it can be read, and it is on the disk of the phone that carries it
    courier.reload()
    expect(courier.locator("#carried li")).to_have_count(1)
    with courier.expect_download() as carried:
        courier.locator("#carried button", has_text="Pass on as a file").click()
    assert b"synthetic" not in Path(carried.value.path()).read_bytes()
    desk = window()
    desk.locator("#receive").click()
    desk.locator("#receive-code canvas").wait_for()
    _answered(desk, courier, "#give")
    expect(courier.locator("#give-status")).to_contain_text("1 of 1 are at home", timeout=90_000)
    courier.locator("#give-close").click()
    with store.reading() as view:
        assert sum(str(state.value("note")).startswith("synthetic ") for state in view.states()) == 5
    expect(courier.locator("#carried li")).to_contain_text("5 of 5 notes are in store team.gpkg")
    with courier.expect_download() as saved:
        courier.locator("#carried button", has_text="Save").click()
    phone.locator("#receipt-file").set_input_files(saved.value.path())
    phone.locator("#hand-told").click()
    expect(phone.locator("#hand-counts")).to_have_text("Only here: 0 · handed over: 0 · at home: 5")


def test_what_a_courier_is_given_and_cannot_carry_is_said(courier: Page, store: Store, tmp_path: Path) -> None:
    expect(courier.locator("#take")).to_have_count(0)
    stranger = tmp_path / "thesis.pdf"
    stranger.write_bytes(b"%PDF-1.7 of somebody")
    courier.locator("#courier-files").set_input_files(stranger)
    expect(courier.locator("#courier-status")).to_contain_text("thesis.pdf is neither notes")
    forged = tmp_path / "forged.atlasreceipt"
    forged.write_text('{"format": "atlas-field-receipt", "version": 1, "body": {}, "key": {}}', encoding="utf-8")
    courier.locator("#courier-files").set_input_files(forged)
    expect(courier.locator("#courier-status")).to_contain_text("its signature is wrong")
    # the code of a store and nothing else
    courier.locator("#read-card").click()
    courier.locator("#code-text").fill("ATLAS-STORE 1 nothing nothing")
    courier.locator("#code-use").click()
    expect(courier.locator("dialog .fault")).to_contain_text("not the code that is needed")
    courier.keyboard.press("Escape")
    _knowing(courier, store_key(store).public.card)


@pytest.mark.parametrize("state", ["#lang=en&theme=light", "#lang=es&theme=dark"])
def test_axe_finds_nothing_at_the_courier(courier: Page, axe: str, store: Store, state: str) -> None:
    courier.goto(courier.url.partition("#")[0] + state)
    courier.reload()
    _knowing(courier, store_key(store).public.card)
    courier.evaluate(axe)
    assert _grave(courier) == []
    courier.locator("#take").click()
    courier.locator("#take-code canvas").wait_for()
    assert _grave(courier) == []


# ── cut two hundred times ─────────────────────────────────────────────────
RUNS, AT_ONCE = 200, 4


@pytest.mark.long
@pytest.mark.slow(90)
def test_no_cut_of_a_data_channel_loses_doubles_or_invents_a_change(
    window: Callable[..., Page], store: Store, repo: Path
) -> None:
    esbuild = [node.node(), str(node.packages(repo / "web") / "esbuild" / "bin" / "esbuild")]
    command = [*esbuild, str(Path(__file__).with_name("cuts.mjs")), *OPTIONS, "--global-name=Cuts"]
    script = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    page = window()
    page.locator("#queue button").first.wait_for()
    page.evaluate(f"{script};globalThis.Cuts = Cuts;0")
    with store.reading() as view:
        before = {change.change_id for change in view.changes()}
    card, outcomes = store_key(store).public.card, []
    for first in range(0, RUNS, AT_ONCE):
        seeds = list(range(first, first + AT_ONCE))
        outcomes += page.evaluate(
            "([seeds, card]) => Promise.all(seeds.map((seed) => Cuts.run(seed, card)))", [seeds, card]
        )
    assert all(outcome["home"] for outcome in outcomes)
    sent = [change_id for outcome in outcomes for change_id in outcome["ids"]]
    with store.reading() as view:
        came = [change.change_id for change in view.changes() if change.change_id not in before]
    assert sorted(came) == sorted(sent)
    assert sum(outcome["cuts"] for outcome in outcomes) > RUNS / 4
